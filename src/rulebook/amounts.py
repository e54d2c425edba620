"""Exact credits and hours: whole hundredths inside, decimal text outside, never a float.

An amount is an ``int`` of 1/100 credit (or 1/100 hour). Where a rule divides (a reduction of 3/5, a
half-integral optimum) the intermediate is a ``Fraction`` of hundredths, and is rounded up only to be shown.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

HUNDRED = 100
_PLAIN = re.compile(r"\+?\d{1,12}(\.\d{1,2})?\Z", re.ASCII)


class BadAmount(ValueError):
    """The text is not a decimal ≥ 0 with at most two places; the message says what was given."""


def parse_amount(text: str) -> int:
    """Hundredths of a decimal text such as ``"10.5"``: 1050. Raises ``BadAmount`` for anything else."""
    clean = text.strip()
    if not _PLAIN.match(clean):
        raise BadAmount(f"{text!r} is not a decimal ≥ 0 with at most two places")
    whole, _, part = clean.lstrip("+").partition(".")
    return int(whole) * HUNDRED + int(part.ljust(2, "0") or 0)


def show_amount(hundredths: int) -> str:
    """Decimal text with two places: 1050 → ``"10.50"``; negative amounts (reversals) keep their sign."""
    sign = "-" if hundredths < 0 else ""
    whole, part = divmod(abs(hundredths), HUNDRED)
    return f"{sign}{whole}.{part:02d}"


def ceil_hundredths(amount: int | Fraction) -> int:
    """Round an exact amount in hundredths up to a whole hundredth: a shortfall is never understated."""
    return math.ceil(amount)


def show_exact(amount: int | Fraction) -> str:
    """Exact text, in credits, of an amount in hundredths: ``"0.50"``, ``"0.005"``, or ``"1/3"`` if no decimal ends."""
    value = Fraction(amount)
    if value.denominator == 1:
        return show_amount(int(value))
    credits = value / HUNDRED
    for places in range(3, 10):
        scaled = credits * 10**places
        if scaled.denominator == 1:
            digits = str(abs(int(scaled))).rjust(places + 1, "0")
            return f"{'-' if scaled < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return str(credits)
