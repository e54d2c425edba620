"""The vertices of a dual polyhedron, enumerated exactly: double description over whole numbers (credit-engine §4).

A dual gives every requirement a weight u ≥ 0 so that no new credit weighs more than 1; a kind of credit that may count
in several places weighs as much as in the heaviest of them. Only structure enters, neither credits nor minima.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import gcd, lcm

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_Words = NDArray[np.uint64]

# Rays are kept without common divisor; their coordinates are tiny, so products stay far below 2**63.
_BOUND = 1 << 20


class TooLarge(Exception):
    """More vertices than asked for, or numbers beyond 64 bits; nothing is wrong, another way has to be taken."""


def vertices_of(
    capacities: Collection[int], pools: Sequence[Collection[int]], rows: int, *, most: int
) -> tuple[Ints, int]:
    """Weights of every vertex, vertices × rows, times the one scale that makes all of them whole.

    ``capacities`` are the sets of requirements (bit k: row k) that one new credit serves; every row is in one.
    ``pools`` are kinds with several places, each the sets served there. Raises ``TooLarge`` beyond ``most``.
    """
    width = 1 + rows + len(pools)
    conditions = list(_conditions(capacities, pools, rows, width))
    rays = np.eye(width, dtype=np.int64)
    words = (width + len(conditions) + 63) // 64
    tight = np.zeros((width, words), np.uint64)
    for ray in range(width):
        for bound in range(width):
            if bound != ray:
                tight[ray, bound // 64] |= np.uint64(1 << bound % 64)
    for number, condition in enumerate(conditions, start=width):
        rays, tight, fine = _cut(rays, tight, condition, number, most)
        if not fine:
            raise TooLarge(f"more than {most} vertices")
    points = rays[rays[:, 0] > 0]
    scale = lcm(*{int(value) for value in points[:, 0]})
    return points[:, 1 : 1 + rows] * (scale // points[:, :1]), scale


def _conditions(capacities: Collection[int], pools: Sequence[Collection[int]], rows: int, width: int) -> Iterator[Ints]:
    """``condition · (1, u, v) ≥ 0``: 1 − u(S) for each capacity, v − u(S) for each place of a pool."""
    served = [(0, mask) for mask in sorted(capacities)]
    served += [(1 + rows + place, mask) for place, pool in enumerate(pools) for mask in sorted(pool)]
    for column, mask in served:
        condition = np.zeros(width, np.int64)
        condition[column] = 1
        for row in range(rows):
            condition[1 + row] = -(mask >> row & 1)
        yield condition


@numba.njit(cache=True)
def _ones(word):  # type: ignore[no-untyped-def]  # compiled
    count = 0
    while word:
        word &= word - np.uint64(1)
        count += 1
    return count


@numba.njit(cache=True)
def _adjacent(tight, one, other, shared, least):  # type: ignore[no-untyped-def]  # compiled
    """Two extreme rays span a face of their own exactly if no third one lies on every bound they share."""
    count = 0
    for word in range(tight.shape[1]):
        shared[word] = tight[one, word] & tight[other, word]
        count += _ones(shared[word])
    if count < least:
        return False
    for third in range(tight.shape[0]):
        if third in (one, other):
            continue
        inside = True
        for word in range(tight.shape[1]):
            if tight[third, word] & shared[word] != shared[word]:
                inside = False
                break
        if inside:
            return False
    return True


@numba.njit(cache=True)
def _combine(rays, one, above, other, below, made):  # type: ignore[no-untyped-def]  # compiled
    """The ray between two on the new bound, without common divisor; False where it outgrows its bound."""
    divisor = 0
    for column in range(rays.shape[1]):
        made[column] = above * rays[other, column] + below * rays[one, column]
        divisor = gcd(divisor, made[column])
    for column in range(rays.shape[1]):
        made[column] //= divisor
        if made[column] > _BOUND:
            return False
    return True


@numba.njit(cache=True)
def _cut(rays, tight, condition, number, most):  # type: ignore[no-untyped-def]  # compiled
    """Extreme rays of the cone after one more condition; False where there are too many."""
    count, width = rays.shape
    words = tight.shape[1]
    value = np.zeros(count, np.int64)
    for ray in range(count):
        for column in range(width):
            value[ray] += condition[column] * rays[ray, column]
    word, bit = number // 64, np.uint64(1) << np.uint64(number % 64)
    made = np.empty((2 * most, width), np.int64)
    bounds = np.zeros((2 * most, words), np.uint64)
    kept = 0
    for ray in range(count):
        if value[ray] >= 0:
            made[kept] = rays[ray]
            bounds[kept] = tight[ray]
            if value[ray] == 0:
                bounds[kept, word] |= bit
            kept += 1
    shared = np.empty(words, np.uint64)
    below = np.flatnonzero(value < 0)
    for one in np.flatnonzero(value > 0):
        for other in below:
            if not _adjacent(tight, one, other, shared, width - 2):
                continue
            if kept >= most or not _combine(rays, one, value[one], other, -value[other], made[kept]):
                return made[:0], bounds[:0], False
            bounds[kept] = shared
            bounds[kept, word] |= bit
            kept += 1
    return made[:kept].copy(), bounds[:kept].copy(), True


@numba.njit(cache=True)
def undominated(weights):  # type: ignore[no-untyped-def]  # compiled
    """Which rows, given by falling constant, are not at least as heavy everywhere as an earlier one."""
    count, kinds = weights.shape
    kept = np.ones(count, np.bool_)
    for row in range(count):
        for earlier in range(row):
            if not kept[earlier]:
                continue
            heavier = True
            for kind in range(kinds):
                if weights[earlier, kind] > weights[row, kind]:
                    heavier = False
                    break
            if heavier:
                kept[row] = False
                break
    return kept
