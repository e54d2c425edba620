"""An exact dual simplex over whole numbers, for the small programs of one person's standing.

Minimise costs · x subject to rows · x ≤ rhs, x ≥ 0, with all costs ≥ 0: the all-slack basis is dual feasible, so no
first phase is needed. The tableau keeps one common denominator (Edmonds' integer pivoting): nothing is ever rounded.
Costs that decide ties strictly (see ``program``) make every pivot a strict step, so that it ends, and at one answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Solution:
    """An optimal basis. ``values[j]`` of variable j; ``duals[i]`` ≥ 0 of row i under the leading costs alone.

    ``basis`` lists, row by row, the basic variable (n + i is the slack of row i) and its dependence on the right-hand
    sides as ``{row: weight}`` over ``denominator``: the same basis is optimal wherever these sums stay ≥ 0.
    """

    values: list[Fraction]
    duals: list[Fraction]
    basis: list[tuple[int, dict[int, int]]]
    denominator: int


class Infeasible(Exception):
    """No x satisfies the rows."""


class _Tableau:
    def __init__(self, rows: Sequence[Mapping[int, int]], rhs: Sequence[int], costs: Sequence[Sequence[int]]) -> None:
        self.n = len(costs[0])
        self.body = [[row.get(j, 0) for j in range(self.n)] for row in rows]
        self.rhs = list(rhs)
        self.objective = [[-cost for cost in level] for level in costs]
        self.nonbasic = list(range(self.n))
        self.basic = [self.n + i for i in range(len(rows))]
        self.denominator = 1

    def leaving_row(self) -> int | None:
        worst = min(range(len(self.rhs)), key=self.rhs.__getitem__, default=None)
        return None if worst is None or self.rhs[worst] >= 0 else worst

    def entering_column(self, leaving: int) -> int:
        row, objective = self.body[leaving], self.objective[0]
        best, best_cost, best_step = -1, 0, 1
        for column, value in enumerate(row):
            if value >= 0:
                continue
            cost, step = -objective[column], -value
            if best < 0 or cost * best_step < best_cost * step:
                best, best_cost, best_step = column, cost, step
        if best < 0:
            raise Infeasible
        return best

    def pivot(self, r: int, s: int) -> None:
        """Swap basic row r with nonbasic column s; the pivot is negative, so signs are turned to keep it above zero."""
        old, row = self.denominator, self.body[r]
        new = -row[s]
        row_rhs = self.rhs[r]
        for i, other in enumerate(self.body):
            factor = other[s]
            if i == r or (factor == 0 and new == old):
                continue
            self.rhs[i] = (self.rhs[i] * new + factor * row_rhs) // old
            self.body[i] = _combined(other, row, factor, new, old, s)
        self.objective = [_combined(level, row, level[s], new, old, s) for level in self.objective]
        self.body[r] = [-value for value in row]
        self.body[r][s] = -old
        self.rhs[r] = -row_rhs
        self.denominator = new
        self.basic[r], self.nonbasic[s] = self.nonbasic[s], self.basic[r]


def _combined(other: list[int], row: list[int], factor: int, new: int, old: int, s: int) -> list[int]:
    if factor == 0:
        return [value * new // old for value in other]
    if old == 1:
        made = [value * new + factor * above for value, above in zip(other, row, strict=True)]
    else:
        made = [(value * new + factor * above) // old for value, above in zip(other, row, strict=True)]
    made[s] = factor
    return made


def minimise(
    rows: Sequence[Mapping[int, int]], rhs: Sequence[int], costs: Sequence[int], leading: Sequence[int]
) -> Solution:
    """The unique optimum for ``costs``; ``leading`` are the costs whose dual values are wanted.

    ``rows[i]`` maps variable → coefficient of ``Σ ≤ rhs[i]``. Raises ``Infeasible``.
    """
    tableau = _Tableau(rows, rhs, (costs, leading))
    while (leaving := tableau.leaving_row()) is not None:
        tableau.pivot(leaving, tableau.entering_column(leaving))
    return _read(tableau)


def _read(tableau: _Tableau) -> Solution:
    n, d = tableau.n, tableau.denominator
    values = [Fraction(0)] * n
    duals = [Fraction(0)] * len(tableau.body)
    for variable, amount in zip(tableau.basic, tableau.rhs, strict=True):
        if variable < n:
            values[variable] = Fraction(amount, d)
    slack_columns = [(j, variable - n) for j, variable in enumerate(tableau.nonbasic) if variable >= n]
    for column, row in slack_columns:
        duals[row] = Fraction(-tableau.objective[1][column], d)
    basis = []
    for variable, body in zip(tableau.basic, tableau.body, strict=True):
        weights = {row: body[column] for column, row in slack_columns if body[column]}
        if variable >= n:
            weights[variable - n] = d
        basis.append((variable, weights))
    return Solution(values, duals, basis, d)
