"""How often one may try: per account and per network address, counted in the cache all workers share.

A try takes a free place before the secret is looked at, so that tries made side by side count as well. A place is
free again after the window, or at once when the try succeeds. Passwords, second factors, recovery codes and codes sent
out are counted apart, each under its purpose. The real clock counts.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from shixun.people.models import User

SIGN_IN, FACTOR, RESET = "sign-in", "factor", "reset"
PURPOSES = (SIGN_IN, FACTOR, RESET)


@dataclass(frozen=True, slots=True)
class Try:
    """The places one try holds, and all places of its subject."""

    places: tuple[str, ...]
    places_of_subject: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """There is no place left before ``until`` (real time); ``by_subject`` tells an account from an address."""

    until: datetime
    by_subject: bool


def subject_of(user: User | None, typed: str) -> str:
    """One account is one subject by whichever of its names it is tried; an unknown name is a subject of its own."""
    return f"user {user.pk}" if user else f"name {typed.strip().casefold()}"


def begin_try(subject: str, address: str, *, purpose: str = SIGN_IN) -> Try | Wait:
    """Take a place for the subject and one for the address, or say until when one has to wait."""
    own = _places(purpose, "account", subject, settings.SIGN_IN_TRIES_PER_ACCOUNT)
    taken = _take(own)
    if isinstance(taken, datetime):
        return Wait(taken, by_subject=True)
    shared = _take(_places(purpose, "address", address, settings.SIGN_IN_TRIES_PER_ADDRESS))
    if isinstance(shared, datetime):
        cache.delete(taken)
        return Wait(shared, by_subject=False)
    return Try((taken, shared), own)


def forgive(tried: Try) -> None:
    """The try succeeded: free its place at the address, and all places of the subject."""
    cache.delete_many({*tried.places, *tried.places_of_subject})


def is_last(tried: Try) -> bool:
    """Has this try used up what its subject had?"""
    return len(cache.get_many(tried.places_of_subject)) == len(tried.places_of_subject)


def free(user: User) -> None:
    """Forget the failed tries of an account, whatever they were for."""
    for purpose in PURPOSES:
        cache.delete_many(_places(purpose, "account", subject_of(user, ""), settings.SIGN_IN_TRIES_PER_ACCOUNT))


def free_until() -> datetime:
    """When a window that begins now will be over."""
    return datetime.fromtimestamp(timezone.now().timestamp() + settings.SIGN_IN_WINDOW_SECONDS, UTC)


def _take(places: tuple[str, ...]) -> str | datetime:
    """A free place, or the moment at which the first will be free."""
    # Reading first also clears places whose time is over; add() then lets only one of several workers have each.
    held = cache.get_many(places)
    ends_at = free_until().timestamp()
    for place in places:
        if place not in held and cache.add(place, ends_at, settings.SIGN_IN_WINDOW_SECONDS):
            return place
    return datetime.fromtimestamp(min(held.values(), default=ends_at), UTC)


def _places(purpose: str, kind: str, name: str, limit: int) -> tuple[str, ...]:
    short = hashlib.sha256(name.encode()).hexdigest()[:32]
    return tuple(f"{purpose}:{kind}:{short}:{number}" for number in range(limit))
