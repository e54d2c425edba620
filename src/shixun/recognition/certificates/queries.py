"""Questions to the papers: whose they are, who issued them, and whether they still hold."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from shixun.kernel.access import Scope
from shixun.ledger.queries import taken_back
from shixun.people.models import Person
from shixun.recognition.certificates.choices import PaperKind, PaperState
from shixun.recognition.models import Paper


def papers_of(person: Person) -> QuerySet[Paper]:
    """A person's papers, the newest first; seals are not among them."""
    return _named(Paper.objects.filter(person=person).exclude(kind=PaperKind.SEAL)).order_by("-issued_at", "-id")


def seals_of(person: Person) -> list[Paper]:
    """The seals of a person's cycles, the oldest first."""
    return list(_named(Paper.objects.filter(person=person, kind=PaperKind.SEAL)).order_by("since", "id"))


def papers_issued_within(scope: Scope) -> QuerySet[Paper]:
    """The papers issued by the places of a scope."""
    return _named(Paper.objects.filter(scope.within("issuer__path")).exclude(kind=PaperKind.SEAL))


def paper_of_number(number: str) -> Paper | None:
    """The paper with a number in its one spelling."""
    return _named(Paper.objects.filter(number=number)).first()


def paper_of_sheet(sha256: str) -> Paper | None:
    """The paper whose PDF has this digest."""
    return _named(Paper.objects.filter(proof__sha256=sha256)).first()


def states_of(papers: Sequence[Paper], on: date) -> dict[int, PaperState]:
    """Whether each paper still holds on a day, by primary key; one query. Read them with their revocations."""
    taken = taken_back(paper.person_id for paper in papers if paper.person_id is not None)
    return {paper.pk: _state(paper, taken.get(paper.person_id or 0, []), on) for paper in papers}


def state_of(paper: Paper, on: date) -> PaperState:
    """The same for one."""
    return states_of([paper], on)[paper.pk]


def overtaken_by(taken: Iterable[tuple[date, int]], since: date, until: date, mark: int) -> int:
    """How many of the entries that a paper may rest on have been taken back."""
    return sum(since <= earned_on <= until and number <= mark for earned_on, number in taken)


def _state(paper: Paper, taken: list[tuple[date, int]], on: date) -> PaperState:
    if hasattr(paper, "revocation"):
        return PaperState.REVOKED
    if overtaken_by(taken, paper.since, paper.until, paper.mark) > paper.reversals:
        return PaperState.SUPERSEDED
    if paper.valid_until is not None and paper.valid_until < on:
        return PaperState.EXPIRED
    return PaperState.VALID


def _named(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    return papers.select_related("person", "school", "issuer", "revocation__organisation", "proof", "issued_by__person")
