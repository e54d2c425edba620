"""From programmes to what the credit bank is told: accounts to open, postings, and the mistakes that are mended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulebook.periods import Cycle
from shixun.demo.careers.career import Career
from shixun.demo.history.catalogue import Catalogue, Offer, Project
from shixun.demo.history.kinds import OWN, Kind
from shixun.demo.history.programme import Item, Programme, items_of
from shixun.demo.school_terms import TERMS
from shixun.demo.seeded import draws_for
from shixun.ledger.content import Posting
from shixun.people.models import Person

_MISTAKEN = 0.0008
_MISTAKES = (
    ("学时误记：多记了一个半天，更正后重新登记。", 40),
    ("折算有误：误按两个半天登记，更正后重新登记。", 80),
)


@dataclass(frozen=True, slots=True)
class Credit:
    """One project of one person; ``mistake`` (reason, hundredths too many) where it was first entered wrongly."""

    career: Career
    project: Project
    mistake: tuple[str, int] | None = None

    @property
    def key(self) -> str:
        return f"demo.{self.career.code}.{self.project.key}"

    @property
    def mistaken_key(self) -> str:
        return f"{self.key}.0"


def credits_of(
    career: Career, programme: Programme, kinds: Mapping[str, Kind], catalogue: Catalogue
) -> Iterator[Credit]:
    """What one person has been credited with by the demo's day, each project once."""
    rng = draws_for("credits", career.code)
    taken: set[str] = set()
    places = [career.place_on(term.ends_on) for term in TERMS]
    for item in items_of(programme, career, kinds, rng):
        project = _project(item, career, places[item.term], catalogue, taken, rng.randrange(item.kind.parallel))
        if project is not None:
            mistaken = item.credits >= 80 and item.kind.gives_credits and rng.random() < _MISTAKEN
            yield Credit(career, project, rng.choice(_MISTAKES) if mistaken else None)


def account_kinds(career: Career, credits: Sequence[Credit]) -> set[str]:
    """The kinds of account somebody needs: of her bases, and of what she was credited with."""
    bases = {"principal", "principal_designate", "probation"} & career.profiles
    if {"teacher", "pd_school", "vocational"} & career.profiles:
        bases.add("teacher")
    return bases | {credit.project.kind.account for credit in credits}


def postings_of(
    credits: Sequence[Credit],
    persons: Mapping[str, Person],
    accounts: Mapping[tuple[int, str, str], Any],
    cycle: Cycle,
) -> Iterator[Posting]:
    """Every entry of the batch; where there was a mistake the wrong one too, before the right one.

    ``accounts``: the ledger's accounts by person's id, kind and cycle.
    """
    for credit in credits:
        project = credit.project
        account = accounts[persons[credit.career.code].pk, project.kind.account, cycle.id]
        if credit.mistake is not None:
            wrong = replace(project.facts, credits=project.facts.credits + credit.mistake[1])
            yield Posting(account, wrong, project.source, project.recognition, credit.mistaken_key)
        yield Posting(account, project.facts, project.source, project.recognition, credit.key)


def _project(
    item: Item, career: Career, place: str, catalogue: Catalogue, taken: set[str], turn: int
) -> Project | None:
    """The project for an item; another one of its kind where she has done the first already."""
    own = career.code if item.kind.holder == OWN else ""
    while True:
        offer = Offer(item.kind, item.credits, place, item.term, career.subject, career.stage, turn, own)
        project = catalogue.find(offer)
        if project is None or project.key not in taken:
            break
        turn += 1
    if project is not None:
        taken.add(project.key)
    return project
