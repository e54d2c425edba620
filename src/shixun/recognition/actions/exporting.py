"""Writing what the ledger holds in the national format: whole numbers by a stated rule, exact ones beside them."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.access import Scope, demand
from shixun.kernel.exporting.files import keep_table
from shixun.kernel.exports import Amount, Cell
from shixun.kernel.files import XLSX
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.ledger.queries import StandingLine, standing_lines
from shixun.people.acting import Actor, actor_restored
from shixun.people.choices import IdentifierKind
from shixun.people.models import Identifier, Person
from shixun.recognition.choices import CODE_OF_LEVEL, CategoryCode
from shixun.recognition.facts import whole
from shixun.recognition.models import TrainingRecord
from shixun.recognition.permissions import can_export_records
from shixun.standing.queries import holders_within

EXPORT = "records.export"
HEADINGS = (
    "教师姓名", "身份证件类型", "教师身份证号", "培训年度", "培训类别", "培训项目名称", "培训机构名称", "培训方式",
    "培训获得学时", "培训获得学分", "精确学时", "精确学分", "开始日期", "结束日期",
)  # fmt: skip
_CHUNK = 500
_SMALL_PERSONS = 100


def start_export(*, actor: Actor, at: datetime, year: int) -> Job:
    """A job that writes the year's records of the actor's scope; a school's is done at once."""
    demand(can_export_records, actor)
    persons = holders_within(actor.scope, clock.today()).count()
    return start_job(
        actor=actor,
        at=at,
        kind=EXPORT,
        title=f"导出 {year} 年培训记录",
        arguments={"year": year, "grant": str(actor.authority) if actor.authority else None},
        key=f"{EXPORT}:{actor.user_uuid}:{actor.acting_path}:{year}",
        at_once=persons <= _SMALL_PERSONS,
    )


def write_export(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker: the file is kept for a week; taking whole numbers out is written down."""
    grant, year = job.arguments["grant"], job.arguments["year"]
    actor = actor_restored(UUID(grant) if grant else None, clock.today())
    return keep_table(
        job,
        work,
        actor=actor,
        kind=XLSX,
        name=f"培训记录_{year}",
        headings=HEADINGS,
        rows=national_rows(actor.scope, year, clock.today()),
        action="training_records.exported",
        after={"year": year},
        about={"取整": "学时、学分四舍五入为整数，精确值在后面两列"},
        back=reverse("recognition:export"),
    )


def national_rows(scope: Scope, year: int, on: date) -> Iterator[list[Cell]]:
    """The rows of a scope and year, person by person: what stands in the ledger, each line once."""
    chunk: list[StandingLine] = []
    for line in standing_lines(holders_within(scope, on), date(year, 1, 1), date(year, 12, 31)):
        chunk.append(line)
        if len(chunk) == _CHUNK:
            yield from _rows(chunk)
            chunk = []
    yield from _rows(chunk)


def _rows(lines: list[StandingLine]) -> Iterator[list[Cell]]:
    keys = {line.person for line in lines}
    persons = Person.objects.in_bulk(keys)
    cards = Identifier.objects.filter(person__in=keys, kind=IdentifierKind.ID_CARD, valid_until=None)
    numbers = {card.person_id: card.value for card in cards}
    origins = {line.key: line.key.split(":")[1] for line in lines if line.key.startswith("record:")}
    records = {str(row.uuid): row for row in TrainingRecord.objects.filter(uuid__in=set(origins.values()))}
    for line in lines:
        record = records.get(origins.get(line.key, ""))
        number = numbers.get(line.person)
        yield [persons[line.person].name, "居民身份证" if number else None, number, *_training(line, record)]


def _training(line: StandingLine, record: TrainingRecord | None) -> list[Cell]:
    """What is known of one training; what the ledger alone does not know stays empty, rather than guessed."""
    amounts: list[Cell] = [whole(line.hours), whole(line.credits), Amount(line.hours), Amount(line.credits)]
    if record is None:
        code = CODE_OF_LEVEL.get(line.level, CategoryCode.OTHER)
        return [str(line.earned_on.year), str(code.value), line.source_name, None, None, *amounts, None, line.earned_on]
    institution, mode = record.institution or None, record.mode or None
    head = [str(record.year), record.code, record.name, institution, mode]
    return [*head, *amounts, record.starts_on, record.ends_on]
