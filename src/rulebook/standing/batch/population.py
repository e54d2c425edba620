"""Judges a population group by group: people who share profiles and switches share one structure and its bases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np
from numpy.typing import NDArray

from rulebook.facts import PersonFacts
from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy.model import Policy
from rulebook.profiles import need_of, split_profiles
from rulebook.standing.batch.bases import BasisPool, Ints
from rulebook.standing.batch.columns import EntryColumns, counted_rows
from rulebook.standing.program import columns_for
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
    masks = np.array([structure.mask_of(place) for place in places], dtype=object)
    serves = np.array([[int(mask) >> k & 1 for k in range(len(structure.rows))] for mask in masks], np.int64)
    own = supply @ serves.reshape(len(places), len(structure.rows))
    pool = _pool(structure, frozenset(places))
    movable = np.array([places.index(kind) for kind in pool.columns.movable], np.int64)
    rhs = np.hstack([own * scale - needs, np.maximum(supply[:, movable], 0) * scale])
    counted, shortfall = _read(pool, rhs, own * scale, scale)
    result.shortfall[members] = shortfall
    short = np.maximum(-((counted - needs) // scale), 0)
    result.fill(members, [row.id for row in structure.rows], -(-needs // scale), counted // scale, short)


def _supply(structure: Structure, entries: EntryColumns, recorded: Ints) -> tuple[list[Place], Ints]:
    """Hundredths by person and place, after the structure has read each recorded place its own way."""
    used = [column for column in range(len(entries.places)) if recorded[:, column].any()]
    places: dict[Place, int] = {}
    which = [places.setdefault(structure.place_of(*entries.places[column]), len(places)) for column in used]
    supply = np.zeros((len(recorded), len(places)), np.int64)
    for column, place in zip(used, which, strict=True):
        supply[:, place] += recorded[:, column]
    return list(places), supply


@lru_cache(maxsize=256)
def _kept_pool(structure: Structure, places: frozenset[Place]) -> BasisPool:
    return BasisPool(structure, columns_for(structure, list(places), structure.new_places))


def _pool(structure: Structure, places: frozenset[Place]) -> BasisPool:
    return _kept_pool(structure, frozenset(place for place in places if structure.options_of(place)))


def _read(pool: BasisPool, rhs: Ints, own: Ints, scale: int) -> tuple[Ints, Ints]:
    """Counted amounts per requirement (scaled, rounded down to the scale) and shortfalls (hundredths, rounded up)."""
    counted = own.copy()
    shortfall = np.zeros(len(rhs), np.int64)
    wanting = np.flatnonzero((rhs < 0).any(axis=1))
    answers = pool.answer(rhs[wanting])
    split, rows = len(pool.columns.moves), len(pool.structure.rows)
    gains = _gains(pool)
    for index in np.unique(answers):
        basis, people = pool.bases[index], wanting[answers == index]
        values = rhs[people] @ basis.readers(pool.columns.count, len(pool.rows)).T
        exact = basis.denominator
        counted[people] += (values[:, :split] @ gains) // exact if split else 0
        shortfall[people] = -(-values[:, split:].sum(axis=1) // (exact * scale))
    return counted[:, :rows], shortfall


def _gains(pool: BasisPool) -> Ints:
    """What one credit moved adds to each requirement: +1, 0, or −1 where it leaves one."""
    rows = len(pool.structure.rows)
    made = np.zeros((len(pool.columns.moves), rows), np.int64)
    for column, (kind, option) in enumerate(pool.columns.moves):
        before = pool.structure.mask_of(pool.columns.movable[kind])
        made[column] = [(option.mask >> k & 1) - (before >> k & 1) for k in range(rows)]
    return made
