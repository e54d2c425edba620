"""The shapes of a standing: what one person has, needs and lacks, and why. Amounts are hundredths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class RequirementStanding:
    """One requirement under the chosen allocation. ``own`` counts without moves; ``counted`` includes moved credits.

    ``need`` is rounded up to a hundredth for showing; ``exact_need`` is what was judged.
    """

    id: str
    name: str
    need: int
    counted: int
    own: int
    short: int
    article: str
    exact_need: Fraction
    counts_text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a credit counts: level × category, course or autonomous form, with the tags it still carries."""

    level: str
    category: str
    form: str
    tags: tuple[str, ...]

    @property
    def path(self) -> str:
        """``city/knowledge``; ``degree`` for a degree that has not been placed."""
        return f"{self.level}/{self.category}" if self.level else self.form


@dataclass(frozen=True, slots=True)
class Move:
    """Credits counted elsewhere than where they were earned (冲抵), under one article."""

    source: Place
    target: Place
    credits: int
    article: str


@dataclass(frozen=True, slots=True)
class NewCredits:
    """Credits still to be earned in one place; ``then`` is where they would be counted if not there."""

    place: Place
    credits: int
    label: str
    then: Place | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to close the gap: what to earn, and the total."""

    parts: tuple[NewCredits, ...]
    total: int


@dataclass(frozen=True, slots=True)
class YearlyStanding:
    """A minimum of one calendar year. ``state`` is met, missed (the year is over) or open (still closable)."""

    id: str
    name: str
    year: int
    need: int
    counted: int
    met: bool
    state: str
    article: str
    unit: str = "credits"


@dataclass(frozen=True, slots=True)
class DatedStanding:
    """A requirement judged apart, in hours, days or credits of tagged entries, by a date. ``state`` as above."""

    id: str
    name: str
    due_on: date
    need: int
    counted: int
    met: bool
    state: str
    article: str
    unit: str


@dataclass(frozen=True, slots=True)
class Reason:
    """The binding row: requirements whose weighted needs exceed all that can count towards them.

    ``weights`` maps requirement id to its weight (1, or 1/2 on an odd cycle); ``need`` − ``supply`` = ``lack``,
    all three the weighted sums of the proof. ``helping`` names the kinds of place in which one more credit helps.
    """

    weights: dict[str, Fraction]
    need: Fraction
    supply: Fraction
    lack: Fraction
    helping: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything one policy says of one person on one day (credit-bank account of one base).

    ``earned`` is what makes up ``total_counted``: hundredths by level of earning, a degree under ``""``.
    """

    person: str
    policy: str
    on: date
    base: str
    profiles: tuple[str, ...]
    met: bool
    shortfall: int
    total_need: int
    total_counted: int
    earned: tuple[tuple[str, int], ...]
    requirements: tuple[RequirementStanding, ...]
    moves: tuple[Move, ...]
    ways: tuple[Way, ...]
    yearly: tuple[YearlyStanding, ...]
    dated: tuple[DatedStanding, ...]
    reason: Reason | None
    sentence: str
    notes: tuple[str, ...]
    left_out: int
    certificate: dict[str, Any]
