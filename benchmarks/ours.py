"""The product: verdict, shortfall and reason from columns, and again from kept sums. ``ours.py FOLDER``."""

import sys
from pathlib import Path
from typing import Any

import contest
import numba
import numpy as np
import population

from rulebook.facts import PersonFacts
from rulebook.policy import shipped_policy
from rulebook.standing import structure
from rulebook.standing.batch import (
    KeptSums,
    OrderedEntries,
    PeopleColumns,
    Verdicts,
    demands,
    kept_sums,
    rows,
    verdicts_of,
)

POLICY = shipped_policy("shanghai-2016")


def alike() -> list[PersonFacts]:
    """What is asked of each of ``population.ALIKE``."""
    return [
        PersonFacts("", tuple(name for name in names if name != "released"), released="released" in names)
        for names, _ in population.ALIKE
    ]


def ordered(columns: population.Columns) -> OrderedEntries:
    places = [(level, category, form, frozenset(tags)) for level, category, form, tags, _ in population.PLACES]
    return OrderedEntries(columns.first, columns.day, columns.place, columns.credits, places, population.DAY_ZERO)


@numba.njit(parallel=True)
def add_up(words: Any) -> Any:
    total = 0
    for place in numba.prange(len(words)):
        total += words[place]
    return total


class Ours:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        columns = population.read(folder)
        self.bytes = columns.entry_bytes
        self.entries = ordered(columns)
        self.people = PeopleColumns(alike(), columns.which)
        self.kept: KeptSums | None = None
        self.last: Verdicts | None = None

    def verdicts(self) -> dict[str, float]:
        """G1, G3: everything from the columns; tables that are missing are made."""
        self.last = verdicts_of(POLICY, self.people, self.entries, on=population.ON, worth_a_table=1)
        return {"met": float(self.last.met.mean()), "simplex": float((self.last.served < 0).mean())}

    def read(self) -> int:
        """G4: one read of the columns, eight bytes at a time, on all cores."""
        columns = (self.entries.day, self.entries.place, self.entries.credits)
        return int(sum(int(add_up(column[: len(column) // 8 * 8].view(np.int64))) for column in columns))

    def keep(self) -> int:
        self.kept = kept_sums(self.entries, POLICY, on=population.ON, width=np.int32)
        return self.kept.sums.nbytes

    def again(self) -> float:
        """G6: everybody again from kept sums."""
        assert self.kept
        return float(verdicts_of(POLICY, self.people, self.kept, on=population.ON, worth_a_table=1).met.mean())

    def forget(self) -> None:
        """As after a new policy version: no table is left."""
        for kept in (structure._structure, demands._demands, demands._served_at, demands._served_with, rows.layout_for):
            kept.cache_clear()

    def write(self) -> int:
        """Verdicts for the comparison."""
        assert self.last
        np.save(self.folder / "ours-shortfall.npy", self.last.shortfall)
        return len(self.last.shortfall)

    def size(self) -> int:
        return self.bytes


if __name__ == "__main__":
    one = Ours(Path(sys.argv[1]))
    names = ("verdicts", "read", "keep", "again", "forget", "write", "size")
    contest.serve({name: getattr(one, name) for name in names})
