"""Tables on their way in, in every stage: rosters of a school, training records and class results of a district.

Everything is sent as the officers would send it, on the days before the demo's day: agreed, written, corrected, given
up, and left waiting for somebody. None of it touches a persona or anybody whose credits are made to show something.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from shixun.demo.careers.career import Career
from shixun.demo.places.shanghai import HUANGPU
from shixun.kernel import clock
from shixun.kernel.exports import Cell, write_xlsx
from shixun.kernel.fields import in_force
from shixun.kernel.jobs.actions import cancel_job
from shixun.kernel.jobs.kinds import job_kind
from shixun.kernel.jobs.models import Job, JobState
from shixun.kernel.jobs.work import Cancelled, Work
from shixun.kernel.spreadsheets.actions import (
    agree_to_repairs,
    apply_import,
    begin_import,
    discard_import,
)
from shixun.kernel.spreadsheets.models import Import
from shixun.kernel.spreadsheets.writing import write_in_steps
from shixun.people.acting import Actor, actor_of
from shixun.people.models import DemoLogin, Identifier, Organisation, Person, RoleGrant
from shixun.recognition.actions import classify_project, register_project, start_posting
from shixun.recognition.imports.columns import NATIONAL, RESULTS
from shixun.roster.queries import HEADINGS, roster_rows

_PEOPLE = 8
_KNOWN, _UNKNOWN = "区级课程：作业设计与命题", "区级课程：跨学科主题学习"
_FORM = {"level": "district", "category": "knowledge", "form": "course", "tags": "", "account": "teacher"}
_RECORDS = tuple(field.name for field in NATIONAL[:10]) + ("开始日期", "结束日期")
_SHEET = tuple(field.name for field in RESULTS)
_HOSTS = [
    "黄浦",
    "徐汇",
    "长宁",
    "静安",
    "普陀",
    "虹口",
    "杨浦",
    "闵行",
    "宝山",
    "嘉定",
    "浦东新",
    "金山",
    "松江",
    "青浦",
]
_HALF_WRITTEN = 120
_COMMON, _MOVED = "任教学科", "现任学科"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody named in the tables, with her number and the name of her school."""

    person: Person
    number: str
    school: str


def bring_in(careers: Sequence[Career], persons: Mapping[str, Person], *, at: datetime, on: date) -> None:
    """Send and settle the tables; ``careers`` and ``persons`` of the whole region."""
    district, school = _officer("district-huangpu", on), _officer("school", on)
    known = _known(careers, persons)
    _rosters(school, at)
    _records(district, known, at)
    _results(district, known, at)


def _officer(username: str, on: date) -> Actor:
    rows = RoleGrant.objects.filter(in_force(on), user__username=username).exclude(role="teacher")
    return actor_of(rows.select_related("user__person", "organisation__parent").order_by("id")[0])


def _known(careers: Sequence[Career], persons: Mapping[str, Person]) -> list[Known]:
    """Plain teachers of the district, in the order of their codes, from the end: moves begin at the other."""
    plain = [one for one in careers if one.district == HUANGPU and one.profiles == {"teacher"}]
    chosen = sorted((one for one in plain if not one.reason and not one.username), key=lambda one: one.code)[-_PEOPLE:]
    names = dict(Organisation.objects.values_list("code", "name"))
    found = []
    for career in chosen:
        person = persons[career.code]
        number = Identifier.objects.get(person=person, kind="id_card").value
        found.append(Known(person, number, names[career.place]))
    return found


def _sent(
    actor: Actor,
    at: datetime,
    kind: str,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    **options: Any,
) -> Import:
    """Upload a workbook; a short one is checked at once where its headings are known."""
    file = BytesIO()
    write_xlsx(file, title="Sheet1", headings=headings, rows=rows)
    size = file.tell()
    file.seek(0)
    with clock.frozen(at):
        source = begin_import(actor=actor, at=at, kind=kind, upload=file, name=name, size=size, options=options)
    source.refresh_from_db()
    return source


def _written(actor: Actor, at: datetime, source: Import, *, set_aside: bool = False) -> None:
    """Agree to every repair and write what the preview shows."""
    codes = list(source.findings.filter(level="repair").values_list("code", flat=True).distinct())
    with clock.frozen(at):
        agree_to_repairs(actor=actor, at=at, source=source, codes=codes, set_aside=set_aside)
        source.refresh_from_db()
        apply_import(actor=actor, at=at, source=source)
    source.refresh_from_db()


# Rosters: one written, one with doubts to settle, one whose columns wait to be named, one given up.


def _rosters(school: Actor, at: datetime) -> None:
    def days_ago(days: int) -> datetime:
        return at - timedelta(days=days)

    rows = [list(row) for row in roster_rows(school.scope, days_ago(40).date())]
    since = {"effective_on": days_ago(40).date().isoformat(), "whole_roster": False}
    columns = ("姓名", "身份证号", "入职日期", _COMMON)
    name, born, entered, subject = (HEADINGS.index(heading) for heading in columns)
    offered = set(DemoLogin.objects.values_list("user__person__name", flat=True))
    moved = next(row for row in reversed(rows) if row[name] not in offered and row[subject])
    moved[subject] = "科学" if moved[subject] != "科学" else "数学"
    first = _sent(school, days_ago(38), "roster", "秋季学期名册.xlsx", HEADINGS, rows, **since)
    _written(school, days_ago(38), first)
    doubtful = [list(row) for row in rows[:12]]
    doubtful[1][name] = f"{str(doubtful[1][name])[0]} {str(doubtful[1][name])[1:]}"
    doubtful[3][born] = _with_wrong_digit(str(doubtful[3][born]))
    doubtful[5][entered] = "2031-09-01"
    _sent(school, days_ago(1), "roster", "新学期变动名册.xlsx", HEADINGS, doubtful, **since)
    renamed = [_MOVED if heading == _COMMON else heading for heading in HEADINGS]
    _sent(
        school,
        days_ago(2),
        "roster",
        "教导处整理的名册.xlsx",
        [*renamed, "兴趣小组"],
        [[*row, ""] for row in rows[:6]],
        **since,
    )
    given_up = _sent(school, days_ago(12), "roster", "名册（旧）.xlsx", HEADINGS, rows[:5], **since)
    with clock.frozen(days_ago(12)):
        discard_import(actor=school, at=days_ago(12), source=given_up)


def _with_wrong_digit(number: str) -> str:
    return number[:-1] + ("0" if number[-1] != "0" else "1")


# Training records: written and posted, corrected, waiting for a classification, stopped, overtaken.


def _record(
    known: Known, project: str, hours: int, days: tuple[date, date], host: str = "黄浦区教育学院"
) -> list[Cell]:
    """A line of the national format: a district course that took place on these days."""
    about = (str(days[1].year), "40", project, host, "2", hours, None)
    return [known.person.name, "居民身份证", known.number, *about, *(day.isoformat() for day in days)]


def _records(district: Actor, known: Sequence[Known], at: datetime) -> None:
    def days_ago(days: int) -> datetime:
        return at - timedelta(days=days)

    with clock.frozen(days_ago(31)):
        words = {**_FORM, "dated": "ended", "hours_per_credit": None}
        read = classify_project(actor=district, at=days_ago(31), name=_KNOWN, code="40", words=words)
    course = days_ago(220).date(), days_ago(110).date()
    first = [_record(one, _KNOWN, 16, course) for one in known]
    sent = _sent(district, days_ago(30), "records", "上半年培训记录.xlsx", _RECORDS, first)
    _written(district, days_ago(30), sent)
    with clock.frozen(days_ago(30)):
        start_posting(actor=district, at=days_ago(30), classification=read, correct=False)
    again = [_record(one, _KNOWN, 12 if number < 2 else 16, course) for number, one in enumerate(known)]
    again += [_record(one, _UNKNOWN, 20, course) for one in known[:5]]
    overtaken = _sent(district, days_ago(21), "records", "培训记录更正（初稿）.xlsx", _RECORDS, again)
    sent = _sent(district, days_ago(20), "records", "培训记录更正.xlsx", _RECORDS, again)
    _written(district, days_ago(20), sent)
    _written(district, days_ago(20), overtaken)
    turns = range(1, 2 + 420 // len(known))
    many = [_record(one, f"区级讲座（第 {number} 场）", 4, course) for number in turns for one in known]
    _half_written(district, known, days_ago(4))
    waiting = _sent(district, days_ago(3), "records", "讲座签到汇总.xlsx", _RECORDS, many)
    if waiting.job is not None and waiting.job.is_open:
        with clock.frozen(days_ago(3)):
            cancel_job(actor=district, at=days_ago(3), job=waiting.job)


class _Stopped(Work):
    """Work that is told to stop as soon as a first part is in."""

    def __init__(self, source: Import) -> None:
        super().__init__(source.uuid)
        self._source = source

    def heed(self) -> None:
        if Import.objects.filter(pk=self._source.pk, chunks_written__gt=0).exists():
            raise Cancelled


def _half_written(district: Actor, known: Sequence[Known], at: datetime) -> None:
    """A file of the three years before, paused when a hundred of its rows were in: it waits to be gone on with."""
    rows = [
        _record(one, "联合教研", 8, (date(year, 3, 4), date(year, 6, 17)), f"{host}区教育学院")
        for host in _HOSTS
        for year in range(at.year - 3, at.year)
        for one in known
    ]
    source = _sent(district, at, "records", "联合教研三年记录.xlsx", _RECORDS, rows[:_HALF_WRITTEN])
    job = Job.objects.create(
        kind="import.steps",
        title=f"导入 {source.file.name}",
        state=JobState.RUNNING,
        arguments={"import": str(source.uuid)},
        started_by=district.user_uuid,
        started_by_label=district.label,
        acting_role=district.role,
        acting_path=district.acting_path,
        created_at=at,
        started_at=at,
    )
    with clock.frozen(at), suppress(Cancelled):
        write_in_steps(job, _Stopped(source))
    ended = {"state": JobState.CANCELLED, "finished_at": at, "message": f"已取消，{job_kind(job.kind).trace}"}
    Job.objects.filter(pk=job.pk).update(**ended)
    Import.objects.filter(pk=source.pk).update(job=job)


# Class results: a project whose sheet is in, one that still waits for its sheet.


def _results(district: Actor, known: Sequence[Known], at: datetime) -> None:
    def days_ago(days: int) -> datetime:
        return at - timedelta(days=days)

    details = {"organiser": "黄浦区教育学院", "hours_excellent": 4_000, "hours_pass": 3_000, **_FORM}
    with clock.frozen(days_ago(60)):
        project = register_project(
            actor=district,
            at=days_ago(60),
            details={
                **details,
                "name": "骨干教师研修班（第一期）",
                "starts_on": days_ago(200).date(),
                "ends_on": days_ago(90).date(),
            },
        )
        register_project(
            actor=district,
            at=days_ago(60),
            details={
                **details,
                "name": "骨干教师研修班（第二期）",
                "starts_on": days_ago(75).date(),
                "ends_on": days_ago(65).date(),
            },
        )
    grades = ("优秀", "不合格", "合格", "合格")
    rows = [
        ["上海市", "上海市", "黄浦区", one.school, one.person.name, "", one.number, "", grades[number % 4]]
        for number, one in enumerate(known)
    ]
    sent = _sent(district, days_ago(50), "class-results", "研修班成绩.xlsx", _SHEET, rows, project=str(project.uuid))
    _written(district, days_ago(50), sent)
