"""Splits the vertices of one part by a requirement that weighs 0 or 1 in all of them, where both halves fall apart.

Either value of the weight leaves a face of the polyhedron. Where the requirements of a face share no place any more,
its vertices are all combinations of theirs, and a maximum over a product is a sum of maxima. That the vertices are
such a product is counted, not assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rulebook.standing.batch.parts import Choice, Kind, Leaf, Part, kind_of, kind_weights, linked, rows_of
from rulebook.standing.batch.vertices import Ints, undominated

# A part with so few vertices is compared as it is.
FEW = 12


@dataclass(frozen=True, slots=True)
class Vertices:
    """All vertices of one part, vertices × requirements over ``scale``, with the sets and kinds among its ``bits``."""

    weights: Ints
    scale: int
    bits: int
    capacities: Kind
    kinds: frozenset[Kind]
    settled: int


def split(needs: Sequence[int], part: Vertices) -> Part:
    """The shortest form found: at each step the requirement that leaves fewest vertices; exact whichever it is."""
    best, fewest = None, len(part.weights)
    for row in rows_of(part.bits) if fewest > FEW else ():
        halves = _halves(part, row)
        count = 1 + sum(len(below.weights) for half in halves for below in half)
        if halves and count < fewest:
            best, fewest = (row, halves), count
    if best is None:
        return _leaf(needs, part)
    row, (without, beside) = best
    return Choice(
        row,
        tuple(split(needs, below) for below in without),
        tuple(split(needs, below) for below in beside),
        part.settled,
    )


def _halves(part: Vertices, row: int) -> tuple[list[Vertices], list[Vertices]] | tuple[()]:
    """The parts left where the requirement weighs nothing, and where it weighs 1; empty if it cannot be split by.

    A kind that may count for it weighs 1 in the second half whatever else it may do, provided that none of its places
    serves more than a new credit.
    """
    column = part.weights[:, row]
    if not ((column == 0) | (column == part.scale)).all() or not column.any() or column.all():
        return ()
    here = {kind for kind in part.kinds if any(mask >> row & 1 for mask in kind)}
    if any(all(mask & most != mask for most in part.capacities) for kind in here for mask in kind):
        return ()
    closed = 0
    for mask in part.capacities:
        closed |= mask if mask >> row & 1 else 0
    without = _apart(part, part.weights[column == 0], part.bits & ~(1 << row), part.kinds, part.settled)
    beside = _apart(part, part.weights[column != 0], part.bits & ~closed, part.kinds - here, part.settled | 1 << row)
    return () if without is None or beside is None else (without, beside)


def _apart(part: Vertices, weights: Ints, bits: int, kinds: frozenset[Kind], settled: int) -> list[Vertices] | None:
    """The vertices of a face by the parts it falls into; None where they are not all combinations of these."""
    groups = [frozenset([mask & bits]) for mask in part.capacities] + [kind_of(kind, bits) for kind in kinds]
    found, product = [], 1
    for below in linked(bits, groups):
        own = np.zeros_like(weights)
        own[:, rows_of(below)] = weights[:, rows_of(below)]
        own = np.unique(own, axis=0)
        mine = frozenset(kind_of(kind, below) for kind in kinds) - {frozenset()}
        found.append(Vertices(own, part.scale, below, kind_of(part.capacities, below), mine, settled))
        product *= len(own)
    return found if product == len(weights) else None


def _leaf(needs: Sequence[int], part: Vertices) -> Leaf:
    """Vertices by falling constants, without those that an earlier one beats for every supply."""
    constants = part.weights @ np.array(needs, np.int64)
    by_kind = kind_weights(part.weights, sorted(part.kinds, key=sorted))
    order = np.lexsort((by_kind.sum(axis=1), -constants))
    order = order[constants[order] > 0]
    return Leaf(part.weights[order[undominated(by_kind[order])]], part.scale, part.settled)
