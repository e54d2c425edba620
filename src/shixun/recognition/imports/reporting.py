"""What both sheets share: a row becomes a record, known ones are found again, worth is shown, all are stored."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rulebook.amounts import show_amount
from shixun.kernel.spreadsheets.fields import Problem, Row, repair
from shixun.kernel.spreadsheets.kinds import Change, Run
from shixun.ledger.queries import entries_of_keys, names_held
from shixun.people.models import Organisation, Person
from shixun.recognition.actions.settling import SOURCE_KIND, Gathered, Wanted, store_records
from shixun.recognition.choices import RecordState
from shixun.recognition.imports.differences import RecordPlan, change_of, values_of, worth_said
from shixun.recognition.imports.persons import find_persons
from shixun.recognition.models import TrainingRecord
from shixun.recognition.queries import records_by_key
from shixun.recognition.validators import record_key, spelled


@dataclass(slots=True)
class _Planned:
    """One row's plan with what it was and what stood in the account before, and what is wanted now."""

    plan: RecordPlan
    person: Person
    before: dict[str, Any]
    stood: str
    wanted: Wanted | None = None


class Reporting(ABC):
    """One pass over a sheet of records. A kind adds its own checks, key and values."""

    project_field = "project"

    def __init__(self, run: Run) -> None:
        self.run = run
        self.gathered = Gathered()
        self._met: dict[str, int] = {}
        self._planned: dict[int, _Planned] = {}

    # What a kind says of itself

    @abstractmethod
    def key_parts(self, row: Row) -> tuple[object, ...]:
        """What, beside the person, names the training: rows with the same parts are about the same one."""

    @abstractmethod
    def values(self, row: Row) -> dict[str, Any]:
        """The values of the record that the row says; of a known record the others stay."""

    @abstractmethod
    def problems_of(self, row: Row, place: Organisation) -> Iterable[Problem]:
        """What is doubtful about a row of a person who was found."""

    @abstractmethod
    def twin(self, row: Row, other: int) -> Problem | None:
        """Two rows of the file about the same training; None where the columns say so already."""

    def kept(self, record: TrainingRecord, row: Row, posted: int) -> set[str]:
        """Names of values of a posted record that a row does not really change; ``posted`` credits stand."""
        return set()

    def doubts_of_worth(self, row: Row, wanted: Wanted) -> Iterable[Problem]:
        """Doubts about what the record is worth."""
        return ()

    # The pass

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        # What a project is worth may change between two chunks: each is judged by what holds in its own transaction.
        self._planned, self.gathered = {}, Gathered()
        found, problems = find_persons(rows, self.run.actor, self.run.today)
        meant: dict[int, str] = {}
        for row in rows:
            if row.number not in found.places:
                continue
            problems += self.problems_of(row, found.places[row.number])
            parts = self.key_parts(row)
            if any(part in (None, "") for part in parts[:-1]):
                continue
            key = record_key(found.persons[row.number].uuid, *parts)
            if key in self._met:
                twin = self.twin(row, self._met[key])
                problems += [twin] if twin else []
                continue
            self._met[key] = row.number
            meant[row.number] = key
        broken = {problem.row.number for problem in problems if problem.doubt.level == "error"}
        good = [row for row in rows if row.number in meant and row.number not in broken and _is_whole(row, self)]
        return [*problems, *self._plan(good, meant, found.persons, found.places)]

    def _plan(
        self,
        rows: Sequence[Row],
        keys: dict[int, str],
        persons: dict[int, Person],
        places: dict[int, Organisation],
    ) -> list[Problem]:
        known = records_by_key(keys[row.number] for row in rows)
        posted = entries_of_keys(one.posting_key for one in known.values() if one.state == RecordState.POSTED)
        for row in rows:
            record = known.get(keys[row.number])
            entry = posted.get(record.posting_key) if record else None
            before = values_of(record) if record else {}
            fresh = record or TrainingRecord(
                key=keys[row.number], person=persons[row.number], reported_on=self.run.today
            )
            if record is None or record.state != RecordState.POSTED:
                fresh.organisation = places[row.number]
            kept = self.kept(record, row, entry.credits) if record and entry else set()
            for name, value in self.values(row).items():
                if name not in kept:
                    setattr(fresh, name, value)
            fresh.spelled, fresh.source = spelled(fresh.name), self.run.source.uuid
            stood = show_amount(entry.credits) if entry else "没有登记" if record else ""
            self._planned[row.number] = _Planned(RecordPlan(fresh, record is None), persons[row.number], before, stood)
        problems = self._held_elsewhere(rows)
        wanted = self.gathered.wanted([self._planned[row.number].plan.record for row in rows])
        for row, want in zip(rows, wanted, strict=True):
            self._planned[row.number].wanted = want
            problems += self.doubts_of_worth(row, want) if want else ()
        return problems

    def _held_elsewhere(self, rows: Sequence[Row]) -> list[Problem]:
        """New records whose project already stands in the account from another source: a training counted twice."""
        new = [(row, one) for row in rows if (one := self._planned[row.number]).plan.is_new]
        names = {one.plan.record.name for _, one in new}
        held = names_held((one.person.pk for _, one in new), names, but=SOURCE_KIND) if new else set()
        says, right = "学分明细中已有这一年度的同名项目，不是由培训记录导入的。", "确是另一次培训，另行登记"
        return [
            Problem(row, self.project_field, repair("held", "明细中已有同名项目", says, right))
            for row, one in new
            if (one.person.pk, one.plan.record.name, one.plan.record.year) in held
        ]

    def changes(self, rows: Sequence[Row]) -> Iterable[Change]:
        for row in rows:
            one = self._planned[row.number]
            now = worth_said(one.wanted, one.plan.record)
            yield change_of(row, one.person, one.plan, one.before, (one.stood, now))

    def last(self) -> Iterable[Change]:
        """Rows that are not in the file say nothing."""
        return ()

    def write(self, changes: Sequence[Change]) -> None:
        plans: list[RecordPlan] = [change.plan for change in changes]
        if not plans:
            return
        store_records(
            actor=self.run.actor,
            at=self.run.at,
            new=[plan.record for plan in plans if plan.is_new],
            changed=[plan.record for plan in plans if not plan.is_new],
            gathered=self.gathered,
        )


def _is_whole(row: Row, kind: Reporting) -> bool:
    """Has the row all the values a record needs? Errors of single cells leave gaps; those rows are not planned."""
    values = kind.values(row)
    return all(values[name] not in (None, "") for name in ("name", "year", "hours") if name in values)
