"""Years and five-year cycles, as plain dates; both ends of a cycle belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Cycle:
    """One training cycle (五年一周期). ``id`` is ``"2016-2020"``; ``starts_on`` and ``ends_on`` are inside it."""

    id: str
    starts_on: date
    ends_on: date

    def contains(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def years_until(self, day: date) -> range:
        """Calendar years of the cycle that have begun by ``day`` (AMB-30: a year is a calendar year)."""
        return range(self.starts_on.year, min(day, self.ends_on).year + 1)


def years_later(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def cycle_containing(first: date, years: int, valid_until: date, on: date) -> Cycle:
    """The cycle of ``years`` years, counted from ``first``, that holds ``on``.

    Cycles start only while the policy is valid; a day before the first or after the last belongs to that one,
    because where no policy covers a date the last one stays in force.
    """
    starts_on = first
    while True:
        following = years_later(starts_on, years)
        if on < following or following >= valid_until:
            ends_on = following - timedelta(days=1)
            return Cycle(f"{starts_on.year}-{ends_on.year}", starts_on, ends_on)
        starts_on = following
