"""Verdict, shortfall and binding reason of a whole population in one pass over its entries (credit-engine §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy.model import Policy
from rulebook.standing.batch import verdict_kernel
from rulebook.standing.batch.asking import Asked
from rulebook.standing.batch.columns import Ints, KeptSums, OrderedEntries, PeopleColumns
from rulebook.standing.batch.demands import Demands
from rulebook.standing.batch.rows import Layout, layout_for
from rulebook.standing.batch.solving import solve_rows

# A matrix of supplies is made for so many people at once.
_AT_ONCE = 50_000
# Making a table takes about as long as the simplex of so many people.
WORTH_A_TABLE = 2_000


@dataclass(frozen=True)
class Verdicts:
    """One row a person. ``shortfall`` is in hundredths, rounded up as the single computation rounds it.

    ``served`` is the table that judged her, or −1 where the simplex did; ``reason`` a code of that table, or a row of
    the weights the simplex gave. ``reason_of`` reads both.
    """

    met: NDArray[np.bool_]
    shortfall: Ints
    served: NDArray[np.int32]
    reason: Ints
    _layout: Layout
    _solved: Sequence[tuple[Demands, dict[int, Fraction]]]

    def reason_of(self, index: int) -> dict[str, Fraction]:
        """The binding row: requirement id → weight, a dual whose value is the shortfall; empty where it is met."""
        served, code = int(self.served[index]), int(self.reason[index])
        if served >= 0:
            demands, table = self._layout.tables[served]
            weights = table.reason(code)
        else:
            demands, weights = self._solved[code]
        return {demands.structure.rows[k].id: weight for k, weight in sorted(weights.items())}


def verdicts_of(
    policy: Policy,
    people: PeopleColumns,
    entries: OrderedEntries | KeptSums,
    *,
    on: date,
    local: LocalChoices | None = None,
    worth_a_table: int = WORTH_A_TABLE,
) -> Verdicts:
    """Verdict, shortfall and reason of each person, equal to ``standing_of``. Raises ``BadProfiles``.

    Kept sums are taken as they are: they are the sums of one day. A table is made once ``worth_a_table`` people have
    asked for it, in this call or before; until then the simplex judges them.
    """
    run = TableRun(Asked(policy, people, entries, on=on, local=local or NO_CHOICES))
    run.by_tables(worth_a_table)
    solved = run.by_simplex()
    return Verdicts(run.shortfall == 0, run.shortfall, run.served, run.reason, run.layout, solved)


class TableRun:
    """The state of one call: everybody starts unseen, and ends with a table or with the simplex."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.layout = layout_for(asked.demands, asked.recorded)
        people = len(asked.group)
        self.served = np.full(people, verdict_kernel.UNSEEN, np.int32)
        self.shortfall = np.zeros(people, np.int64)
        self.reason = np.zeros(people, np.int64)

    def by_tables(self, worth: int) -> None:
        """One pass, and one more where tables were worth making; ``served`` stays below 0 for whoever has none."""
        while True:
            self._pass()
            lacking = self.served[(self.served <= verdict_kernel.LACKING) & (self.served != verdict_kernel.ODD)]
            patterns, people = np.unique(verdict_kernel.LACKING - lacking, return_counts=True)
            if not self.layout.add_tables(dict(zip(patterns.tolist(), people.tolist(), strict=True)), worth):
                return

    def _pass(self) -> None:
        asked, entries = self.asked, self.asked.entries
        judged = (asked.group, self.layout.looks(), self.layout.steps(), self.served, self.shortfall, self.reason)
        small = len(asked.group) <= verdict_kernel.ONE_CORE
        if isinstance(entries, KeptSums):
            judge_sums = verdict_kernel.judge_sums_on_one_core if small else verdict_kernel.judge_sums_on_all_cores
            judge_sums(entries.sums, *judged)
        else:
            judge = verdict_kernel.judge_entries_on_one_core if small else verdict_kernel.judge_entries_on_all_cores
            judge(entries.first, entries.place, entries.day, entries.credits, asked.days, *judged)

    def by_simplex(self) -> list[tuple[Demands, dict[int, Fraction]]]:
        """Whoever no table serves; gives the reasons, each once, that ``reason`` numbers from now on."""
        solved: list[tuple[Demands, dict[int, Fraction]]] = []
        rest = np.flatnonzero(self.served < 0)
        for number in np.unique(self.asked.group[rest]):
            members = rest[self.asked.group[rest] == number]
            for some in np.array_split(members, 1 + len(members) // _AT_ONCE):
                self._solve(some, self.asked.demands[number], solved)
        self.served[rest] = -1
        return solved

    def _solve(self, members: Ints, demands: Demands, solved: list[tuple[Demands, dict[int, Fraction]]]) -> None:
        places, supply = self.asked.supply(members, demands)
        made = solve_rows(demands.structure, places, supply, demands.needs_of(len(members)), demands.scale)
        self.shortfall[members] = made.shortfall
        rows, codes = np.unique(np.column_stack([made.denominator, made.weights]), axis=0, return_inverse=True)
        self.reason[members] = len(solved) + codes.ravel()
        for denominator, *weights in rows.tolist():
            held = {k: Fraction(weight, denominator) for k, weight in enumerate(weights) if weight}
            solved.append((demands, held))
