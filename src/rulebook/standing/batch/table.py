"""The table of a shortfall: f(s) = max over rows of (c − v · s), split where the structure allows (credit-engine §4).

Exact steps keep tables short. A minimum that follows from others is left out. Requirements that share no place make
tables of their own, whose values add up. A requirement that every place of its part serves stands alone against all
the rest: f = max(b − s, f of the rest). What remains is enumerated vertex by vertex (``vertices``), and the vertices
are split again, by a requirement that weighs 0 or 1 in all of them, wherever both halves fall into parts (``splits``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from math import prod

import numpy as np

from rulebook.standing.batch.parts import Choice, Kind, Part, Table, kind_of, linked, rows_of
from rulebook.standing.batch.splits import Vertices, split
from rulebook.standing.batch.vertices import TooLarge, vertices_of
from rulebook.standing.simplex import Infeasible, minimise

# Beyond this an enumeration takes longer than the simplex of a district.
MOST_VERTICES = 6_000
_MOST_NEED = 1 << 40


def implied_left_out(needs: Sequence[int], places: Collection[int]) -> int:
    """The live requirements, as bits: those whose minimum does not follow from the minima of the others.

    ``places`` holds the requirements served at every place a credit may lie in. A minimum follows where even the
    fewest credits in its places that meet all other minima reach it.
    """
    served = sorted(set(places) - {0})
    live = [k for k, need in enumerate(needs) if need > 0]
    for row in sorted(live, key=lambda k: -sum(mask >> k & 1 for mask in served)):
        others = [k for k in live if k != row]
        if _fewest(row, others, needs, served) >= needs[row]:
            live = others
    return sum(1 << k for k in live)


def _fewest(row: int, others: Sequence[int], needs: Sequence[int], served: Sequence[int]) -> Fraction:
    """The fewest credits in the places of ``row`` with which all others can be met; −1 where they cannot."""
    cost = [mask >> row & 1 for mask in served]
    # Low bits that differ keep the simplex from turning in circles; they are far too small to change the optimum.
    ranked = [(price << 60) + ((j + 1) * 0x9E3779B9 & 0xFFFFFFFF) for j, price in enumerate(cost)]
    rows = [{j: -1 for j, mask in enumerate(served) if mask >> k & 1} for k in others]
    try:
        solution = minimise(rows, [-needs[k] for k in others], ranked, cost)
    except Infeasible:
        return Fraction(-1)
    return sum((value for value, price in zip(solution.values, cost, strict=True) if price), Fraction(0))


def build_table(needs: Sequence[int], capacities: Collection[int], kinds: Collection[Kind], live: int) -> Table:
    """The table for these minima (whole, by requirement). Raises ``TooLarge``.

    ``capacities`` are the sets of requirements that a new credit serves, and every live requirement is in one;
    ``kinds`` are the kinds a supply may consist of.
    """
    if max(needs, default=0) >= _MOST_NEED:
        raise TooLarge("a minimum is beyond 64 bits")
    table = Table(tuple(_parts(needs, capacities, kinds, live)))
    if prod(part.size for part in table.parts) >= 1 << 62:
        raise TooLarge("more reasons than 64 bits can number")
    return table


def _parts(needs: Sequence[int], capacities: Collection[int], kinds: Collection[Kind], live: int) -> Iterator[Part]:
    groups = [frozenset([mask & live]) for mask in capacities] + [kind_of(kind, live) for kind in kinds]
    for bits in linked(live, groups):
        mine = {kind_of(kind, bits) for kind in kinds} - {frozenset()}
        yield _part(needs, kind_of(capacities, bits), mine, bits)


def _part(needs: Sequence[int], capacities: Kind, kinds: set[Kind], bits: int) -> Part:
    for row in rows_of(bits):
        everywhere = all(mask >> row & 1 for mask in capacities)
        if everywhere and all(len({mask >> row & 1 for mask in kind}) == 1 for kind in kinds):
            return Choice(row, tuple(_parts(needs, capacities, kinds, bits & ~(1 << row))), (), 0)
    rows = rows_of(bits)
    pools = sorted((sorted(kind) for kind in kinds if len(kind) > 1), key=lambda pool: (len(pool), pool))
    packed = [[_packed(mask, rows) for mask in pool] for pool in pools]
    found, scale = vertices_of([_packed(mask, rows) for mask in capacities], packed, len(rows), most=MOST_VERTICES)
    weights = np.zeros((len(found), len(needs)), np.int64)
    weights[:, rows] = found
    return split(needs, Vertices(weights, scale, bits, capacities, frozenset(kinds), 0))


def _packed(mask: int, rows: Sequence[int]) -> int:
    return sum(1 << place for place, row in enumerate(rows) if mask >> row & 1)
