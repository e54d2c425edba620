"""Judges a population group by group: people who share profiles and switches share one structure and its bases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import floor, lcm

import numpy as np
from numpy.typing import NDArray

from rulebook.amounts import ceil_hundredths
from rulebook.facts import PersonFacts
from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy.model import Policy
from rulebook.profiles import need_of, split_profiles
from rulebook.standing.batch.columns import EntryColumns, counted_rows
from rulebook.standing.batch.kernel import TOO_LARGE, Ints, solve_all
from rulebook.standing.program import columns_for, counted_of, own_counts, solve, tie_cost
from rulebook.standing.result import Place
from rulebook.standing.structure import Structure, structure_for


@dataclass(frozen=True, slots=True)
class Summaries:
    """One row a person, in the order given. Amounts are hundredths, rounded as the single computation rounds them.

    ``need``, ``counted`` and ``short`` hold one column per requirement id; −1 in ``need`` where it does not bind.
    """

    met: NDArray[np.bool_]
    shortfall: Ints
    need: Mapping[str, Ints]
    counted: Mapping[str, Ints]
    short: Mapping[str, Ints]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Group:
    """People with the same structure, and the rows of the entries that are theirs and count."""

    structure: Structure
    members: Ints
    rows: Ints


def summaries_of(
    policy: Policy,
    people: Sequence[PersonFacts],
    entries: EntryColumns,
    *,
    on: date,
    local: LocalChoices | None = None,
) -> Summaries:
    """Verdict, shortfall and every requirement of each person, equal to ``standing_of``. Raises ``BadProfiles``."""
    choices = local or NO_CHOICES
    cycle = policy.cycle_of(on)
    inside = counted_rows(entries, cycle.starts_on, min(on, cycle.ends_on))
    result = _Result(len(people), len(entries) - int(inside.sum()))
    for group in _groups(policy, people, choices, entries, inside):
        _judge(policy, group, people, entries, choices, result)
    return result.summaries()


def _groups(
    policy: Policy,
    people: Sequence[PersonFacts],
    local: LocalChoices,
    entries: EntryColumns,
    inside: NDArray[np.bool_],
) -> Iterator[_Group]:
    """Groups with their entries; one stable sort of the ledger by group finds them all."""
    found = _members(policy, people, local)
    group_of = np.zeros(len(people), np.int32)
    for place, (_, members) in enumerate(found):
        group_of[members] = place
    rows = np.flatnonzero(inside)
    groups = group_of[entries.person[rows]]
    rows = rows[np.argsort(groups, kind="stable")]
    bounds = np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=len(found)))])
    for place, (structure, members) in enumerate(found):
        yield _Group(structure, members, rows[bounds[place] : bounds[place + 1]])


def _members(policy: Policy, people: Sequence[PersonFacts], local: LocalChoices) -> list[tuple[Structure, Ints]]:
    alike: dict[tuple[tuple[str, ...], bool], list[int]] = {}
    for index, person in enumerate(people):
        alike.setdefault((person.profiles, person.released), []).append(index)
    merged: dict[int, tuple[Structure, list[int]]] = {}
    for (profiles, released), indices in alike.items():
        structure = structure_for(policy, local, split_profiles(policy, profiles)[1], released)
        merged.setdefault(id(structure), (structure, []))[1].extend(indices)
    return [(structure, np.array(sorted(indices), np.int64)) for structure, indices in merged.values()]


class _Result:
    def __init__(self, people: int, left_out: int) -> None:
        self.people, self.left_out = people, left_out
        self.shortfall = np.zeros(people, np.int64)
        self.need: dict[str, Ints] = {}
        self.counted: dict[str, Ints] = {}
        self.short: dict[str, Ints] = {}

    def fill(self, members: Ints, ids: Sequence[str], need: Ints, counted: Ints, short: Ints) -> None:
        for k, row in enumerate(ids):
            for table, values, empty in ((self.need, need, -1), (self.counted, counted, 0), (self.short, short, 0)):
                table.setdefault(row, np.full(self.people, empty, np.int64))[members] = values[:, k]

    def summaries(self) -> Summaries:
        return Summaries(self.shortfall == 0, self.shortfall, self.need, self.counted, self.short, self.left_out)


def _needs(
    policy: Policy, structure: Structure, members: Ints, people: Sequence[PersonFacts], local: LocalChoices
) -> tuple[Ints, int]:
    """Minima per person, whole, and the scale they were multiplied by to be whole."""
    kinds: dict[tuple[int, int, str], int] = {}
    rows: list[list[Fraction]] = []
    which = np.empty(len(members), np.int64)
    for place, index in enumerate(members):
        person = people[index]
        entered, senior = (day.year if day else 0 for day in (person.entered_on, person.senior_on))
        key = (entered, senior, person.layer)
        if key not in kinds:
            kinds[key] = len(rows)
            rows.append([need_of(policy, local, row, person) for row in structure.rows])
        which[place] = kinds[key]
    scale = lcm(*(need.denominator for row in rows for need in row)) if rows and rows[0] else 1
    whole = np.array([[int(need * scale) for need in row] for row in rows], np.int64)
    return whole[which], scale


def _judge(
    policy: Policy,
    group: _Group,
    people: Sequence[PersonFacts],
    entries: EntryColumns,
    local: LocalChoices,
    result: _Result,
) -> None:
    structure, members = group.structure, group.members
    places, supply = _supply(group, entries)
    needs, scale = _needs(policy, structure, members, people, local)
    own = supply @ _bits([structure.mask_of(place) for place in places], len(structure.rows))
    program = _program(structure, frozenset(place for place in places if structure.options_of(place)))
    movable = np.array([places.index(kind) for kind in program.columns.movable], np.int64)
    room = np.maximum(supply[:, movable], 0) * scale
    counted, shortfall = own * scale, np.zeros(len(members), np.int64)
    wanting = np.flatnonzero((counted < needs).any(axis=1))
    gained, missing, denominator, state = program.solve((counted - needs)[wanting], room[wanting])
    counted[wanting] += gained // denominator[:, None]
    shortfall[wanting] = -(-missing // (denominator * scale))
    for place in np.flatnonzero(state == TOO_LARGE):
        row = wanting[place]
        counted[row], shortfall[row] = _exactly(structure, places, needs[row], supply[row], scale)
    result.shortfall[members] = shortfall
    short = np.maximum(-((counted - needs) // scale), 0)
    result.fill(members, [row.id for row in structure.rows], -(-needs // scale), counted // scale, short)


def _exactly(
    structure: Structure, places: Sequence[Place], needs: Ints, supply: Ints, scale: int
) -> tuple[list[int], int]:
    """The single computation, for someone whose numbers are too large for the compiled one."""
    held = {place: int(amount) for place, amount in zip(places, supply, strict=True) if amount}
    exact = [Fraction(int(need), scale) for need in needs]
    allocation = solve(structure, exact, held)
    counted = counted_of(structure, own_counts(structure, held), allocation)
    return [floor(amount * scale) for amount in counted], ceil_hundredths(allocation.shortfall)


def _supply(group: _Group, entries: EntryColumns) -> tuple[list[Place], Ints]:
    """Hundredths by member and place, after the structure has read each recorded place its own way."""
    used, recorded = np.unique(entries.place[group.rows], return_inverse=True)
    places: dict[Place, int] = {}
    read = [places.setdefault(group.structure.place_of(*entries.places[place]), len(places)) for place in used]
    width = len(places)
    member = np.searchsorted(group.members, entries.person[group.rows])
    flat = member * width + np.array(read, np.int64)[recorded]
    # float64 sums of whole hundredths are exact below 2**53.
    sums = np.bincount(flat, weights=entries.credits[group.rows], minlength=len(group.members) * width)
    return list(places), sums.astype(np.int64).reshape(len(group.members), width)


class Program:
    """The arrays of one structure and one set of movable kinds."""

    def __init__(self, structure: Structure, kinds: frozenset[Place]) -> None:
        rows = len(structure.rows)
        self.columns = columns_for(structure, list(kinds), structure.new_places)
        self.gains = _bits([option.mask for _, option in self.columns.moves], rows)
        self.gains -= _bits([structure.mask_of(self.columns.movable[kind]) for kind, _ in self.columns.moves], rows)
        self.news = _bits([new.mask for new in self.columns.new], rows)
        kind_of_move = [kind for kind, _ in self.columns.moves]
        self.first = np.searchsorted(kind_of_move, range(len(self.columns.movable) + 1)).astype(np.int64)
        count = self.columns.count
        self.ties = np.array([[tie_cost(j, moved) for j in range(count)] for moved in (True, False)], np.int64)

    def solve(self, rhs: Ints, supply: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """See ``kernel.solve_all``."""
        return solve_all(np.ascontiguousarray(rhs), supply, self.first, self.gains, self.news, self.ties)


def _bits(masks: Sequence[int], rows: int) -> Ints:
    made = np.array([[mask >> k & 1 for k in range(rows)] for mask in masks], np.int64)
    return made.reshape(len(masks), rows)


@lru_cache(maxsize=1024)
def _program(structure: Structure, kinds: frozenset[Place]) -> Program:
    return Program(structure, kinds)
