"""The same rules in OpenFisca-core, as far as it can say them: ``openfisca_model.py FOLDER``.

Entries are its persons and teachers its groups, as households are. Each cell of the plan is a variable summed over a
teacher's entries, each requirement a sum of cells held against a parameter, the verdict their conjunction. What it
cannot say is left out: an offset is a choice among allocations, and a formula has none to make. So its verdict is that
of a plan without offsets; the product's adds the best use of them, the shortfall, and the reason.

The cells and minima of FOLDER/rules.json are read from the plan by ``run.py``, so that both sides ask the same.
"""

import json
import sys
from pathlib import Path
from typing import Any

import contest
import numpy as np
import population
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = periods.period("2020")
LAST = population.ON.toordinal() - population.DAY_ZERO
Entry = build_entity(key="entry", plural="entries", label="One entry of the credit bank", is_person=True)
Teacher = build_entity(
    key="teacher",
    plural="teachers",
    label="A teacher",
    roles=[{"key": "member", "plural": "members", "label": "Entry"}],
)


def given(label: str, of: Any, kind: type = int) -> type[Variable]:
    """A variable that is told, not computed."""
    body = {"value_type": kind, "entity": of, "definition_period": periods.ETERNITY, "label": label}
    return type(label, (Variable,), body)


def cell(label: str, places: list[int]) -> type[Variable]:
    """Hundredths of the entries in some places, up to the day."""

    def formula(teacher: Any, period: Any) -> Any:
        place, counts = teacher.members("place", period), teacher.members("day", period) <= LAST
        inside = np.isin(place, places) if len(places) > 1 else place == places[0]
        return teacher.sum(teacher.members("credits", period) * (inside & counts))

    body = {"value_type": int, "entity": Teacher, "definition_period": periods.YEAR, "label": label}
    return type(label, (Variable,), {**body, "formula": formula})


def requirement(label: str, cells: list[str]) -> type[Variable]:
    """Is the minimum of this requirement reached?"""

    def formula(teacher: Any, period: Any, parameters: Any) -> Any:
        counted = sum(teacher(name, period) for name in cells)
        return counted >= parameters(period).minimum[label]

    body = {"value_type": bool, "entity": Teacher, "definition_period": periods.YEAR, "label": label}
    return type(label, (Variable,), {**body, "formula": formula})


def verdict(asked: list[list[str]]) -> type[Variable]:
    """Met where every requirement of the teacher's own profiles is."""

    def formula(teacher: Any, period: Any) -> Any:
        which, met = teacher("which", period), np.zeros(teacher.count, bool)
        for number, names in enumerate(asked):
            all_met = np.ones(teacher.count, bool)
            for name in names:
                all_met &= teacher(name, period)
            met |= (which == number) & all_met
        return met

    body = {"value_type": bool, "entity": Teacher, "definition_period": periods.YEAR, "label": "met"}
    return type("met", (Variable,), {**body, "formula": formula})


def system_of(rules: dict[str, Any]) -> TaxBenefitSystem:
    system = TaxBenefitSystem([Entry, Teacher])
    minima = {name: {"values": {"2016-01-01": {"value": row["minimum"]}}} for name, row in rules["rows"].items()}
    system.parameters = ParameterNode("", data={"minimum": minima})
    for label in ("place", "day", "credits"):
        system.add_variable(given(label, Entry))
    system.add_variable(given("which", Teacher))
    for name, places in rules["cells"].items():
        system.add_variable(cell(name, places))
    for name, row in rules["rows"].items():
        system.add_variable(requirement(name, row["cells"]))
    system.add_variable(verdict(rules["asked"]))
    return system


class OpenFisca:
    def __init__(self, folder: Path) -> None:
        self.folder, self.columns = folder, population.read(folder)
        self.system = system_of(json.loads((folder / "rules.json").read_text()))
        self.simulation: Any = None
        self.met: Any = None

    def build(self) -> int:
        """The population: entries, teachers, who belongs to whom, and what is told."""
        columns = self.columns
        people, teachers = len(columns.credits), len(columns.which)
        builder = SimulationBuilder()
        builder.create_entities(self.system)
        builder.declare_person_entity("entry", np.arange(people))
        group = builder.declare_entity("teacher", np.arange(teachers))
        owner = np.repeat(np.arange(teachers), np.diff(columns.first))
        builder.join_with_persons(group, owner, np.full(people, "member"))
        self.simulation = builder.build(self.system)
        for name in ("place", "day", "credits"):
            self.simulation.set_input(name, periods.ETERNITY, getattr(columns, name).astype(np.int32))
        self.simulation.set_input("which", periods.ETERNITY, columns.which)
        return people

    def compute(self) -> float:
        self.met = self.simulation.calculate("met", PERIOD)
        return float(self.met.mean())

    def write(self) -> int:
        np.save(self.folder / "openfisca-met.npy", self.met)
        return len(self.met)


if __name__ == "__main__":
    one = OpenFisca(Path(sys.argv[1]))
    contest.serve({"build": one.build, "compute": one.compute, "write": one.write})
