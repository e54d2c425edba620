"""Invented teachers under shanghai-2016 for the measurements: columns, the same for the same size, kept in a folder.

``python benchmarks/population.py TEACHERS FOLDER`` writes one .npy file a column. Each teacher has sixty entries; her
own leanings decide where they lie, so that some meet everything, most nearly do, and some need an offset to do so.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ENTRIES = 60
DAY_ZERO = date(2016, 1, 1).toordinal()
LAST_DAY = date(2020, 12, 31).toordinal() - DAY_ZERO
ON = date(2020, 9, 30)
CHUNK = 50_000
COLUMNS = ("first", "day", "place", "credits", "which")

#: Profiles and how many of a thousand teachers have them; ``released`` is written like a profile.
ALIKE: tuple[tuple[tuple[str, ...], int], ...] = (
    (("teacher",), 600),
    (("teacher", "class_teacher"), 180),
    (("teacher", "middle_manager"), 60),
    (("teacher", "senior"), 50),
    (("teacher", "class_teacher", "senior"), 20),
    (("teacher", "trainer"), 15),
    (("teacher", "released"), 10),
    (("teacher", "college_head"), 2),
    (("pd_school",), 33),
    (("vocational",), 30),
)

#: Where entries lie: level, category, form, tags, and how much more often than others.
PLACES: tuple[tuple[str, str, str, tuple[str, ...], float], ...] = (
    ("national", "ethics", "course", (), 0.2),
    ("national", "knowledge", "course", (), 0.5),
    ("city", "ethics", "course", (), 3),
    ("city", "literacy", "course", (), 1),
    ("city", "knowledge", "course", (), 4),
    ("city", "practice", "course", (), 0.5),
    ("city", "knowledge", "course", ("it_general",), 3.5),
    ("district", "ethics", "course", (), 2.5),
    ("district", "literacy", "course", (), 1.5),
    ("district", "knowledge", "course", (), 10),
    ("district", "practice", "course", (), 1),
    ("district", "knowledge", "course", ("it_specialised",), 7),
    ("school", "ethics", "course", (), 6),
    ("school", "literacy", "course", (), 3.5),
    ("school", "knowledge", "course", (), 2),
    ("school", "practice", "course", (), 14),
    ("school", "practice", "course", ("it_practice",), 3.5),
    ("district", "ethics", "autonomous", (), 1.5),
    ("district", "knowledge", "autonomous", (), 4),
    ("district", "practice", "autonomous", (), 1),
    ("school", "ethics", "autonomous", (), 2),
    ("school", "knowledge", "autonomous", (), 1),
    ("", "", "degree", (), 0.02),
    ("district", "ethics", "course", ("class_teacher",), 0),
    ("district", "knowledge", "course", ("class_teacher",), 0),
    ("city", "ethics", "course", ("class_teacher",), 0),
    ("district", "knowledge", "course", ("middle_manager",), 0),
    ("city", "knowledge", "course", ("middle_manager",), 0),
    ("district", "practice", "autonomous", ("senior",), 0),
    ("school", "practice", "autonomous", ("senior_core",), 0),
    ("city", "knowledge", "course", ("trainer",), 0),
)
#: What an addition makes likely: place by its number, weight.
LIKELY: dict[str, dict[int, float]] = {
    "class_teacher": {23: 6, 24: 4, 25: 0.3},
    "middle_manager": {26: 16, 27: 0.6},
    "senior": {28: 6, 29: 30},
    "trainer": {30: 20},
    "college_head": {4: 8},
    "pd_school": {15: 14},
}
AMOUNTS = np.array([30, 50, 50, 80, 80, 100, 100, 120, 150, 200, 250, 300], np.int32)


@dataclass(frozen=True)
class Columns:
    """Entries person by person: ``first`` bounds them, ``which`` numbers ``ALIKE``."""

    first: NDArray[np.int32]
    day: NDArray[np.uint16]
    place: NDArray[np.uint8]
    credits: NDArray[np.int32]
    which: NDArray[np.int32]

    @property
    def entry_bytes(self) -> int:
        return sum(getattr(self, name).nbytes for name in COLUMNS)


def write(teachers: int, folder: Path) -> None:
    """One file a column; the last one written names the size, so that a broken run is not taken for a whole one."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = list(_parts(teachers))
    for name in COLUMNS[1:]:
        np.save(folder / f"{name}.npy", np.concatenate([getattr(part, name) for part in parts]))
    np.save(folder / "first.npy", np.arange(teachers + 1, dtype=np.int32) * ENTRIES)
    (folder / "size.json").write_text(json.dumps({"teachers": teachers, "entries": teachers * ENTRIES}))


def read(folder: Path) -> Columns:
    return Columns(*(np.load(folder / f"{name}.npy") for name in COLUMNS))


def ensure(teachers: int, folder: Path) -> Path:
    """The folder of a population of this size, written if it is not there."""
    place = folder / str(teachers)
    if not (place / "size.json").exists():
        write(teachers, place)
    return place


def _parts(teachers: int) -> Iterator[Columns]:
    for start in range(0, teachers, CHUNK):
        yield _part(start, min(CHUNK, teachers - start))


def _part(start: int, count: int) -> Columns:
    random = np.random.default_rng([20160101, start])
    shares = np.array([share for _, share in ALIKE], float)
    which = random.choice(len(ALIKE), count, p=shares / shares.sum()).astype(np.int32)
    leaning = random.gamma(20.0, 0.05, (count, len(PLACES)))
    weights = _weights()[which] * leaning
    bounds = np.cumsum(weights, axis=1)
    bounds /= bounds[:, -1:]
    drawn = np.sort(random.random((count, ENTRIES)), axis=1)
    place = np.empty((count, ENTRIES), np.uint8)
    for person in range(count):
        place[person] = np.searchsorted(bounds[person], drawn[person])
    place = random.permuted(place, axis=1)
    diligence = random.choice(np.array([0.7, 1.0, 1.2, 1.4, 1.4]), count)
    credits = AMOUNTS[random.integers(0, len(AMOUNTS), (count, ENTRIES))] * diligence[:, None]
    credits = (np.round(credits / 5) * 5).astype(np.int32)
    day = random.integers(0, LAST_DAY + 1, (count, ENTRIES)).astype(np.uint16)
    return Columns(np.zeros(0, np.int32), day.ravel(), place.ravel(), credits.ravel(), which)


def _weights() -> NDArray[np.float64]:
    made = np.tile([weight for *_, weight in PLACES], (len(ALIKE), 1))
    for row, (profiles, _) in enumerate(ALIKE):
        for profile in profiles:
            for place, weight in LIKELY.get(profile, {}).items():
                made[row, place] += weight
    return made


def main(words: Sequence[str]) -> None:
    ensure(int(words[0]), Path(words[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
