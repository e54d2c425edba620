"""Chance that is the same every time: generators and uuids that follow from names, never from a clock."""

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import TypeVar
from uuid import UUID, uuid5

_DEMO = UUID("a4b7c7de-52b8-5d0f-8d0c-6a1b1b0c2019")
_SEED = "shixun"

T = TypeVar("T")


def draws_for(*names: object) -> Random:
    """A generator of its own for whatever the names name: one region's change does not move another's draws."""
    return Random(":".join((_SEED, *map(str, names))))


def uuid_for(*names: object) -> UUID:
    """The uuid of whatever the names name."""
    return uuid5(_DEMO, ":".join(map(str, names)))


class Chance:
    """A few numbers out of a uuid: for the many small things that would not be worth a generator of their own."""

    def __init__(self, uuid: UUID) -> None:
        self._left = uuid.int >> 64 ^ uuid.int & (1 << 62) - 1

    def below(self, count: int) -> int:
        """A number from 0 to ``count`` − 1; good for some eight calls with small counts."""
        self._left, number = divmod(self._left, count)
        return number


class Lot:
    """Weighted choice by name: ``Lot({"语文": 5, "音乐": 1}).draw(rng)``."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._items = tuple(weights)
        self._bounds = _bounds(tuple(weights.values()))

    def draw(self, rng: Random) -> str:
        point = rng.random() * self._bounds[-1]
        return self._items[next(place for place, bound in enumerate(self._bounds) if point < bound)]


@lru_cache(maxsize=256)
def _bounds(weights: Sequence[float]) -> tuple[float, ...]:
    total, bounds = 0.0, []
    for weight in weights:
        total += weight
        bounds.append(total)
    return tuple(bounds)
