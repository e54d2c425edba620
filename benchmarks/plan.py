"""The plan's cells and minima for an engine that adds up and compares, read from the rulebook's structures."""

from pathlib import Path
from typing import Any

import numpy as np
import ours
import population

from rulebook.parameters import NO_CHOICES
from rulebook.profiles import need_of, split_profiles
from rulebook.standing.batch import kept_sums
from rulebook.standing.structure import structure_for


def _rows() -> list[dict[str, tuple[int, tuple[int, ...]]]]:
    """Per group of profiles: requirement → minimum in hundredths, places that count without any move."""
    asked = []
    for person in ours.alike():
        profiles = split_profiles(ours.POLICY, person.profiles)[1]
        structure = structure_for(ours.POLICY, NO_CHOICES, profiles, person.released)
        rows = {}
        for k, row in enumerate(structure.rows):
            places = tuple(
                number
                for number, (level, category, form, tags, _) in enumerate(population.PLACES)
                if structure.mask_of(structure.place_of(level, category, form, tags)) >> k & 1
            )
            rows[row.key] = (int(need_of(ours.POLICY, NO_CHOICES, row, person)), places)
        asked.append(rows)
    return asked


def rules_for_openfisca() -> dict[str, Any]:
    """Cells are the coarsest sets of places that every requirement counts whole."""
    asked = _rows()
    distinct = sorted({row for rows in asked for row in rows.values()})
    used = {place: tuple(place in places for _, places in distinct) for place in range(len(population.PLACES))}
    alike: dict[tuple[bool, ...], list[int]] = {}
    for place, pattern in used.items():
        if any(pattern):
            alike.setdefault(pattern, []).append(place)
    cells = {f"cell_{number}": places for number, places in enumerate(alike.values())}
    names = {row: f"requirement_{number}" for number, row in enumerate(distinct)}
    rows = {
        names[minimum, places]: {
            "minimum": minimum,
            "cells": [name for name, held in cells.items() if set(held) <= set(places)],
        }
        for minimum, places in distinct
    }
    return {"cells": cells, "rows": rows, "asked": [[names[row] for row in held.values()] for held in asked]}


def met_without_offset(folder: Path) -> Any:
    """The same by addition in numpy: what OpenFisca's verdict must be."""
    columns = population.read(folder)
    sums = kept_sums(ours.ordered(columns), ours.POLICY, on=population.ON).sums
    met = np.ones(len(columns.which), bool)
    for number, rows in enumerate(_rows()):
        members = columns.which == number
        for minimum, places in rows.values():
            met[members] &= sums[members][:, list(places)].sum(axis=1) >= minimum
    return met
