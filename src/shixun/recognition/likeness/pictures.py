"""Is one photo another one cropped, resized, recompressed or lightened? Two are laid over each other and compared.

The window of one that the other may be is guessed from hashes of windows, moved until it fits, and compared part by
part: two certificates of one form differ where the names stand, two photos of one certificate nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Print = NDArray[np.uint64]
Sample = NDArray[np.float32]
Box = tuple[float, float, float, float]

_CUTS = (0.0, 0.1, 0.2)
#: left, top, right, bottom: what is cut off, the whole first.
WINDOWS: tuple[Box, ...] = tuple(product(_CUTS, _CUTS, _CUTS, _CUTS))
_SMALL, _KEPT = 32, 8
_WHOLE: Box = (0.0, 0.0, 0.0, 0.0)
_LONGEST, _SMALLEST, _FINE, _PARTS, _FEWEST = 640, 80, 320, 16, 5
#: How the window is fitted: the size looked at, and by how much its sides are moved.
_PASSES = ((40, (0.05, 0.025)), (96, (0.012, 0.006)), (192, (0.003, 0.0015)))
_MOVES = np.concatenate([np.eye(4), -np.eye(4), [[1, 0, -1, 0], [-1, 0, 1, 0], [0, 1, 0, -1], [0, -1, 0, 1]]])
_STARTS, _LEAST, _ALIKE = 5, 0.45, 0.35


def _cosines() -> NDArray[np.float32]:
    """The lowest eight rows of the discrete cosine transform of 32 samples."""
    place = (np.arange(_SMALL) + 0.5) * np.pi / _SMALL
    return np.cos(np.outer(np.arange(_KEPT), place)).astype(np.float32)


_BASIS = _cosines()
_BITS = np.uint64(1) << np.arange(63, dtype=np.uint64)


def hashes_of(picture: Image.Image, boxes: Sequence[Box]) -> Print:
    """A hash of 63 bits for each window: which of its lowest waves are stronger than their median."""
    grey = picture.convert("L")
    grey.thumbnail((256, 256))
    width, height = grey.size
    made = np.empty((len(boxes), _SMALL, _SMALL), np.float32)
    for place, (left, top, right, bottom) in enumerate(boxes):
        box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
        made[place] = np.asarray(grey.resize((_SMALL, _SMALL), Image.Resampling.BOX, box=box), np.float32)
    waves = (_BASIS @ made @ _BASIS.T).reshape(len(boxes), -1)[:, 1:]
    signs = waves > np.median(waves, axis=1, keepdims=True)
    return np.where(signs, _BITS, np.uint64(0)).sum(axis=1, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pictures are once laid over each other, 0 to 100, and whether that is the same photo."""

    score: int
    is_same: bool


def likeness(one: Image.Image, other: Image.Image) -> Likeness:
    """Compare two pictures, either of which may be a crop of the other."""
    left, right = _Picture(one), _Picture(other)
    first, second = hashes_of(left.whole, WINDOWS), hashes_of(right.whole, WINDOWS)
    within, around = np.bitwise_count(second ^ first[0]), np.bitwise_count(first ^ second[0])
    # The way round that the prints prefer is tried first; the other only where that fails.
    ways = [(left, right, within), (right, left, around)]
    score = 0.0
    for inner, outer, apart in ways if within.min() <= around.min() else reversed(ways):
        starts = [WINDOWS[place] for place in np.argsort(apart, kind="stable")[:_STARTS]]
        score = max(score, _laid_over(inner, outer, starts))
        if score >= _ALIKE:
            break
    return Likeness(max(0, round(score * 100)), score >= _ALIKE)


class _Picture:
    """A grey picture in several sizes: what is looked at small is cut from a small one, which is quick."""

    def __init__(self, picture: Image.Image) -> None:
        grey = picture.convert("L")
        grey.thumbnail((_LONGEST, _LONGEST))
        self.whole = grey
        self._sizes = [grey]
        while max(self._sizes[-1].size) > 2 * _SMALLEST:
            last = self._sizes[-1]
            self._sizes.append(last.resize((max(1, last.width // 2), max(1, last.height // 2)), Image.Resampling.BOX))

    def sampled(self, box: Box, size: int) -> Sample:
        """A window of the picture as so many samples each way."""
        found = next((one for one in reversed(self._sizes) if max(one.size) >= 2 * size), self.whole)
        width, height = found.size
        left, top, right, bottom = box
        cut = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
        return np.asarray(found.resize((size, size), Image.Resampling.BILINEAR, box=cut), np.float32)


def _laid_over(inner: _Picture, outer: _Picture, starts: Sequence[Box]) -> float:
    """How alike a picture and a window of another are: the window is moved until it fits, then parts are compared."""
    (size, steps), *finer = _PASSES
    box, best = max((_fitted(inner, outer, start, size, steps) for start in starts), key=lambda found: found[1])
    for size, steps in finer:
        if best < _LEAST:
            return 0.0
        box, best = _fitted(inner, outer, box, size, steps)
    # Nothing finer than the coarser of the two can be asked for.
    fine = min(_FINE, inner.whole.width, round(outer.whole.width * (1 - box[0] - box[2])))
    return _worst_parts(inner.sampled(_WHOLE, fine), outer.sampled(box, fine))


def _fitted(inner: _Picture, outer: _Picture, box: Box, size: int, steps: Sequence[float]) -> tuple[Box, float]:
    """The window near a box that fits best at one size, and how well."""
    target = inner.sampled(_WHOLE, size)
    best = _agreement(target, outer.sampled(box, size))
    for step in steps:
        box, best = _moved(target, outer, box, best, step, size)
    return box, best


def _moved(target: Sample, outer: _Picture, box: Box, best: float, step: float, size: int) -> tuple[Box, float]:
    """Small moves of each side and of the whole window, as long as it fits better."""
    for _ in range(4):
        tried = [_box(np.asarray(box) + step * move) for move in _MOVES]
        score, one = max((_agreement(target, outer.sampled(one, size)), one) for one in tried)
        if score <= best:
            break
        box, best = one, score
    return box, best


def _box(sides: NDArray[np.float64]) -> Box:
    left, top, right, bottom = (float(side) for side in sides.clip(0.0, 0.45))
    return left, top, right, bottom


def _agreement(one: Sample, other: Sample) -> float:
    """Correlation of two samples, whatever their light."""
    left, right = one - one.mean(), other - other.mean()
    size = float(np.sqrt((left * left).sum() * (right * right).sum()))
    return float((left * right).sum() / size) if size > 1e-6 else 0.0


def _worst_parts(one: Sample, other: Sample) -> float:
    """The agreement of the few parts that agree least, among those in which something stands."""
    side = len(one) // _PARTS
    first, second = (_in_parts(sample, side) for sample in (one, other))
    spread = np.maximum(first.std(axis=1), second.std(axis=1))
    written = spread > 0.35 * max(float(one.std()), float(other.std()), 1.0)
    if written.sum() < _FEWEST:
        return _agreement(one, other)
    left = first[written] - first[written].mean(axis=1, keepdims=True)
    right = second[written] - second[written].mean(axis=1, keepdims=True)
    size = np.sqrt((left * left).sum(axis=1) * (right * right).sum(axis=1)).clip(1e-6)
    found = np.sort((left * right).sum(axis=1) / size)
    return float(found[:_FEWEST].mean())


def _in_parts(sample: Sample, side: int) -> Sample:
    """Squares of ``side``, each as one row."""
    kept = sample[: side * _PARTS, : side * _PARTS]
    return kept.reshape(_PARTS, side, _PARTS, side).swapaxes(1, 2).reshape(_PARTS * _PARTS, side * side)
