"""The proof that comes with a standing (credit-engine §6): an allocation and a dual, each checked by addition alone.

The certificate carries every place it speaks of with the requirements served there, so that the checker
(``checker.py``, which imports nothing of this package) needs no policy, no solver and no trust in this module.
Amounts are exact text in credits; weights are whole or ``"1/2"``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from rulebook.amounts import show_exact
from rulebook.standing.program import Allocation
from rulebook.standing.result import Place
from rulebook.standing.structure import Structure


def place_name(place: Place) -> str:
    """One text for a place: ``city/knowledge``, ``school/practice#it_practice``, ``district/ethics:autonomous``."""
    form = "" if place.form == "course" or not place.level else f":{place.form}"
    tags = f"#{'+'.join(place.tags)}" if place.tags else ""
    return f"{place.path}{form}{tags}"


def certificate_of(
    structure: Structure, needs: Sequence[Fraction], supply: Mapping[Place, int], allocation: Allocation
) -> dict[str, Any]:
    """The certificate of an allocation, ready for JSON."""
    ids = [row.id for row in structure.rows]
    places: dict[str, list[str]] = {}

    def named(place: Place) -> str:
        name = place_name(place)
        mask = structure.mask_of(place)
        places[name] = [ids[k] for k in range(len(ids)) if mask >> k & 1]
        return name

    kinds = [kind for kind in sorted(supply, key=structure.order_of) if supply[kind] > 0]
    weights = {ids[k]: dual for k, dual in enumerate(allocation.row_duals) if dual}
    uses = {kind: _uses(kind, supply[kind], allocation) for kind in kinds}
    return {
        "allocation": {
            "needs": {ids[k]: show_exact(need) for k, need in enumerate(needs)},
            "supply": {
                named(kind): {
                    "credits": show_exact(supply[kind]),
                    "may_count_in": [named(kind), *(named(option.place) for option in structure.options_of(kind))],
                    "counted_in": {named(place): show_exact(amount) for place, amount in uses[kind].items()},
                }
                for kind in kinds
            },
            "new_places": [named(new.place) for new in structure.new_places],
            "new": {named(new.place): show_exact(amount) for new, amount in allocation.new.items()},
            "places": places,
            "shortfall": show_exact(allocation.shortfall),
        },
        "dual": {"requirements": {row: str(weight) for row, weight in weights.items()}},
    }


def _uses(kind: Place, amount: int, allocation: Allocation) -> dict[Place, Fraction]:
    moved = {option.place: value for (place, option), value in allocation.moved.items() if place == kind}
    rest = amount - sum(moved.values(), Fraction(0))
    return {**({kind: rest} if rest else {}), **moved}
