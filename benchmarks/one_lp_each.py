"""One linear program per teacher, warm: ``one_lp_each.py FOLDER TEACHERS``. HiGHS keeps a model per group of profiles.

Every place a kind may count in and every new credit is a variable, every requirement and every supply a row; from one
teacher to the next only the supplies change.
"""

import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import contest
import highspy
import numpy as np
import ours
import population

from rulebook.parameters import NO_CHOICES
from rulebook.profiles import need_of, split_profiles
from rulebook.standing.batch import kept_sums
from rulebook.standing.structure import structure_for

GRAIN = 24  # weights are halves or thirds: an optimum is a multiple of a small fraction of a hundredth


class Model:
    """The program of one group; ``least`` gives the shortfall in hundredths, rounded up."""

    def __init__(self, person: Any, places: Any) -> None:
        profiles = split_profiles(ours.POLICY, person.profiles)[1]
        structure = structure_for(ours.POLICY, NO_CHOICES, profiles, person.released)
        needs = [float(need_of(ours.POLICY, NO_CHOICES, row, person)) for row in structure.rows]
        columns: list[tuple[int, int]] = []
        for kind, recorded in enumerate(places):
            place = structure.place_of(*recorded)
            masks = {structure.mask_of(place), *(option.mask for option in structure.options_of(place))}
            columns += [(kind, mask) for mask in sorted(masks) if mask]
        columns += [(-1, new.mask) for new in structure.new_places]
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.passModel(_program(columns, needs, len(places)))
        self.supplies = np.arange(len(needs), len(needs) + len(places), dtype=np.int32)

    def least(self, sums: Any) -> int:
        count = len(self.supplies)
        self.solver.changeRowsBounds(count, self.supplies, np.full(count, -highspy.kHighsInf), sums.astype(float))
        self.solver.run()
        value = self.solver.getInfo().objective_function_value
        return math.ceil(Fraction(round(value * GRAIN), GRAIN))


def _program(columns: list[tuple[int, int]], needs: list[float], kinds: int) -> Any:
    rows_of = []
    for source, mask in columns:
        served = [k for k in range(len(needs)) if mask >> k & 1]
        rows_of.append(served + ([len(needs) + source] if source >= 0 else []))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(columns), len(needs) + kinds
    lp.col_cost_ = np.array([float(source < 0) for source, _ in columns])
    lp.col_lower_, lp.col_upper_ = np.zeros(len(columns)), np.full(len(columns), highspy.kHighsInf)
    lp.row_lower_ = np.array([*needs, *[-highspy.kHighsInf] * kinds])
    lp.row_upper_ = np.array([highspy.kHighsInf] * len(needs) + [0.0] * kinds)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.cumsum([0] + [len(rows) for rows in rows_of])
    lp.a_matrix_.index_ = np.array([row for rows in rows_of for row in rows])
    lp.a_matrix_.value_ = np.ones(sum(map(len, rows_of)))
    return lp


class OneEach:
    def __init__(self, folder: Path, teachers: int) -> None:
        self.folder, self.columns = folder, population.read(folder)
        entries = ours.ordered(self.columns)
        self.sums = kept_sums(entries, ours.POLICY, on=population.ON, width=np.int32).sums[:teachers]
        self.models = [Model(person, entries.places) for person in ours.alike()]
        self.found: list[int] = []

    def solve(self) -> int:
        which = self.columns.which
        self.found = [self.models[which[one]].least(sums) for one, sums in enumerate(self.sums)]
        return len(self.found)

    def write(self) -> int:
        np.save(self.folder / "one-lp-each.npy", np.array(self.found))
        return len(self.found)


if __name__ == "__main__":
    one = OneEach(Path(sys.argv[1]), int(sys.argv[2]))
    contest.serve({"solve": one.solve, "write": one.write})
