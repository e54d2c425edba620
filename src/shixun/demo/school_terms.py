"""The school terms in which training takes place, and which of them are over on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_FIRST_YEAR, _YEARS = 2016, 5
RECOGNISED_WITHIN = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """A term; ``number`` counts from the spring of 2016 on. Both days belong to it."""

    number: int
    name: str
    starts_on: date
    ends_on: date

    @property
    def year(self) -> int:
        return self.starts_on.year


def _terms() -> Iterator[SchoolTerm]:
    for year in range(_FIRST_YEAR, _FIRST_YEAR + _YEARS):
        half = 2 * (year - _FIRST_YEAR)
        yield SchoolTerm(half, f"{year - 1}学年第二学期", date(year, 2, 22), date(year, 6, 26))
        yield SchoolTerm(half + 1, f"{year}学年第一学期", date(year, 9, 2), date(year, 12, 8))


TERMS: tuple[SchoolTerm, ...] = tuple(_terms())


def terms_over(on: date) -> int:
    """How many terms are over on a day, and their credits recognised."""
    return sum(term.ends_on + RECOGNISED_WITHIN <= on for term in TERMS)


def first_term_from(day: date) -> int:
    """The number of the first term that begins on a day or later; the number of all terms if none does."""
    return next((term.number for term in TERMS if term.starts_on >= day), len(TERMS))
