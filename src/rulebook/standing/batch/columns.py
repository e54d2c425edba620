"""A population as columns: entries with their place as a small number, in any order or person by person; sums kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rulebook.facts import EntryFacts, PersonFacts

Ints = NDArray[np.integer[Any]]
#: A recorded place: level, category, form, tags. Read into a ``Place`` by each structure, which may treat it anew.
Recorded = tuple[str, str, str, frozenset[str]]


def _none() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class EntryColumns:
    """``person`` indexes the people given beside; ``place`` indexes ``places``; ``day`` is the proleptic ordinal.

    ``credits`` and ``hours`` are hundredths, ``days`` whole days; the latter two may be empty where nothing asks for
    them (``timed_of`` does).
    """

    person: NDArray[np.int32]
    day: NDArray[np.int32]
    place: NDArray[np.int32]
    credits: NDArray[np.int64]
    places: Sequence[Recorded]
    hours: NDArray[np.int64] = field(default_factory=_none)
    days: NDArray[np.int64] = field(default_factory=_none)

    def __len__(self) -> int:
        return len(self.person)


def columns_of(entries: Iterable[tuple[int, EntryFacts]]) -> EntryColumns:
    """Columns from (index of the person, entry) pairs."""
    places: dict[Recorded, int] = {}
    person, day, place, credits, hours, days = [], [], [], [], [], []
    for index, entry in entries:
        recorded = (entry.level, entry.category, entry.form, entry.tags)
        person.append(index)
        day.append(entry.earned_on.toordinal())
        place.append(places.setdefault(recorded, len(places)))
        credits.append(entry.credits)
        hours.append(entry.hours)
        days.append(entry.days)
    return EntryColumns(
        np.array(person, np.int32),
        np.array(day, np.int32),
        np.array(place, np.int32),
        np.array(credits, np.int64),
        list(places),
        np.array(hours, np.int64),
        np.array(days, np.int64),
    )


def counted_rows(columns: EntryColumns, starts_on: date, ends_on: date) -> NDArray[np.bool_]:
    """Which entries lie inside these days, both included."""
    inside: NDArray[np.bool_] = (columns.day >= starts_on.toordinal()) & (columns.day <= ends_on.toordinal())
    return inside


@dataclass(frozen=True, slots=True)
class OrderedEntries:
    """The same, person by person: those of person i are rows ``first[i]`` to ``first[i + 1]``.

    Whole numbers of any width; ``day`` counts from the proleptic ordinal ``day_zero``, so that two bytes are enough.
    """

    first: Ints
    day: Ints
    place: Ints
    credits: Ints
    places: Sequence[Recorded]
    day_zero: int = 0

    @property
    def people(self) -> int:
        return len(self.first) - 1


def in_order(columns: EntryColumns, people: int) -> OrderedEntries:
    """Columns person by person, as narrow as they can be."""
    person = columns.person
    if len(person) > 1 and (np.diff(person) < 0).any():
        order = np.argsort(person, kind="stable")
        columns = replace(
            columns,
            person=person[order],
            day=columns.day[order],
            place=columns.place[order],
            credits=columns.credits[order],
        )
    first = np.searchsorted(columns.person, np.arange(people + 1))
    zero = int(columns.day.min()) if len(columns) else 0
    return OrderedEntries(
        first,
        _narrow(columns.day - zero, np.uint16, np.int32),
        _narrow(columns.place, np.uint8, np.int32),
        _narrow(columns.credits, np.int32, np.int64),
        columns.places,
        zero,
    )


def _narrow(values: Ints, small: type[np.integer[Any]], wide: type[np.integer[Any]]) -> Ints:
    """In few bytes where they fit: reading the columns is most of the work."""
    bounds = np.iinfo(small)
    fits = not len(values) or (values.min() >= bounds.min and values.max() <= bounds.max)
    return values.astype(small if fits else wide)


@dataclass(frozen=True, slots=True)
class KeptSums:
    """Hundredths of each person (row) by recorded place (column), of the entries that count on one day."""

    sums: Ints
    places: Sequence[Recorded]

    @property
    def people(self) -> int:
        return len(self.sums)


@dataclass(frozen=True, slots=True)
class PeopleColumns:
    """A population by what is asked of it: ``which[i]`` is the one among ``alike`` whose facts person i shares."""

    alike: Sequence[PersonFacts]
    which: NDArray[np.int32]


def people_columns(people: Iterable[PersonFacts]) -> PeopleColumns:
    """People who differ in nothing but their name and the day of a year become one."""
    alike: dict[tuple[object, ...], int] = {}
    kept: list[PersonFacts] = []
    which = []
    for person in people:
        entered, senior = (day.year if day else 0 for day in (person.entered_on, person.senior_on))
        number = alike.setdefault((person.profiles, person.released, entered, senior, person.layer), len(alike))
        if number == len(kept):
            kept.append(person)
        which.append(number)
    return PeopleColumns(kept, np.array(which, np.int32))
