"""A kind of training as the demo knows it: where it is recorded, how much one project gives, who holds it, what for."""

from collections.abc import Iterable
from dataclasses import dataclass, field

NATION, CITY, DISTRICT, SCHOOL, OWN = "nation", "city", "district", "school", "own"


@dataclass(frozen=True, slots=True)
class Kind:
    """Amounts are hundredths of a credit; ``hours`` are hundredths of an hour per credit.

    ``holder`` is who offers and recognises it (``OWN``: done alone, recognised by the district); ``weeks`` and
    ``last_week`` the weeks of a term in which it may end; ``parallel`` how many projects of the kind run side by side.
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
    early: bool = field(default=False)


def by_id(kinds: Iterable[Kind]) -> dict[str, Kind]:
    """The kinds of a region, each id once."""
    found: dict[str, Kind] = {}
    for kind in kinds:
        if kind.id in found:
            raise ValueError(f"kind {kind.id} twice")
        found[kind.id] = kind
    return found
