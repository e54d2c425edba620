"""Entries of a population as columns: one row an entry, the place it was recorded in as a small number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rulebook.facts import EntryFacts

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
