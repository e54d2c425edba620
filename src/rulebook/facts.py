"""What the rulebook is told about a person: plain facts, no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person as one policy sees her. ``profiles`` are ids of the policy; the base is added if none is named.

    ``layer`` is the policy's layer by title or duty for which a district may ask otherwise (PR-19); "" for none.
    """

    person: str
    profiles: tuple[str, ...] = ()
    entered_on: date | None = None
    senior_on: date | None = None
    released: bool = False
    layer: str = ""


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One ledger entry. ``credits`` and ``hours`` are hundredths, ``days`` whole days; a reversal is negative.

    ``level`` and ``category`` are empty for a degree. ``key`` names the entry for whoever asked (a ledger uuid).
    """

    earned_on: date
    level: str
    category: str
    form: str
    credits: int
    tags: frozenset[str] = field(default_factory=frozenset)
    hours: int = 0
    days: int = 0
    key: str = ""
