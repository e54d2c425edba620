"""Draws anyone can recompute (抽取): a seed committed to before the list is known, the list's digest, the order.

The commitment (``commitment_of``) is published first; afterwards seed and list are shown, and ``draw`` gives the same
again. Nothing here makes a seed: whoever draws brings one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Draw:
    """``order`` is the whole list in drawn order; the first ``take`` are drawn. ``digest`` names the list."""

    commitment: str
    digest: str
    order: tuple[str, ...]
    take: int

    @property
    def drawn(self) -> tuple[str, ...]:
        return self.order[: self.take]


def commitment_of(seed: bytes) -> str:
    """What is published before the draw: it binds the seed and does not tell it."""
    return hashlib.sha256(b"shixun draw\0" + seed).hexdigest()


def digest_of_list(items: Iterable[str]) -> str:
    """SHA-256 over the items, sorted, one a line: the same list in any order has the same digest."""
    return hashlib.sha256("\n".join(sorted(items)).encode()).hexdigest()


def draw(seed: bytes, items: Sequence[str], take: int) -> Draw:
    """Order a list by HMAC-SHA256 of seed, list digest and item. Raises ``ValueError`` for a list with repetitions."""
    if len(set(items)) != len(items):
        raise ValueError("an item stands twice in the list")
    if not 0 <= take <= len(items):
        raise ValueError(f"{take} cannot be taken of {len(items)}")
    digest = digest_of_list(items)

    def mark(item: str) -> bytes:
        return hmac.new(seed, f"{digest}\0{item}".encode(), hashlib.sha256).digest()

    order = tuple(sorted(items, key=lambda item: (mark(item), item)))
    return Draw(commitment_of(seed), digest, order, take)


def is_draw_right(seed: bytes, items: Sequence[str], claimed: Draw) -> bool:
    """Does a published draw follow from its seed and its list?"""
    return draw(seed, items, claimed.take) == claimed


def sample_size(number: int, share: Fraction, least: int = 1) -> int:
    """How many of ``number`` a stated share asks for, rounded up; at least ``least``, at most all."""
    return min(number, max(least, ceil(number * share)))
