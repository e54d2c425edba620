"""Optimal countings of many people under one structure, row by row through the compiled simplex (decision 0008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor, lcm

import numpy as np
from numpy.typing import NDArray

from rulebook.amounts import ceil_hundredths
from rulebook.standing.batch.kernel import TOO_LARGE, Ints, solve_all
from rulebook.standing.program import columns_for, counted_of, own_counts, solve, tie_cost
from rulebook.standing.result import Place
from rulebook.standing.structure import Structure


@dataclass(frozen=True, slots=True)
class Solved:
    """One row a person: ``counted`` by requirement, times the scale of the needs; ``shortfall`` rounded up.

    ``weights`` by requirement, over ``denominator`` (people), prove the shortfall; all zero where nothing is missing.
    """

    counted: Ints
    shortfall: Ints
    weights: Ints
    denominator: Ints


def solve_rows(
    structure: Structure,
    places: Sequence[Place],
    supply: Ints,
    needs: Ints,
    scale: int,
    *,
    spared: NDArray[np.bool_] | None = None,
) -> Solved:
    """``supply`` people × places in hundredths, ``needs`` people × requirements times ``scale``.

    Who is ``spared`` is known to meet everything and keeps what she counts without moves.
    """
    program = _program(structure, frozenset(place for place in places if structure.options_of(place)))
    movable = np.array([places.index(kind) for kind in program.columns.movable], np.int64)
    room = np.maximum(supply[:, movable], 0) * scale
    counted = supply @ _bits([structure.mask_of(place) for place in places], len(structure.rows)) * scale
    made = Solved(counted, np.zeros(len(supply), np.int64), np.zeros_like(counted), np.ones(len(supply), np.int64))
    lacks = (counted < needs).any(axis=1)
    wanting = np.flatnonzero(lacks if spared is None else lacks & ~spared)
    gained, weights, missing, denominator, state = program.solve((counted - needs)[wanting], room[wanting])
    counted[wanting] += gained // denominator[:, None]
    made.shortfall[wanting] = -(-missing // (denominator * scale))
    made.weights[wanting], made.denominator[wanting] = weights, denominator
    for place in np.flatnonzero(state == TOO_LARGE):
        _solve_exactly(structure, places, needs, supply, scale, int(wanting[place]), made)
    return made


def _solve_exactly(
    structure: Structure, places: Sequence[Place], needs: Ints, supply: Ints, scale: int, row: int, made: Solved
) -> None:
    """The single computation, for someone whose numbers are too large for the compiled one."""
    held = {place: int(amount) for place, amount in zip(places, supply[row], strict=True) if amount}
    allocation = solve(structure, [Fraction(int(need), scale) for need in needs[row]], held)
    counted = counted_of(structure, own_counts(structure, held), allocation)
    made.counted[row] = [floor(amount * scale) for amount in counted]
    made.shortfall[row] = ceil_hundredths(allocation.shortfall)
    common = lcm(1, *(weight.denominator for weight in allocation.row_duals))
    made.weights[row] = [int(weight * common) for weight in allocation.row_duals]
    made.denominator[row] = common


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

    def solve(self, rhs: Ints, supply: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """See ``kernel.solve_all``."""
        return solve_all(np.ascontiguousarray(rhs), supply, self.first, self.gains, self.news, self.ties)


def _bits(masks: Sequence[int], rows: int) -> Ints:
    made = np.array([[mask >> k & 1 for k in range(rows)] for mask in masks], np.int64)
    return made.reshape(len(masks), rows)


@lru_cache(maxsize=1024)
def _program(structure: Structure, kinds: frozenset[Place]) -> Program:
    return Program(structure, kinds)
