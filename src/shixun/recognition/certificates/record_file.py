"""The record file (电子档案) of a teacher: where she worked, what she learned and declared, year by year (AR-01)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from rulebook.amounts import show_amount
from shixun.approvals.choices import StepKind
from shixun.approvals.models import Step
from shixun.ledger.queries import entries_of
from shixun.people.acting import Actor
from shixun.people.models import Appointment, Person
from shixun.people.queries import appointments_of
from shixun.recognition.certificates.queries import papers_of
from shixun.recognition.models import Adjustment, Claim, Evidence, Paper, TrainingRecord
from shixun.recognition.permissions import can_see_claim, sees_claims_at
from shixun.recognition.queries.claims import claims_with_their_way, idle_records_of

_SHOWN = (StepKind.MOVED, StepKind.UNDONE)


@dataclass(frozen=True, slots=True)
class Decided:
    """One line of what became of a claim: what was done, by whom, when, why."""

    at: datetime
    title: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordClaim:
    """A claim with its evidence and everything that was decided about it; ``may_open``: the reader sees its page."""

    claim: Claim
    evidence: list[Evidence]
    decisions: list[Decided]
    may_open: bool


@dataclass(slots=True)
class RecordYear:
    """One year: appointments begun, lines earned with corrections, claims, results without credits, papers."""

    year: int
    appointments: list[Appointment] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    claims: list[RecordClaim] = field(default_factory=list)
    idle: list[TrainingRecord] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    @property
    def credits(self) -> int:
        return sum(entry.credits for entry in self.entries)

    @property
    def hours(self) -> int:
        return sum(entry.hours for entry in self.entries)


def record_of(person: Person, reader: Actor) -> list[RecordYear]:
    """All years in which something was recorded, the newest first; the number of queries is fixed."""
    years: dict[int, RecordYear] = {}
    for held in appointments_of(person):
        _of(years, held.valid_from.year).appointments.append(held)
    for entry in entries_of(person):
        _of(years, entry.earned_on.year).entries.append(entry)
    for claim in claims_with_their_way(person):
        may_open = sees_claims_at(reader, claim.organisation.path) or can_see_claim(reader, claim)
        told = RecordClaim(claim, list(claim.evidence.all()), _decisions(claim), may_open)
        _of(years, _year_of(claim)).claims.append(told)
    for record in idle_records_of(person):
        _of(years, record.year).idle.append(record)
    for paper in papers_of(person):
        _of(years, localtime(paper.issued_at).year).papers.append(paper)
    return [years[year] for year in sorted(years, reverse=True)]


def _of(years: dict[int, RecordYear], year: int) -> RecordYear:
    return years.setdefault(year, RecordYear(year))


def _year_of(claim: Claim) -> int:
    """The year it was earned in; of one without a day, the year in which it was handed in."""
    if claim.ends_on is not None or claim.submitted_at is None:
        return claim.ends_on.year if claim.ends_on else localtime(claim.saved_at).year
    return localtime(claim.submitted_at).year


def _decisions(claim: Claim) -> list[Decided]:
    """Steps and adjustments in the order of time."""
    if claim.case is None:
        return []
    steps = [step for step in claim.case.steps.all() if step.kind in _SHOWN]
    told = [*_steps(claim, steps), *map(_adjusted, claim.adjustments.all())]
    return sorted(told, key=lambda one: one.at)


def _steps(claim: Claim, steps: list[Step]) -> Iterator[Decided]:
    assert claim.case  # noqa: S101 - asked by the only caller
    flow = claim.case.declared
    for step in steps:
        move = flow.transition(step.action)
        title = move.title if move else step.action
        place = step.organisation.name if step.organisation else ""
        yield Decided(
            step.at,
            f"撤销“{title}”" if step.kind == StepKind.UNDONE else title,
            f"{place} {step.acting_words()}".strip(),
            step.reason,
        )


def _adjusted(row: Adjustment) -> Decided:
    place = row.organisation.name if row.organisation else ""
    figures = f"核定为 {show_amount(row.hours)} 学时、{show_amount(row.credits)} 学分"
    return Decided(row.at, figures, f"{place} {row.user or ''}".strip(), row.memo)
