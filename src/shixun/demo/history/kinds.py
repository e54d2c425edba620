"""A kind of training as the demo knows it: where it is recorded, how much one project gives, who holds it, what for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

NATION, CITY, DISTRICT, SCHOOL, OWN = "nation", "city", "district", "school", "own"


@dataclass(frozen=True, slots=True)
class Kind:
    """Amounts are hundredths of a credit; ``hours`` are hundredths of an hour per credit.

    ``holder`` is who offers and recognises it (``OWN``: done alone, recognised by the district); ``weeks`` and
    ``last_week`` the weeks of a term in which it may end; ``parallel`` how many projects of the kind run side by side.
    ``topics`` may name a list shared by several kinds; ``early`` ones are earned by everybody at the beginning.
    """

    id: str
    level: str
    category: str
    form: str
    holder: str
    sizes: tuple[int, ...]
    topics: tuple[str, ...]
    prefix: str
    tags: frozenset[str] = frozenset()
    hours: int = 1000
    days: int = 0
    account: str = "teacher"
    source: str = "project"
    weeks: int = 4
    last_week: int = 99
    parallel: int = 1
    by_subject: bool = False
    gives_credits: bool = True
    early: bool = False


def load_kinds(name: str) -> dict[str, Kind]:
    """The kinds of a region by id, from ``<name>.toml`` beside this file; each id once."""
    data = tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    kinds = [_kind(row, data["topics"]) for row in data["kind"]]
    found = {kind.id: kind for kind in kinds}
    if len(found) < len(kinds):
        raise ValueError(f"{name}.toml: a kind is there twice")
    return found


def _kind(row: Mapping[str, Any], shared: Mapping[str, list[str]]) -> Kind:
    topics = shared[row["topics"]] if isinstance(row["topics"], str) else row["topics"]
    lists = {"sizes": tuple(row["sizes"]), "topics": tuple(topics), "tags": frozenset(row.get("tags", ()))}
    return Kind(**{**row, **lists})
