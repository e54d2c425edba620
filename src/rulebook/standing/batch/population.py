"""The standing of a population person by person: verdict, shortfall, and what every requirement counts and lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rulebook.facts import PersonFacts
from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy.model import Policy
from rulebook.standing.batch.asking import Asked
from rulebook.standing.batch.columns import EntryColumns, Ints, counted_rows, in_order, people_columns
from rulebook.standing.batch.demands import Demands
from rulebook.standing.batch.solving import solve_rows
from rulebook.standing.batch.verdicts import WORTH_A_TABLE, TableRun


@dataclass(frozen=True, slots=True)
class Gaps:
    """One row a person, in the order given. Amounts are hundredths, rounded as the single computation rounds them.

    ``need`` and ``short`` hold one column per requirement id; −1 in ``need`` where it does not bind.
    """

    met: NDArray[np.bool_]
    shortfall: Ints
    need: Mapping[str, Ints]
    short: Mapping[str, Ints]
    left_out: int


@dataclass(frozen=True, slots=True)
class Summaries(Gaps):
    """Gaps, and what each requirement counts under the allocation that is shown."""

    counted: Mapping[str, Ints]


def summaries_of(
    policy: Policy,
    people: Sequence[PersonFacts],
    entries: EntryColumns,
    *,
    on: date,
    local: LocalChoices | None = None,
) -> Summaries:
    """Verdict, shortfall and every requirement of each person, equal to ``standing_of``. Raises ``BadProfiles``."""
    asked = _asked(policy, people, entries, on, local, by_tables=False)
    result = _Result(len(people), _left_out(policy, entries, on))
    for members, demands in _groups(asked):
        _judge(asked, members, demands, np.zeros(len(members), np.bool_), result)
    return Summaries(*result.gaps(), result.counted)


def gaps_of(
    policy: Policy,
    people: Sequence[PersonFacts],
    entries: EntryColumns,
    *,
    on: date,
    local: LocalChoices | None = None,
    worth_a_table: int = WORTH_A_TABLE,
) -> Gaps:
    """The same without what is counted: who is met lacks nothing, so where a table says so nobody is allocated."""
    by_tables = len(people) >= worth_a_table
    asked = _asked(policy, people, entries, on, local, by_tables=by_tables)
    met = np.zeros(len(people), np.bool_)
    if by_tables:
        run = TableRun(asked)
        run.by_tables(worth_a_table)
        met = (run.served >= 0) & (run.shortfall == 0)
    result = _Result(len(people), _left_out(policy, entries, on))
    for members, demands in _groups(asked):
        _judge(asked, members, demands, met[members], result)
    return Gaps(*result.gaps())


def _asked(
    policy: Policy,
    people: Sequence[PersonFacts],
    entries: EntryColumns,
    on: date,
    local: LocalChoices | None,
    *,
    by_tables: bool,
) -> Asked:
    columns, ordered = people_columns(people), in_order(entries, len(people))
    return Asked(policy, columns, ordered, on=on, local=local or NO_CHOICES, by_tables=by_tables)


def _left_out(policy: Policy, entries: EntryColumns, on: date) -> int:
    cycle = policy.cycle_of(on)
    return len(entries) - int(counted_rows(entries, cycle.starts_on, min(on, cycle.ends_on)).sum())


def _groups(asked: Asked) -> list[tuple[Ints, Demands]]:
    order = np.argsort(asked.group, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(asked.group, minlength=len(asked.demands)))[:-1])
    return list(zip(parts, asked.demands, strict=True)) if asked.demands else []


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

    def gaps(self) -> tuple[NDArray[np.bool_], Ints, Mapping[str, Ints], Mapping[str, Ints], int]:
        return self.shortfall == 0, self.shortfall, self.need, self.short, self.left_out


def _judge(asked: Asked, members: Ints, demands: Demands, met: NDArray[np.bool_], result: _Result) -> None:
    needs, scale = demands.needs_of(len(members)), demands.scale
    places, supply = asked.supply(members, demands)
    solved = solve_rows(demands.structure, places, supply, needs, scale, spared=met)
    result.shortfall[members] = solved.shortfall
    short = np.maximum(-((solved.counted - needs) // scale), 0)
    short[met] = 0
    ids = [row.id for row in demands.structure.rows]
    result.fill(members, ids, -(-needs // scale), solved.counted // scale, short)
