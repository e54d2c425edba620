"""Tables laid out for the compiled pass: rows of whole numbers, the steps of each table, who is served by which."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rulebook.standing.batch.columns import Recorded
from rulebook.standing.batch.demands import MOST_TELLING, Demands
from rulebook.standing.batch.parts import Kind, Leaf, Part, Table, kind_weights
from rulebook.standing.batch.vertices import Ints

LEAF, CHOICE, TOTAL = 0, 1, 2
# Rows are compared as 32-bit numbers: no value a table is used for lies beyond this, above or below.
MOST_VALUE = 1 << 30


class Layout:
    """How the recorded places look to each of several demands, and the tables that are there so far."""

    def __init__(self, demands: Sequence[Demands], recorded: Sequence[Recorded]) -> None:
        self.demands = demands
        self.kinds: list[list[Kind]] = []
        self.telling: list[int] = []
        self.kind_of_place = np.full((len(demands), max(1, len(recorded))), -1, np.int16)
        for number, one in enumerate(demands):
            self._look(number, one, recorded)
        self.bits = np.array([min(count, MOST_TELLING) for count in self.telling], np.int64)
        starts = np.concatenate([[0], np.cumsum(1 << self.bits)])
        self.first_pattern = starts[:-1]
        self.table_of_pattern = np.full(starts[-1], -1, np.int32)
        self.tables: list[tuple[Demands, Table]] = []
        self._steps = _Steps()
        self._turn = Lock()
        self.add_tables(dict.fromkeys(range(len(self.table_of_pattern)), 0), worth=1)

    def _look(self, number: int, one: Demands, recorded: Sequence[Recorded]) -> None:
        read = [one.kind_of(one.structure.place_of(*place)) for place in recorded]
        kinds = sorted(set(read) - {frozenset()}, key=lambda kind: (not one.is_telling(kind), -len(kind), sorted(kind)))
        self.kinds.append(kinds)
        self.telling.append(sum(map(one.is_telling, kinds)))
        for place, kind in enumerate(read):
            self.kind_of_place[number, place] = kinds.index(kind) if kind else -1

    @property
    def most_kinds(self) -> int:
        return max([1, *map(len, self.kinds)])

    def add_tables(self, asked: dict[int, int], worth: int) -> bool:
        """Add the tables for patterns (with how many people ask) that are worth it; True where there was any."""
        with self._turn:
            before = len(self.tables)
            for pattern, people in asked.items():
                if self.table_of_pattern[pattern] < 0:
                    self._add_table(pattern, people, worth)
            return len(self.tables) > before

    def _add_table(self, pattern: int, people: int, worth: int) -> None:
        number = int(np.searchsorted(self.first_pattern, pattern, side="right")) - 1
        one, kinds = self.demands[number], self.kinds[number]
        bits = pattern - int(self.first_pattern[number])
        present = [k for k in range(self.telling[number]) if k >= self.bits[number] or bits >> k & 1]
        table = one.table_for(frozenset(kinds[k] for k in present), people, worth)
        if table:
            self._steps.add(one, table, kinds)
            self.tables.append((one, table))
            self.table_of_pattern[pattern] = len(self.tables) - 1

    def looks(self) -> tuple[NDArray[np.integer[Any]], ...]:
        """See ``verdict_kernel``: the tables of this moment."""
        with self._turn:
            most = np.array([self.most_kinds], np.int64)
            return self.kind_of_place, self.bits, self.first_pattern, self.table_of_pattern.copy(), most

    def steps(self) -> tuple[NDArray[np.integer[Any]], ...]:
        """See ``verdict_kernel``; asked for after ``looks``, so that every table named there is among them."""
        with self._turn:
            return self._steps.arrays()


@lru_cache(maxsize=32)
def layout_for(demands: tuple[Demands, ...], recorded: tuple[Recorded, ...]) -> Layout:
    """A layout is kept: the same people are judged day after day."""
    return Layout(demands, recorded)


class _Steps:
    """Every table as steps in order: a leaf leaves its value; a choice, and the total at the end, take what parts left.

    ``step``: what it is, how many parts it takes for its first half and for its second, how many reasons it can give
    and how many of them are the first half's. ``cell``: kind, weight.
    """

    def __init__(self) -> None:
        self.first_step: list[int] = [0]
        self.denominator: list[int] = []
        self.most: list[int] = []
        self.step: list[tuple[int, ...]] = []
        self.first_row: list[int] = [0]
        self.rows = 0
        self.constants: list[Ints] = []
        self.cells_of_row: list[Ints] = []
        self.cells: list[Ints] = []

    def add(self, demands: Demands, table: Table, kinds: Sequence[Kind]) -> None:
        parts_before = len(self.cells)
        for part in table.parts:
            self._add_part(demands, table, kinds, part)
        self._add_step(TOTAL, len(table.parts), 0, 0, 0)
        self.first_step.append(len(self.step))
        self.denominator.append(table.scale * demands.scale)
        heaviest = max([1, *(int(cells[:, 1].max(initial=0)) for cells in self.cells[parts_before:])])
        self.most.append(MOST_VALUE // heaviest)

    def _add_part(self, demands: Demands, table: Table, kinds: Sequence[Kind], part: Part) -> None:
        weighed = [frozenset[int]() if any(mask & part.settled for mask in kind) else kind for kind in kinds]
        if isinstance(part, Leaf):
            self._add_rows(demands, part.weights * (table.scale // part.scale), weighed)
            self._add_step(LEAF, 0, 0, part.size, 0)
            return
        for below in (*part.without, *part.beside):
            self._add_part(demands, table, kinds, below)
        alone = np.zeros((1, len(demands.needs)), np.int64)
        alone[0, part.row] = table.scale
        self._add_rows(demands, alone, weighed)
        first = prod(below.size for below in part.without)
        self._add_step(CHOICE, len(part.without), len(part.beside), part.size, first)

    def _add_step(self, *step: int) -> None:
        self.step.append(step)
        self.first_row.append(self.rows)

    def _add_rows(self, demands: Demands, weights: Ints, kinds: Sequence[Kind]) -> None:
        self.rows += len(weights)
        by_kind = kind_weights(weights, kinds) * demands.scale
        self.constants.append(weights @ np.array(demands.whole_needs, np.int64))
        self.cells_of_row.append(np.count_nonzero(by_kind, axis=1))
        row, kind = np.nonzero(by_kind)
        self.cells.append(np.column_stack([kind, by_kind[row, kind]]))

    def arrays(self) -> tuple[NDArray[np.integer[Any]], ...]:
        """First step, denominator, most credits by table; steps; first row; constants; first cell; kinds; weights."""
        nothing = [np.zeros(0, np.int64)]
        cells = np.concatenate(self.cells or [np.zeros((0, 2), np.int64)])
        return (
            np.array(self.first_step, np.int64),
            np.array(self.denominator, np.int64),
            np.array(self.most, np.int64),
            np.array(self.step, np.int64).reshape(-1, 5),
            np.array(self.first_row, np.int64),
            np.concatenate(self.constants or nothing).astype(np.int32),
            np.concatenate([[0], np.cumsum(np.concatenate(self.cells_of_row or nothing))]).astype(np.int64),
            cells[:, 0].copy(),
            cells[:, 1].astype(np.int32),
        )
