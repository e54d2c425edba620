"""Yearly minima and requirements judged apart by a date, for a whole population over columns (AMB-30, PR-21, PR-23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rulebook.amounts import HUNDRED
from rulebook.facts import PersonFacts
from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy.model import Policy, Requirement
from rulebook.profiles import split_profiles
from rulebook.standing.batch.columns import EntryColumns
from rulebook.standing.batch.kernel import Ints
from rulebook.standing.structure import Structure, structure_for


@dataclass(frozen=True, slots=True)
class TimedColumn:
    """One yearly minimum in one ``year`` (0: a dated requirement), due on a day, over all persons in the order given.

    Amounts are hundredths in the requirement's unit; ``need`` is −1 where it asks nothing of the person. ``over``:
    the time is up, so that what is missing stays missing.
    """

    id: str
    year: int
    due_on: date
    over: bool
    need: Ints
    counted: Ints


def timed_of(
    policy: Policy,
    people: Sequence[PersonFacts],
    entries: EntryColumns,
    *,
    on: date,
    local: LocalChoices | None = None,
) -> list[TimedColumn]:
    """What ``standing_of`` says under ``yearly`` and ``dated``, for everybody. Raises ``BadProfiles``."""
    choices = local or NO_CHOICES
    found: dict[tuple[str, int, date], TimedColumn] = {}
    for structure, members in _groups(policy, people, choices):
        if not (structure.yearly or structure.dated):
            continue
        for column in _columns(structure, people, entries, on, choices):
            key = (column.id, column.year, column.due_on)
            whole = found.setdefault(key, _empty(column, len(people)))
            whole.need[members] = column.need[members]
            whole.counted[members] = column.counted[members]
    return list(found.values())


def _empty(like: TimedColumn, people: int) -> TimedColumn:
    need, counted = np.full(people, -1, np.int64), np.zeros(people, np.int64)
    return TimedColumn(like.id, like.year, like.due_on, like.over, need, counted)


def _groups(policy: Policy, people: Sequence[PersonFacts], local: LocalChoices) -> Iterator[tuple[Structure, Ints]]:
    alike: dict[tuple[tuple[str, ...], bool], list[int]] = {}
    for index, person in enumerate(people):
        alike.setdefault((person.profiles, person.released), []).append(index)
    for (profiles, released), members in alike.items():
        structure = structure_for(policy, local, split_profiles(policy, profiles)[1], released)
        yield structure, np.array(members, np.int64)


def _columns(
    structure: Structure, people: Sequence[PersonFacts], entries: EntryColumns, on: date, local: LocalChoices
) -> Iterator[TimedColumn]:
    cycle = structure.policy.cycle_of(on)
    for row in structure.yearly:
        need = local.minimum_of(row)
        for year in cycle.years_until(on) if need else ():
            first, last = max(cycle.starts_on, date(year, 1, 1)), min(cycle.ends_on, date(year, 12, 31))
            counted = _counted(structure, row, entries, first, min(last, on), len(people))
            asked = np.full(len(people), need, np.int64)
            yield TimedColumn(row.id, year, date(year, 12, 31), on >= date(year, 12, 31), asked, counted)
    for row in structure.dated:
        due, since = row.due_on or cycle.ends_on, date.min if row.due_on else cycle.starts_on
        need = local.minimum_of(row)
        if not need:
            continue
        asked = np.full(len(people), need, np.int64)
        if row.due_on:
            asked[[bool(person.entered_on and person.entered_on > due) for person in people]] = -1
        counted = _counted(structure, row, entries, since, min(due, on), len(people))
        yield TimedColumn(row.id, 0, due, on > due, asked, counted)


def _counted(
    structure: Structure, row: Requirement, entries: EntryColumns, first: date, last: date, people: int
) -> Ints:
    """What each person has of it, earned from ``first`` to ``last``, both included."""
    counts = np.array([structure.counts_in(row, structure.place_of(*place)) for place in entries.places], bool)
    if not counts.any():
        return np.zeros(people, np.int64)
    chosen = counts[entries.place] & (entries.day >= first.toordinal()) & (entries.day <= last.toordinal())
    amounts = _amounts(structure.policy, row, entries)[chosen]
    # float64 sums of whole hundredths are exact below 2**53.
    return np.bincount(entries.person[chosen], weights=amounts, minlength=people).astype(np.int64)


def _amounts(policy: Policy, row: Requirement, entries: EntryColumns) -> NDArray[np.int64]:
    if row.unit == policy.unit:
        return entries.credits
    amounts = entries.days * HUNDRED if row.unit == "days" else entries.hours
    if len(amounts) != len(entries):
        raise ValueError(f"{row.key} counts {row.unit}, which these entries do not carry")
    return amounts
