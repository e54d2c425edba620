"""The exact dual simplex of ``simplex``, compiled for whole populations: the same pivots over 64-bit whole numbers.

A person whose numbers would outgrow the bounds is marked and left to the exact single computation; nothing is rounded.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

SOLVED, TOO_LARGE = 0, 1
_BOUND = 1 << 44
_SMALL = 1 << 16
_CHUNK = 256


def solve_all(
    rhs: Ints, supply: Ints, first: Ints, gains: Ints, news: Ints, ties: Ints
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Solve one small program per person.

    ``rhs`` people × requirements: what is there minus what is needed, without moves. ``supply`` people × movable kinds.
    ``first`` kind → its first move (length kinds + 1). ``gains`` moves × requirements: what one moved credit adds.
    ``news`` new places × requirements (0/1). ``ties`` moved costs by column, then costs of new places by column.

    Returns ``moved`` and ``weights`` (people × requirements) and ``new`` (people), all three times ``scale`` (people),
    and ``state`` (SOLVED or TOO_LARGE). The weights are the dual that proves ``new``.
    """
    people, rows = rhs.shape
    moved = np.zeros((people, rows), np.int64)
    weights = np.zeros((people, rows), np.int64)
    new = np.zeros(people, np.int64)
    scale = np.ones(people, np.int64)
    state = np.zeros(people, np.int64)
    # Threads cost more than they save for the rows of one page.
    solve = _solve_on_all_cores if people > 8 * _CHUNK else _solve_on_one_core
    solve(rhs, supply, first, gains, news, ties, moved, weights, new, scale, state)
    return moved, weights, new, scale, state


@numba.njit(cache=True)
def _fill(body, right, lead, tie, rhs, supply, first, gains, news, ties, column_move, person):  # type: ignore[no-untyped-def]  # compiled
    """The person's own tableau: only kinds she has supply of. Returns (rows, moves, columns)."""
    requirements = rhs.shape[1]
    row, column = requirements, 0
    for k in range(requirements):
        right[k] = rhs[person, k]
    for kind in range(supply.shape[1]):
        if supply[person, kind] <= 0:
            continue
        right[row] = supply[person, kind]
        for move in range(first[kind], first[kind + 1]):
            column_move[column] = move
            column += 1
        row += 1
    moves = column
    columns = moves + news.shape[0]
    body[:row, :columns] = 0
    row, column = requirements, 0
    for kind in range(supply.shape[1]):
        if supply[person, kind] <= 0:
            continue
        for move in range(first[kind], first[kind + 1]):
            body[row, column] = 1
            for k in range(requirements):
                body[k, column] = -gains[move, k]
            lead[column] = 0
            tie[column] = -ties[0, column]
            column += 1
        row += 1
    for place in range(news.shape[0]):
        for k in range(requirements):
            body[k, column] = -news[place, k]
        lead[column] = -1
        tie[column] = -ties[1, column]
        column += 1
    return row, moves, columns


@numba.njit(cache=True)
def _entering(body, lead, tie, leaving, columns):  # type: ignore[no-untyped-def]  # compiled
    """The column with the least cost per step, leading costs first; −1 if there is none."""
    best = -1
    for column in range(columns):
        step = -body[leaving, column]
        if step <= 0:
            continue
        if best < 0:
            best = column
            continue
        best_step = -body[leaving, best]
        difference = lead[best] * step - lead[column] * best_step
        if difference < 0 or (difference == 0 and tie[best] * step < tie[column] * best_step):
            best = column
    return best


@numba.njit(cache=True)
def _pivot(body, right, lead, tie, r, s, rows, columns, old):  # type: ignore[no-untyped-def]  # compiled
    """One step of whole-number pivoting; returns the new denominator, or 0 where a number outgrows its bound."""
    new = -body[r, s]
    if new > _SMALL:
        return 0
    for i in range(rows):
        factor = body[i, s]
        if i == r or (factor == 0 and new == old):
            continue
        if factor > _SMALL or factor < -_SMALL:
            return 0
        value = right[i] * new + factor * right[r]
        right[i] = value // old
        if right[i] > _BOUND or right[i] < -_BOUND:
            return 0
        for column in range(columns):
            body[i, column] = (body[i, column] * new + factor * body[r, column]) // old
        body[i, s] = factor
    factor = lead[s]
    for column in range(columns):
        lead[column] = (lead[column] * new + factor * body[r, column]) // old
    lead[s] = factor
    factor = tie[s]
    for column in range(columns):
        tie[column] = (tie[column] * new + factor * body[r, column]) // old
        if tie[column] > _BOUND or tie[column] < -_BOUND:
            return 0
    tie[s] = factor
    for column in range(columns):
        body[r, column] = -body[r, column]
    body[r, s] = -old
    right[r] = -right[r]
    return new


@numba.njit(cache=True)
def _solve_one(body, right, lead, tie, basic, nonbasic, rows, columns):  # type: ignore[no-untyped-def]  # compiled
    """Pivot until no row is negative; returns the denominator, or 0 where numbers outgrow their bounds."""
    for column in range(columns):
        nonbasic[column] = column
    for row in range(rows):
        basic[row] = columns + row
    denominator = 1
    while True:
        leaving = 0
        for row in range(1, rows):
            if right[row] < right[leaving]:
                leaving = row
        if right[leaving] >= 0:
            return denominator
        entering = _entering(body, lead, tie, leaving, columns)
        if entering < 0:
            return 0
        denominator = _pivot(body, right, lead, tie, leaving, entering, rows, columns, denominator)
        if denominator == 0:
            return 0
        basic[leaving], nonbasic[entering] = nonbasic[entering], basic[leaving]


def _solve_chunks(rhs, supply, first, gains, news, ties, moved, weights, new, scale, state):  # type: ignore[no-untyped-def]  # compiled
    people, requirements = rhs.shape
    most_rows = requirements + supply.shape[1]
    most_columns = gains.shape[0] + news.shape[0]
    chunks = (people + _CHUNK - 1) // _CHUNK
    for chunk in numba.prange(chunks):
        body = np.empty((most_rows, most_columns), np.int64)
        right = np.empty(most_rows, np.int64)
        lead = np.empty(most_columns, np.int64)
        tie = np.empty(most_columns, np.int64)
        basic = np.empty(most_rows, np.int64)
        nonbasic = np.empty(most_columns, np.int64)
        column_move = np.empty(most_columns, np.int64)
        for person in range(chunk * _CHUNK, min(people, (chunk + 1) * _CHUNK)):
            rows, moves, columns = _fill(
                body, right, lead, tie, rhs, supply, first, gains, news, ties, column_move, person
            )
            denominator = _solve_one(body, right, lead, tie, basic, nonbasic, rows, columns)
            if denominator == 0:
                state[person] = TOO_LARGE
                continue
            scale[person] = denominator
            for row in range(rows):
                column = basic[row]
                if column < moves:
                    for k in range(requirements):
                        moved[person, k] += gains[column_move[column], k] * right[row]
                elif column < columns:
                    new[person] += right[row]
            for column in range(columns):
                slack = nonbasic[column] - columns
                if 0 <= slack < requirements:
                    weights[person, slack] = -lead[column]


_solve_on_one_core = numba.njit(cache=True)(_solve_chunks)
_solve_on_all_cores = numba.njit(parallel=True, cache=True)(_solve_chunks)
