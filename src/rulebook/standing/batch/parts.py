"""What a table of shortfalls is made of: vertices, choices between two halves, and the kinds they weigh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm, prod

import numpy as np

from rulebook.standing.batch.vertices import Ints

#: A kind of credit as a table sees it: the largest sets of requirements (bit k: row k) it may serve.
Kind = frozenset[int]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Vertices of one part: ``weights`` (vertices × all requirements) over ``scale``, by falling constants.

    ``settled`` are the requirements (bits) chosen above: kinds they count weigh nothing here.
    """

    weights: Ints
    scale: int
    settled: int

    @property
    def size(self) -> int:
        """How many reasons it can give; 0 is "nothing is missing here"."""
        return len(self.weights) + 1

    def reason(self, code: int) -> dict[int, Fraction]:
        if code == 0:
            return {}
        row = self.weights[code - 1]
        return {int(k): Fraction(int(row[k]), self.scale) for k in np.flatnonzero(row)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A requirement that weighs nothing or 1: the larger of the sum without it, and of it with what it leaves free."""

    row: int
    without: tuple[Part, ...]
    beside: tuple[Part, ...]
    settled: int

    @property
    def size(self) -> int:
        return prod(part.size for part in self.without) + prod(part.size for part in self.beside)

    def reason(self, code: int) -> dict[int, Fraction]:
        count = prod(part.size for part in self.without)
        if code < count:
            return joined_reason(self.without, code)
        return {self.row: Fraction(1)} | joined_reason(self.beside, code - count)


Part = Leaf | Choice


def joined_reason(parts: Sequence[Part], code: int) -> dict[int, Fraction]:
    """The weights of several parts together; codes are digits, the last part's first."""
    weights: dict[int, Fraction] = {}
    for part in reversed(parts):
        code, digit = divmod(code, part.size)
        weights |= part.reason(digit)
    return weights


@dataclass(frozen=True)
class Table:
    """The parts whose values add up to the shortfall, exact for every supply of the kinds it was built for."""

    parts: tuple[Part, ...]

    def reason(self, code: int) -> dict[int, Fraction]:
        """Requirement (its index) → weight: the dual that proves a shortfall."""
        return joined_reason(self.parts, code)

    @cached_property
    def scale(self) -> int:
        return lcm(1, *(part.scale for part in _all_parts(self.parts) if isinstance(part, Leaf)))

    @cached_property
    def rows(self) -> int:
        """Rows that are compared for one person at most."""
        return sum(len(part.weights) if isinstance(part, Leaf) else 1 for part in _all_parts(self.parts))


def _all_parts(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Choice):
            yield from _all_parts(part.without)
            yield from _all_parts(part.beside)


def kind_of(masks: Iterable[int], live: int) -> Kind:
    """The largest of the sets served, among the requirements that are live; empty where none is served."""
    cut = {mask & live for mask in masks} - {0}
    return frozenset(mask for mask in cut if not any(mask != other and mask & other == mask for other in cut))


def kind_weights(weights: Ints, kinds: Sequence[Kind]) -> Ints:
    """What one credit of each kind weighs at each vertex, in its heaviest place: vertices × kinds."""
    masks = sorted({mask for kind in kinds for mask in kind})
    bits = np.array([[mask >> row & 1 for mask in masks] for row in range(weights.shape[1])], np.int64)
    by_mask = weights @ bits.reshape(weights.shape[1], len(masks))
    column = {mask: place for place, mask in enumerate(masks)}
    made = np.zeros((len(weights), len(kinds)), np.int64)
    for place, kind in enumerate(kinds):
        made[:, place] = by_mask[:, [column[mask] for mask in kind]].max(axis=1, initial=0)
    return made


def rows_of(bits: int) -> list[int]:
    return [row for row in range(bits.bit_length()) if bits >> row & 1]


def linked(live: int, groups: Iterable[Kind]) -> list[int]:
    """The requirements in parts that share no place, each as bits."""
    parts = [1 << row for row in rows_of(live)]
    for group in groups:
        bits = 0
        for mask in group:
            bits |= mask
        touched = [part for part in parts if part & bits]
        parts = [part for part in parts if not part & bits]
        if touched:
            parts.append(sum(touched))
    return sorted(parts, key=lambda part: part & -part)
