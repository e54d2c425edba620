"""School years, terms and cycles: September to August with the second term from February, unless an area says other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rulebook.periods import Cycle, cycle_containing
from shixun.people.models import Organisation
from shixun.people.queries import ancestor_paths
from shixun.terms.models import SchoolYear

_STARTS, _SECOND = (9, 1), (2, 1)
# The first cycle of five years, and a day no plan runs beyond.
_FIRST_CYCLE, _YEARS, _FOR_EVER = date(2016, 1, 1), 5, date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """One of the two terms of a school year; ``valid_until`` no longer belongs to it."""

    year: int
    number: int
    valid_from: date
    valid_until: date

    @property
    def name(self) -> str:
        return f"{self.year}学年第{'一' if self.number == 1 else '二'}学期"


def school_year_of(day: date, organisation: Organisation | None = None) -> int:
    """The school year of a day, named by the year it begins in; an area's own dates count where it has set them."""
    return term_of(day, organisation).year


def term_of(day: date, organisation: Organisation | None = None) -> SchoolTerm:
    """The term of a day."""
    return _term(day, _own_year(day, organisation))


def _term(day: date, own: SchoolYear | None) -> SchoolTerm:
    """The term of a day by the dates an area has set, else by the usual ones."""
    if own is not None and own.valid_until is not None:
        if day < own.second_term_from:
            return SchoolTerm(own.number, 1, own.valid_from, own.second_term_from)
        return SchoolTerm(own.number, 2, own.second_term_from, own.valid_until)
    year = day.year if (day.month, day.day) >= _STARTS else day.year - 1
    second = date(year + 1, *_SECOND)
    if day < second:
        return SchoolTerm(year, 1, date(year, *_STARTS), second)
    return SchoolTerm(year, 2, second, date(year + 1, *_STARTS))


def year_bounds(number: int, organisation: Organisation | None = None) -> tuple[date, date]:
    """The first day of a school year and the first day after it."""
    term, other = (term_of(day, organisation) for day in _inside(number))
    return term.valid_from, other.valid_until


def bounds_of_years(years: Iterable[tuple[int, Organisation]]) -> list[tuple[date, date]]:
    """The bounds of several school years, each at its place, in the same order; one query for all."""
    wanted = list(years)
    paths = {path for _, place in wanted for path in ancestor_paths(place.path)}
    own = list(SchoolYear.objects.filter(organisation__path__in=paths).select_related("organisation")) if paths else []
    own.sort(key=lambda row: row.organisation.path)

    def term(day: date, place: Organisation) -> SchoolTerm:
        nearest = [row for row in own if place.path.startswith(row.organisation.path) and row.is_in_force(day)]
        return _term(day, nearest[-1] if nearest else None)

    found = []
    for number, place in wanted:
        first, second = (term(day, place) for day in _inside(number))
        found.append((first.valid_from, second.valid_until))
    return found


def _inside(number: int) -> tuple[date, date]:
    """A day of each term of a school year, whatever its dates are."""
    return date(number, 12, 1), date(number + 1, 5, 1)


def cycle_of(day: date) -> Cycle:
    """The cycle of five years of a day, as the national plans count them: 2016 to 2020, 2021 to 2025."""
    return cycle_containing(_FIRST_CYCLE, _YEARS, _FOR_EVER, day)


def _own_year(day: date, organisation: Organisation | None) -> SchoolYear | None:
    if organisation is None:
        return None
    rows = SchoolYear.objects.in_force(day).filter(organisation__path__in=ancestor_paths(organisation.path))
    return rows.order_by("-organisation__path").first()
