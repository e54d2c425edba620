"""The small linear program of one person (credit-engine §3): where moved credits go and what must still be earned.

Every credit counts in its own place unless it is moved, so only moves and new credits are variables. Costs are read
level by level: fewest new credits, then fewest moved credits, then the policy's order; no two answers tie.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from rulebook.standing.result import Place
from rulebook.standing.simplex import Solution, minimise
from rulebook.standing.structure import NewPlace, Option, Structure

# Coefficients of the tableau are small whole numbers, so levels this far apart act as a strict order.
MOVED_SHIFT, LEADING_SHIFT = 36, 60


@dataclass(frozen=True, slots=True)
class Allocation:
    """An optimal answer, exact, in hundredths: moves by (own place, option), new credits, and the dual of each row."""

    moved: Mapping[tuple[Place, Option], Fraction]
    new: Mapping[NewPlace, Fraction]
    shortfall: Fraction
    row_duals: Sequence[Fraction]


@dataclass(frozen=True, slots=True)
class Columns:
    """The variables of a program, in order: moves kind by kind, then new places; and the kinds that can move."""

    movable: tuple[Place, ...]
    moves: tuple[tuple[int, Option], ...]
    new: tuple[NewPlace, ...]

    @property
    def count(self) -> int:
        return len(self.moves) + len(self.new)


def columns_for(structure: Structure, kinds: Sequence[Place], new: Sequence[NewPlace]) -> Columns:
    """Columns for these kinds of credit, in the policy's order so that the answer never flickers."""
    movable = tuple(kind for kind in sorted(kinds, key=structure.order_of) if structure.options_of(kind))
    moves = tuple((place, option) for place, kind in enumerate(movable) for option in structure.options_of(kind))
    return Columns(movable, moves, tuple(new))


def coefficients(structure: Structure, columns: Columns) -> list[dict[int, int]]:
    """Rows of ``Σ ≤ rhs``: requirements first (turned, so that ≥ becomes ≤), then the supply of each movable kind."""
    rows: list[dict[int, int]] = [{} for _ in range(len(structure.rows) + len(columns.movable))]
    for column, (kind, option) in enumerate(columns.moves):
        own = structure.mask_of(columns.movable[kind])
        for k in range(len(structure.rows)):
            gain = (option.mask >> k & 1) - (own >> k & 1)
            if gain:
                rows[k][column] = -gain
        rows[len(structure.rows) + kind][column] = 1
    for column, new in enumerate(columns.new, start=len(columns.moves)):
        for k in range(len(structure.rows)):
            if new.mask >> k & 1:
                rows[k][column] = -1
    return rows


def costs_of(columns: Columns) -> tuple[list[int], list[int]]:
    """Costs that rank answers strictly, and the leading ones alone (one per new credit)."""
    moves = len(columns.moves)
    leading = [0 if j < moves else 1 for j in range(columns.count)]
    return [(cost << LEADING_SHIFT) + tie_cost(j, j < moves) for j, cost in enumerate(leading)], leading


def tie_cost(column: int, moved: bool) -> int:
    """What decides between equally short answers: fewer moved credits, then earlier columns.

    The scrambled low bits keep every edge of the program from costing nothing, so that no two answers tie.
    """
    scrambled = (column + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    scrambled = (scrambled ^ scrambled >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    scrambled = (scrambled ^ scrambled >> 27) >> 42
    return (int(moved) << MOVED_SHIFT) + (column << 22) + scrambled


def own_counts(structure: Structure, supply: Mapping[Place, int]) -> list[int]:
    """What each requirement counts when nothing is moved, in hundredths."""
    counts = [0] * len(structure.rows)
    for place, amount in supply.items():
        mask = structure.mask_of(place)
        for k in range(len(counts)):
            if mask >> k & 1:
                counts[k] += amount
    return counts


def counted_of(structure: Structure, own: Sequence[int], allocation: Allocation) -> list[Fraction]:
    """What each requirement counts after the moves, exact, in hundredths."""
    counted = [Fraction(amount) for amount in own]
    for (place, option), amount in allocation.moved.items():
        before = structure.mask_of(place)
        for k in range(len(counted)):
            counted[k] += ((option.mask >> k & 1) - (before >> k & 1)) * amount
    return counted


def right_hand_sides(needs: Sequence[Fraction], own: Sequence[int], supply: Sequence[int]) -> tuple[list[int], int]:
    """Whole right-hand sides and the scale they were multiplied by (reductions make fractions of hundredths)."""
    scale = lcm(*(need.denominator for need in needs)) if needs else 1
    rhs = [int((have - need) * scale) for need, have in zip(needs, own, strict=True)]
    return rhs + [max(amount, 0) * scale for amount in supply], scale


def solve(
    structure: Structure,
    needs: Sequence[Fraction],
    supply: Mapping[Place, int],
    new: Sequence[NewPlace] | None = None,
) -> Allocation:
    """The best allocation. ``new`` replaces the structure's own new places; raises ``Infeasible`` if they cannot do."""
    columns = columns_for(structure, list(supply), structure.new_places if new is None else new)
    own = own_counts(structure, supply)
    rhs, scale = right_hand_sides(needs, own, [supply[kind] for kind in columns.movable])
    if min(rhs, default=0) >= 0:
        return Allocation({}, {}, Fraction(0), [Fraction(0)] * len(needs))
    ranked, leading = costs_of(columns)
    return read_allocation(minimise(coefficients(structure, columns), rhs, ranked, leading), columns, scale, len(needs))


def read_allocation(solution: Solution, columns: Columns, scale: int, rows: int) -> Allocation:
    """Amounts back in hundredths."""
    split = len(columns.moves)
    moved = {
        (columns.movable[kind], option): value / scale
        for (kind, option), value in zip(columns.moves, solution.values[:split], strict=True)
        if value
    }
    new = {place: value / scale for place, value in zip(columns.new, solution.values[split:], strict=True) if value}
    return Allocation(moved, new, sum(new.values(), Fraction(0)), solution.duals[:rows])
