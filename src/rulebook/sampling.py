"""What a sample says of the rest: the most that may be wrong in a list of which some were looked at in full.

The bound is the exact hypergeometric one (drawn without replacement, no approximation): the largest number of wrong
items under which a sample as good as the one seen still has a chance above 1 − confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

CONFIDENCE = Fraction(95, 100)


@dataclass(frozen=True, slots=True)
class ErrorBound:
    """Of ``number`` items ``seen`` were looked at and ``wrong`` found wrong; at most ``most`` are wrong in all."""

    number: int
    seen: int
    wrong: int
    most: int
    confidence: Fraction

    @property
    def rate(self) -> Fraction:
        return Fraction(self.most, self.number) if self.number else Fraction(0)


def chance_of_at_most(wrong: int, *, number: int, bad: int, seen: int) -> Fraction:
    """The exact chance to find at most ``wrong`` bad items in ``seen`` drawn from ``number`` with ``bad`` bad ones."""
    ways = sum(comb(bad, found) * comb(number - bad, seen - found) for found in range(min(wrong, seen) + 1))
    return Fraction(ways, comb(number, seen))


def error_bound(number: int, seen: int, wrong: int, confidence: Fraction = CONFIDENCE) -> ErrorBound:
    """The upper limit for the number of wrong items. Raises ``ValueError`` for figures that cannot be."""
    if not 0 <= wrong <= seen <= number:
        raise ValueError(f"{wrong} wrong of {seen} seen of {number} cannot be")
    low, high = wrong, number - (seen - wrong)
    # The chance falls as the number of bad items grows, so the last one above the limit is found by halving.
    while low < high:
        middle = (low + high + 1) // 2
        if chance_of_at_most(wrong, number=number, bad=middle, seen=seen) > 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return ErrorBound(number, seen, wrong, low, confidence)
