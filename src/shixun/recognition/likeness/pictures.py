"""Is one photo another one cropped, resized, recompressed or lightened? Found among all by hashes, then compared.

A picture's print is 81 hashes of 63 bits, one for each way to cut off 0, 10 or 20 % at each side, the first of the
whole. A crop's whole looks like one of the windows of what it was cut from, so comparing whole with windows in both
directions finds it, in one pass over a table. What is found is laid over the other picture and compared part by part:
two certificates of one form differ where the names stand, two photos of one certificate nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Print = NDArray[np.uint64]
Box = tuple[float, float, float, float]

_CUTS = (0.0, 0.1, 0.2)
#: left, top, right, bottom: what is cut off, the whole first.
WINDOWS: tuple[Box, ...] = tuple(product(_CUTS, _CUTS, _CUTS, _CUTS))
_SMALL, _KEPT = 32, 8
CANDIDATE_BITS = 17
_LOOKED_AT = 48
_FINE, _PARTS = 96, 8
_ALIKE = 0.62


def _cosines() -> NDArray[np.float32]:
    """The lowest eight rows of the discrete cosine transform of 32 samples."""
    place = (np.arange(_SMALL) + 0.5) * np.pi / _SMALL
    return np.cos(np.outer(np.arange(_KEPT), place)).astype(np.float32)


_BASIS = _cosines()
_BITS = np.uint64(1) << np.arange(63, dtype=np.uint64)


def print_of(picture: Image.Image) -> Print:
    """The 81 hashes of a picture."""
    grey = picture.convert("L")
    grey.thumbnail((256, 256))
    width, height = grey.size
    made = np.empty((len(WINDOWS), _SMALL, _SMALL), np.float32)
    for place, (left, top, right, bottom) in enumerate(WINDOWS):
        box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
        made[place] = np.asarray(grey.resize((_SMALL, _SMALL), Image.Resampling.BOX, box=box), np.float32)
    waves = np.einsum("ui,nij,vj->nuv", _BASIS, made, _BASIS).reshape(len(WINDOWS), -1)[:, 1:]
    signs = waves > np.median(waves, axis=1, keepdims=True)
    return np.where(signs, _BITS, np.uint64(0)).sum(axis=1, dtype=np.uint64)


def to_bytes(found: Print) -> bytes:
    """A print as the database keeps it."""
    return found.astype("<u8").tobytes()


def from_bytes(stored: bytes | memoryview) -> Print:
    """A print from the database."""
    return np.frombuffer(bytes(stored), "<u8").astype(np.uint64)


def nearest(asked: Print, table: NDArray[np.uint64], most: int) -> list[int]:
    """Rows of a table of prints (n × 81) that may show the same, the nearest first, at most ``most``."""
    if not len(table):
        return []
    whole_in_windows = np.bitwise_count(table ^ asked[0]).min(axis=1)
    windows_in_whole = np.bitwise_count(table[:, :1] ^ asked[None, :]).min(axis=1)
    apart = np.minimum(whole_in_windows, windows_in_whole)
    near = np.flatnonzero(apart <= CANDIDATE_BITS)
    return [int(row) for row in near[np.argsort(apart[near], kind="stable")][:most]]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pictures are once laid over each other, 0 to 100, and whether that is the same paper."""

    score: int
    is_same: bool


def likeness(one: Image.Image, other: Image.Image) -> Likeness:
    """Compare two pictures, either of which may be a crop of the other."""
    left, right = _grey(one), _grey(other)
    first, second = print_of(left), print_of(right)
    within = int(np.bitwise_count(second ^ first[0]).argmin())
    around = int(np.bitwise_count(first ^ second[0]).argmin())
    ways = [(left, right, WINDOWS[within]), (right, left, WINDOWS[around])]
    score = max(_laid_over(whole, cut, start) for whole, cut, start in ways)
    return Likeness(max(0, round(score * 100)), score >= _ALIKE)


def _grey(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    grey.thumbnail((320, 320))
    return grey


def _laid_over(inner: Image.Image, outer: Image.Image, start: Box) -> float:
    """The best likeness of a picture and a window of another: the window is moved until it fits."""
    target = _sampled(inner, (0, 0, 0, 0), _LOOKED_AT)
    box, best = start, _agreement(target, _sampled(outer, start, _LOOKED_AT))
    for step in (0.05, 0.025, 0.012, 0.006, 0.003):
        box, best = _moved(target, outer, box, best, step)
        if step <= 0.025 and best < 0.3:
            return 0.0
    return _worst_parts(_sampled(inner, (0, 0, 0, 0), _FINE), _sampled(outer, box, _FINE))


def _moved(target: NDArray[np.float32], outer: Image.Image, box: Box, best: float, step: float) -> tuple[Box, float]:
    """One round of small moves of each side and of the whole window; keeps what fits better."""
    sides = np.concatenate([np.eye(4), -np.eye(4), [[1, 0, -1, 0], [-1, 0, 1, 0], [0, 1, 0, -1], [0, -1, 0, 1]]])
    for _ in range(3):
        tried = [_box(np.asarray(box) + step * move) for move in sides]
        found = [(_agreement(target, _sampled(outer, one, _LOOKED_AT)), one) for one in tried]
        score, one = max(found)
        if score <= best:
            break
        box, best = one, score
    return box, best


def _box(sides: NDArray[np.float64]) -> Box:
    left, top, right, bottom = (float(side) for side in sides.clip(0.0, 0.45))
    return left, top, right, bottom


def _sampled(picture: Image.Image, box: Sequence[float], size: int) -> NDArray[np.float32]:
    width, height = picture.size
    left, top, right, bottom = box
    cut = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    return np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR, box=cut), np.float32)


def _agreement(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Correlation of two samples, whatever their light."""
    left, right = one - one.mean(), other - other.mean()
    size = float(np.sqrt((left * left).sum() * (right * right).sum()))
    return float((left * right).sum() / size) if size > 1e-6 else 0.0


def _worst_parts(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """The agreement of the parts that agree least, among those in which something stands."""
    side = _FINE // _PARTS
    found = []
    spread = max(float(one.std()), 1.0)
    for row, column in product(range(_PARTS), repeat=2):
        part = np.s_[row * side : (row + 1) * side, column * side : (column + 1) * side]
        if max(one[part].std(), other[part].std()) > 0.25 * spread:
            found.append(_agreement(one[part], other[part]))
    if len(found) < 4:
        return _agreement(one, other)
    found.sort()
    return float(np.mean(found[: max(2, len(found) // 10)]))
