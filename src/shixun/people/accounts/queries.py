"""Questions about accounts: whom a typed name means, what she has signed in from, whether she is locked out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from shixun.kernel import audit
from shixun.kernel.fields import keyed_digest
from shixun.people.accounts import reach
from shixun.people.accounts.choices import EVENTS
from shixun.people.accounts.models import AccountLock, Session
from shixun.people.choices import IdentifierKind
from shixun.people.models import Identifier, User

# An identity number is no name to sign in with: it would have to be typed, and so be read by others.
NUMBERS = (IdentifierKind.TEACHER_NUMBER, IdentifierKind.CONTINUING_NUMBER)
_LATEST = 20


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of what happened to an account lately."""

    at: datetime
    words: str
    detail: str
    address: str


def account_named(text: str) -> User | None:
    """The one account that may be meant by a name, a proved telephone number or a teacher number.

    An account name comes first; where a number fits several accounts none is meant. One query, whatever is typed.
    """
    name = text.strip()
    digests = [keyed_digest(name.upper(), kind) for kind in NUMBERS]
    held = Identifier.objects.filter(kind__in=NUMBERS, digest__in=digests, valid_until=None).values("person_id")
    meant = Q(username=name) | Q(person__in=held)
    reached = reach.persons_at(name)
    if reached is not None:
        meant |= Q(person__in=reached)
    found = list(User.objects.filter(meant).select_related("person")[:3])
    exact = [user for user in found if user.username == name]
    others = [user for user in found if user.is_active]
    if exact:
        return exact[0]
    return others[0] if len(others) == 1 else None


def sessions_of(user: User) -> QuerySet[Session]:
    """The sessions in which the account is signed in now, the one used last first."""
    return Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at")


def lock_of(user: User) -> AccountLock | None:
    """The lock that keeps an account from signing in now, the one without an end first."""
    return AccountLock.objects.filter(holding_now(), user=user).order_by(F("until").desc(nulls_first=True)).first()


def holding_now(prefix: str = "") -> Q:
    """Locks that hold at this moment; ``prefix`` names a relation."""
    return Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": timezone.now()})


def recent_happenings(user: User) -> list[Happening]:
    """The last things that happened to an account, from the trail."""
    events = audit.events_about(user.uuid, EVENTS)[:_LATEST]
    return [Happening(event.at, EVENTS[event.action], _detail(event.after), event.address) for event in events]


def _detail(after: Any) -> str:
    facts = after or {}
    return str(facts.get("device") or facts.get("words") or "")
