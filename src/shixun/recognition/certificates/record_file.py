"""The record file (电子档案) of a teacher: where she worked, what she learned, year by year, as it stands (AR-01)."""

from dataclasses import dataclass, field
from typing import Any

from shixun.ledger.queries import entries_of
from shixun.people.models import Appointment, Person
from shixun.people.queries import appointments_of


@dataclass(slots=True)
class RecordYear:
    """One year: the appointments that began in it and every line earned in it, with corrections."""

    year: int
    appointments: list[Appointment] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)

    @property
    def credits(self) -> int:
        return sum(entry.credits for entry in self.entries)

    @property
    def hours(self) -> int:
        return sum(entry.hours for entry in self.entries)


def record_of(person: Person) -> list[RecordYear]:
    """All years in which something was recorded, the newest first; two queries."""
    years: dict[int, RecordYear] = {}
    for held in appointments_of(person):
        _of(years, held.valid_from.year).appointments.append(held)
    for entry in entries_of(person):
        _of(years, entry.earned_on.year).entries.append(entry)
    return [years[year] for year in sorted(years, reverse=True)]


def _of(years: dict[int, RecordYear], year: int) -> RecordYear:
    return years.setdefault(year, RecordYear(year))
