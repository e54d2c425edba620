"""How an account holder is reached outside the site: a registry that a room above fills at start-up.

People knows no telephones. Whoever does says whose proved number this is, and takes a code there; that room decides by
which channel.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from shixun.people.models import User


@dataclass(frozen=True, slots=True)
class Reach:
    """``persons_at(text)``: ids of the persons who proved that this number or address is theirs, as a subquery.

    ``send_code(user=, code=, at=)``: takes a code to her proved addresses; to how many. ``is_open()``: is there a way?
    """

    persons_at: Callable[[str], QuerySet]
    send_code: Callable[..., int]
    is_open: Callable[[], bool]


_reaches: list[Reach] = []


def register_reach(reach: Reach) -> None:
    """Declare the way to reach account holders. Raises ``ValueError`` for a second one."""
    if _reaches and _reaches != [reach]:
        raise ValueError("two rooms want to reach account holders; only one may")
    _reaches[:] = [reach]


def persons_at(text: str) -> QuerySet | None:
    """Ids of the persons reached there, as a subquery; None while nobody can tell."""
    return _reaches[0].persons_at(text) if _reaches else None


def is_open() -> bool:
    """Can a code be sent at all?"""
    return bool(_reaches) and _reaches[0].is_open()


def send_code(*, user: User, code: str, at: datetime) -> int:
    """Take a code to somebody's proved addresses; to how many."""
    return _reaches[0].send_code(user=user, code=code, at=at) if _reaches else 0
