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


class _Group:
    """People with the same structure, and the places their entries lie in."""

    def __init__(self, structure: Structure, members: Ints) -> None:
        self.structure, self.members = structure, members


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
    recorded = _sums(entries, inside, len(people))
    result = _Result(len(people), len(entries) - int(inside.sum()))
    for group in _groups(policy, people, choices):
        _judge(policy, group, people, recorded[group.members], entries, choices, result)
    return result.summaries()


def _sums(entries: EntryColumns, inside: NDArray[np.bool_], people: int) -> Ints:
    """Hundredths by person and recorded place: the one pass over the ledger."""
    width = max(len(entries.places), 1)
    flat = entries.person[inside].astype(np.int64) * width + entries.place[inside]
    # float64 sums of whole hundredths are exact below 2**53.
    sums = np.bincount(flat, weights=entries.credits[inside], minlength=people * width)
    return sums.astype(np.int64).reshape(people, width)


def _groups(policy: Policy, people: Sequence[PersonFacts], local: LocalChoices) -> Iterator[_Group]:
    members: dict[tuple[tuple[str, ...], bool], list[int]] = {}
    for index, person in enumerate(people):
        members.setdefault((person.profiles, person.released), []).append(index)
    merged: dict[int, tuple[Structure, list[int]]] = {}
    for (profiles, released), rows in members.items():
        structure = structure_for(policy, local, split_profiles(policy, profiles)[1], released)
        merged.setdefault(id(structure), (structure, []))[1].extend(rows)
    for structure, rows in merged.values():
        yield _Group(structure, np.array(sorted(rows), np.int64))


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
    kinds: dict[tuple[int, int], int] = {}
    rows: list[list[Fraction]] = []
    which = np.empty(len(members), np.int64)
    for place, index in enumerate(members):
        person = people[index]
        key = (person.entered_on.year if person.entered_on else 0, person.senior_on.year if person.senior_on else 0)
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
    recorded: Ints,
    entries: EntryColumns,
    local: LocalChoices,
    result: _Result,
) -> None:
    structure, members = group.structure, group.members
    places, supply = _supply(structure, entries, recorded)
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


def _supply(structure: Structure, entries: EntryColumns, recorded: Ints) -> tuple[list[Place], Ints]:
    """Hundredths by person and place, after the structure has read each recorded place its own way."""
    used = [column for column in range(len(entries.places)) if recorded[:, column].any()]
    places: dict[Place, int] = {}
    which = [places.setdefault(structure.place_of(*entries.places[column]), len(places)) for column in used]
    supply = np.zeros((len(recorded), len(places)), np.int64)
    for column, place in zip(used, which, strict=True):
        supply[:, place] += recorded[:, column]
    return list(places), supply


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
