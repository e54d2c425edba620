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
#: left, top, right, bottom: which shares are cut off.
Box = tuple[float, float, float, float]

_CUTS = (0.0, 0.1, 0.2)
_SMALL, _WAVES, _LONGEST_HASHED = 32, 12, 256
_WHOLE: Box = (0.0, 0.0, 0.0, 0.0)
_LONGEST, _SMALLEST, _FINE, _PARTS, _FEWEST = 640, 80, 320, 16, 5
#: How the window is fitted: the size looked at, and by how much its sides are moved.
_PASSES = ((40, (0.05, 0.025)), (96, (0.012, 0.006)), (192, (0.003, 0.0015)))
_MOVES = np.concatenate([np.eye(4), -np.eye(4), [[1, 0, -1, 0], [-1, 0, 1, 0], [0, 1, 0, -1], [0, -1, 0, 1]]])
_STARTS, _MOVED, _LEAST, _ALIKE = 6, 2, 0.45, 0.35


def _cosines() -> NDArray[np.float64]:
    """The lowest rows of the discrete cosine transform of 32 samples."""
    place = (np.arange(_SMALL) + 0.5) * np.pi / _SMALL
    return np.cos(np.outer(np.arange(_WAVES), place))


_BASIS = _cosines()
_BITS = np.uint64(1) << np.arange(64, dtype=np.uint64)
#: Places of the waves of 12 × 12: those of 8 × 8 but for the mean, then the slowest of the others.
_LOW = np.array([_WAVES * down + across for down, across in product(range(8), repeat=2)][1:])
_FINER = np.array(
    sorted(set(range(_WAVES**2)) - set(_LOW.tolist()) - {0}, key=lambda place: (sum(divmod(place, _WAVES)), place))[:64]
)


def hashes_of(picture: Image.Image, cuts: Sequence[float]) -> Print:
    """Two hashes for each window of ``windows_of(cuts)``, one row each: which of its lowest 63 waves lie above their
    median, and which of the next 64.
    """
    grey = picture.convert("L")
    grey.thumbnail((_LONGEST_HASHED, _LONGEST_HASHED))
    # Sums over everything above and left: what any window holds follows from its corners, wherever they lie.
    sums = np.pad(np.asarray(grey, np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    edges = _edges(cuts)
    cells = np.diff(_between(sums, edges * grey.height).reshape(-1, _SMALL + 1, sums.shape[1]), axis=1)
    cells = _between(cells.transpose(2, 0, 1), edges * grey.width)
    cells = np.diff(cells.reshape(-1, _SMALL + 1, *cells.shape[1:]), axis=1)
    # left-right, across, top-bottom, down → left-right, top-bottom, down, across
    waves = _BASIS @ cells.transpose(0, 2, 3, 1) @ _BASIS.T
    found = waves.reshape(len(cells) ** 2, -1)
    return np.stack([_above_median(found[:, which]) for which in (_LOW, _FINER)], axis=1)


def _above_median(waves: NDArray[np.float64]) -> Print:
    signs = waves > np.median(waves, axis=1, keepdims=True)
    return np.where(signs, _BITS[: waves.shape[1]], np.uint64(0)).sum(axis=1, dtype=np.uint64)


def windows_of(cuts: Sequence[float]) -> list[Box]:
    """Every way to cut so much off at left and right, and at top and bottom, in the order of ``hashes_of``."""
    sides = list(product(cuts, cuts))
    return [(left, top, right, bottom) for left, right in sides for top, bottom in sides]


def _edges(cuts: Sequence[float]) -> NDArray[np.float64]:
    """Where the cells of every cut begin and end along one side, as shares of it."""
    steps = np.arange(_SMALL + 1) / _SMALL
    return np.concatenate([first + (1 - first - last) * steps for first, last in product(cuts, cuts)])


def _between(sums: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums at places along the first axis that lie between two rows."""
    below = np.minimum(places.astype(np.int64), len(sums) - 2)
    share = (places - below).reshape(-1, *[1] * (sums.ndim - 1))
    return sums[below] * (1 - share) + sums[below + 1] * share


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pictures are once laid over each other, 0 to 100, and whether that is the same photo."""

    score: int
    is_same: bool


def likeness(one: Image.Image, other: Image.Image) -> Likeness:
    """Compare two pictures, either of which may be a crop of the other."""
    left, right = _Picture(one), _Picture(other)
    first, second = (hashes_of(found.whole, _CUTS)[:, 0] for found in (left, right))
    windows = windows_of(_CUTS)
    within, around = np.bitwise_count(second ^ first[0]), np.bitwise_count(first ^ second[0])
    # The way round that the prints prefer is tried first; the other only where that fails.
    ways = [(left, right, within), (right, left, around)]
    score = 0.0
    for inner, outer, apart in ways if within.min() <= around.min() else reversed(ways):
        starts = [windows[place] for place in np.argsort(apart, kind="stable")[:_STARTS]]
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
    target = inner.sampled(_WHOLE, size)
    # The windows that the hashes name are looked at; those that show most of it already are moved.
    near = sorted(starts, key=lambda start: -_agreement(target, outer.sampled(start, size)))[:_MOVED]
    box, best = max((_fitted(inner, outer, start, size, steps) for start in near), key=lambda found: found[1])
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
