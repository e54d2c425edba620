"""Geometry of the small server-drawn pictures: standing ring, requirement bar, distribution, heat cells.

Amounts come in as hundredths and leave as positions in a drawing; colour is a class, so that one sheet decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

GAP = Fraction(9, 10)
"""Empty part between two arcs, in percent of the circle."""

HEAT_STEPS = (Fraction(95, 100), Fraction(85, 100), Fraction(70, 100), Fraction(50, 100))
"""Lower bounds of the heat classes 0 … 3; below the last one is class 4 (most in need, darkest)."""


def _position(value: Fraction | int) -> str:
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def _dashes(length: Fraction) -> str:
    """A dash and the gap that completes the circle, so that the pattern never begins a second time."""
    return f"{_position(length)} {_position(100 - length)}"


@dataclass(frozen=True, slots=True)
class Arc:
    """What was earned at one level, in hundredths; ``level`` is the id that gives the colour."""

    level: str
    label: str
    have: int


@dataclass(frozen=True, slots=True)
class DrawnArc:
    """One arc in percent of the circle, and where it begins."""

    level: str
    label: str
    have: int
    offset: str
    dashes: str


def ring_arcs(arcs: Sequence[Arc], need: int) -> list[DrawnArc]:
    """Arcs around a circle of circumference 100 that stands for ``need``, or for all there is where that is more.

    Their sum is the total in the middle, so what stays pale is what is missing.
    """
    parts = [arc for arc in arcs if arc.have > 0]
    whole = max(need, sum(arc.have for arc in parts)) or 1
    drawn, start = [], Fraction(0)
    for arc in parts:
        length = Fraction(arc.have * 100, whole)
        shown = max(length / 2, length - (GAP if len(parts) > 1 else 0))
        # A dash offset of 25 lets the first arc begin at the top of the circle.
        drawn.append(DrawnArc(arc.level, arc.label, arc.have, _position(25 - start), _dashes(shown)))
        start += length
    return drawn


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A requirement bar in percent of its width; ``over`` is what lies beyond the need."""

    own: str
    moved_at: str
    moved: str
    short_at: str
    short: str
    need_at: str
    has_moved: bool
    has_short: bool


def requirement_bar(own: int, moved: int, need: int) -> DrawnBar:
    """A bar as long as the larger of have and need; an empty requirement is an empty bar."""
    have = own + moved
    scale = max(have, need, 1)

    def part(amount: int) -> str:
        return _position(Fraction(amount * 100, scale)) + "%"

    short = max(0, need - have)
    return DrawnBar(part(own), part(own), part(moved), part(have), part(short), part(need), moved > 0, short > 0)


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """One column of a distribution, in units of its drawing; ``middle`` is where its label stands."""

    label: str
    count: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    label_y: str
    marked: bool
    url: str = ""


def distribution_columns(
    buckets: Sequence[tuple[str, int] | tuple[str, int, str]], *, width: int, height: int, marked: str = ""
) -> list[DrawnColumn]:
    """Columns of ``(label, count)``, with the address behind it where there is one, in a box.

    At least one unit high where anybody is, so that nobody vanishes.
    """
    most = max((bucket[1] for bucket in buckets), default=0) or 1
    step = Fraction(width, max(len(buckets), 1))
    drawn = []
    for index, (label, number, *address) in enumerate(buckets):
        tall = max(Fraction(number * height, most), Fraction(1)) if number else Fraction(0)
        left = step * index + step / 10
        drawn.append(
            DrawnColumn(
                label,
                number,
                _position(left),
                _position(height - tall),
                _position(step * Fraction(4, 5)),
                _position(tall),
                _position(left + step * Fraction(2, 5)),
                _position(height - tall - 4),
                label == marked,
                address[0] if address and number else "",
            )
        )
    return drawn


def heat_class(share: Fraction | None) -> str:
    """The class of a heat cell by the share met: the darker, the more there is to do; ``heat-none`` without people."""
    if share is None:
        return "heat-none"
    for step, bound in enumerate(HEAT_STEPS):
        if share >= bound:
            return f"heat-{step}"
    return f"heat-{len(HEAT_STEPS)}"


def heat_legend() -> list[tuple[str, str]]:
    """Class and words of every heat step, best first."""
    bounds = [int(bound * 100) for bound in HEAT_STEPS]
    words = [f"{bounds[0]}% 以上"]
    words += [f"{low}–{high}%" for high, low in pairwise(bounds)]
    words.append(f"不足 {bounds[-1]}%")
    return [(f"heat-{step}", text) for step, text in enumerate(words)]
