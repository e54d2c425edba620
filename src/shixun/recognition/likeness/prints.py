"""The index of prints: which of many photos may show the same as one, found without looking at all of them.

Of a photo the hashes of four windows are kept: of the whole, and of three middles, a fifth and a little more cut off at
each side. Whoever asks looks at his own photo through many windows. If it was cut from a kept one, by up to a fifth at
each side, the middles of that one lie inside it, and where no window shows one of them closely enough, some window
shows another; if a kept one was cut from it, some window shows that one whole, or its middles. Hashes of the lowest
waves lie sorted by each of their four parts of 16 bits, and are asked for with at most one bit of a part flipped; what
is near by them is ranked by the finer waves too.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shixun.recognition.likeness.pictures import Print, hashes_of

_KEPT = (0.0, 0.2, 0.24, 0.28)
_CUTS = tuple(step / 15 for step in range(6))
CANDIDATE_BITS = 14
_PARTS, _WIDTH, _APART = 4, 16, 1
_KEYS = 1 << _WIDTH


def _flips() -> NDArray[np.uint16]:
    """Every way to differ in at most ``_APART`` bits of a part."""
    bits = [1 << place for place in range(_WIDTH)]
    return np.array([sum(some) for number in range(_APART + 1) for some in combinations(bits, number)], np.uint16)


_FLIPS = _flips()


def print_of(picture: Image.Image) -> Print:
    """What is kept of a photo: the hashes of its whole and of its middles, one row each."""
    number = len(_KEPT)
    return hashes_of(picture, _KEPT)[:: (number + 1) * (number**2 + 1)]


def views_of(picture: Image.Image) -> Print:
    """What a photo is looked for by: the hashes of each window, each pair once."""
    return np.unique(hashes_of(picture, _CUTS), axis=0)


def to_bytes(found: Print) -> bytes:
    """A print as the database keeps it."""
    return found.astype("<u8").tobytes()


def from_bytes(stored: bytes | memoryview) -> Print:
    """A print from the database."""
    return np.frombuffer(bytes(stored), "<u8").astype(np.uint64).reshape(-1, 2)


class PrintIndex:
    """Prints by number, sorted by the parts of their hashes."""

    def __init__(self) -> None:
        self.ids = np.empty(0, np.int64)
        self._hashes = np.empty((0, 2), np.uint64)
        self._sorted: list[tuple[NDArray[np.int32], NDArray[np.int64]]] = []

    def add(self, ids: Sequence[int], prints: Sequence[Print]) -> None:
        """Take in more prints, each under a number of its own."""
        if not len(ids):
            return
        self.ids = np.concatenate([self.ids, np.asarray(ids, np.int64)])
        self._hashes = np.concatenate([self._hashes, np.concatenate(list(prints))])
        self._sorted = [self._by_part(part) for part in range(_PARTS)]

    def _by_part(self, part: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The places of all hashes in the order of one part, and where each of its values begins."""
        keys = _part(self._hashes[:, 0], part)
        counts = np.bincount(keys, minlength=_KEYS)
        return np.argsort(keys, kind="stable").astype(np.int32), np.concatenate([[0], np.cumsum(counts)])

    def near(self, views: Print, most: int) -> list[int]:
        """The numbers of prints that may show the same, the nearest first, at most ``most``."""
        found = [self._near_by_part(views, part) for part in range(_PARTS)] if len(self.ids) else []
        if not found:
            return []
        rows, apart = (np.concatenate(columns) for columns in zip(*found, strict=True))
        order = np.lexsort((rows, apart))
        # Each row once, at its nearest.
        _, first = np.unique(rows[order], return_index=True)
        return [int(self.ids[row]) for row in rows[order][np.sort(first)][:most]]

    def _near_by_part(self, views: Print, part: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        order, begins = self._sorted[part]
        keys = (_part(views[:, 0], part)[:, None] ^ _FLIPS[None, :]).ravel()
        asked = np.repeat(np.arange(len(views)), len(_FLIPS))
        counts = begins[keys + np.int64(1)] - begins[keys]
        hit = np.flatnonzero(counts)
        keys, asked, counts = keys[hit], asked[hit], counts[hit]
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        places = order[np.repeat(begins[keys], counts) + within]
        asked = np.repeat(asked, counts)
        low = np.bitwise_count(self._hashes[places, 0] ^ views[asked, 0])
        near = np.flatnonzero(low <= CANDIDATE_BITS)
        finer = np.bitwise_count(self._hashes[places[near], 1] ^ views[asked[near], 1])
        return places[near].astype(np.int64) // len(_KEPT), low[near] + finer


def _part(hashes: Print, part: int) -> NDArray[np.uint16]:
    return (hashes >> np.uint64(part * _WIDTH)).astype(np.uint16)
