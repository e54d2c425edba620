"""Optimal bases of one structure, each of which answers every person for whom its values stay non-negative.

A basis that was optimal once stays dual feasible for ever, whatever anybody has earned and whatever the minima are;
where its basic values are ≥ 0 it is therefore optimal, proof included. New bases come from the exact simplex only for
people whom no kept basis answers. Because no two answers tie (``program``), the basis found does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numba
import numpy as np
from numpy.typing import NDArray

from rulebook.standing.program import Columns, coefficients, costs_of
from rulebook.standing.simplex import Solution, minimise
from rulebook.standing.structure import Structure

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Basis:
    """Rows of a basis as compressed weights over the right-hand sides; ``variables[i]`` is what row i gives."""

    starts: Ints
    indices: Ints
    weights: Ints
    denominator: int
    variables: Ints

    def readers(self, variables: int, rows: int) -> Ints:
        """Weights over the right-hand sides by variable (slacks left out), to read the values of many people."""
        made = np.zeros((variables, rows), np.int64)
        for row in np.flatnonzero(self.variables < variables):
            inside = slice(self.starts[row], self.starts[row + 1])
            made[self.variables[row], self.indices[inside]] = self.weights[inside]
        return made


@dataclass
class BasisPool:
    """Bases of one structure and one set of movable kinds, in the order they were found."""

    structure: Structure
    columns: Columns
    bases: list[Basis] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = coefficients(self.structure, self.columns)
        self.costs = costs_of(self.columns)

    def answer(self, rhs: Ints) -> Ints:
        """Index of an optimal basis for each row of ``rhs`` (people × right-hand sides)."""
        found = np.full(len(rhs), -1, np.int64)
        for index, basis in enumerate(self.bases):
            self._mark(found, rhs, basis, index)
        open_rows = np.flatnonzero(found < 0)
        while len(open_rows):
            self.bases.append(self._solve(rhs[open_rows[0]]))
            self._mark(found, rhs, self.bases[-1], len(self.bases) - 1)
            open_rows = open_rows[found[open_rows] < 0]
        return found

    def _mark(self, found: Ints, rhs: Ints, basis: Basis, index: int) -> None:
        _mark_answered(found, rhs, basis.starts, basis.indices, basis.weights, index)

    def _solve(self, rhs: Sequence[int]) -> Basis:
        ranked, leading = self.costs
        solution = minimise(self.rows, [int(value) for value in rhs], ranked, leading)
        return _compressed(solution)


def _compressed(solution: Solution) -> Basis:
    starts: list[int] = [0]
    indices: list[int] = []
    weights: list[int] = []
    for _, row in solution.basis:
        indices.extend(row)
        weights.extend(row.values())
        starts.append(len(indices))
    return Basis(
        np.array(starts, np.int64),
        np.array(indices, np.int64),
        np.array(weights, np.int64),
        solution.denominator,
        np.array([variable for variable, _ in solution.basis], np.int64),
    )


@numba.njit(cache=True)
def _mark_answered(found, rhs, starts, indices, weights, index):  # type: ignore[no-untyped-def]  # compiled for int64
    for person in range(rhs.shape[0]):
        if found[person] >= 0:
            continue
        answered = True
        for row in range(starts.shape[0] - 1):
            total = np.int64(0)
            for k in range(starts[row], starts[row + 1]):
                total += weights[k] * rhs[person, indices[k]]
            if total < 0:
                answered = False
                break
        if answered:
            found[person] = index
