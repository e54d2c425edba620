"""How often one may try to sign in: per account and per network address, counted in the cache all workers share.

A try takes a free place before the password is looked at, so that tries made side by side count as well. A place is
free again after the window, or at once when the try succeeds.
"""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache


@dataclass(frozen=True, slots=True)
class Try:
    """The places one try holds."""

    places: tuple[str, ...]


def begin_try(username: str, address: str) -> Try | None:
    """Take a place for the account and one for the address; None when either has none left."""
    taken: list[str] = []
    for kind, name, limit in (
        ("account", username.strip().casefold(), settings.SIGN_IN_TRIES_PER_ACCOUNT),
        ("address", address, settings.SIGN_IN_TRIES_PER_ADDRESS),
    ):
        place = _take_place(f"sign-in:{kind}:{_short(name)}", limit)
        if place is None:
            cache.delete_many(taken)
            return None
        taken.append(place)
    return Try(tuple(taken))


def forgive(tried: Try, username: str) -> None:
    """The try succeeded: free its place at the address, and all places of the account."""
    account = f"sign-in:account:{_short(username.strip().casefold())}"
    places = [f"{account}:{number}" for number in range(settings.SIGN_IN_TRIES_PER_ACCOUNT)]
    cache.delete_many([*places, *tried.places])


def window_minutes() -> int:
    """How long one waits at most after too many tries, in whole minutes."""
    return -(-int(settings.SIGN_IN_WINDOW_SECONDS) // 60)


def _take_place(key: str, limit: int) -> str | None:
    places = [f"{key}:{number}" for number in range(limit)]
    # Reading first also clears places whose time is over; add() then lets only one of several workers have each.
    held = cache.get_many(places)
    for place in places:
        if place not in held and cache.add(place, 1, settings.SIGN_IN_WINDOW_SECONDS):
            return place
    return None


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
