"""Records and results for the tests of this room and those above: persons with known numbers, sheets in a few words."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from shixun.kernel.jobs.models import Job
from shixun.people import actions
from shixun.people.choices import IdentifierKind
from shixun.people.models import Organisation, Person
from shixun.people.testing import BUILDER, a_person
from shixun.recognition.actions import register_project
from shixun.recognition.models import ReportedProject, TrainingRecord
from shixun.roster.testing import id_number, workbook

SAMPLES = Path(__file__).parent / "tests" / "samples"
NATIONAL, RESULTS = SAMPLES / "national-records.xlsx", SAMPLES / "class-results.xlsx"
RECORD_HEADINGS = (
    "教师姓名", "身份证件类型", "教师身份证号", "培训年度", "培训类别", "培训项目名称", "培训机构名称", "培训方式",
    "培训获得学时", "培训获得学分", "开始日期", "结束日期",
)  # fmt: skip
RESULT_HEADINGS = ("省", "市", "区县", "学校名称", "姓名", "性别", "身份证", "手机号", "成绩")
WORDS = {
    "level": "district",
    "category": "knowledge",
    "form": "course",
    "tags": "",
    "account": "teacher",
    "dated": "ended",
    "hours_per_credit": None,
}


def a_numbered_person(organisation: Organisation, number: int, **details: Any) -> Person:
    """A person at an organisation who holds the invented identity number of a serial number."""
    person = a_person(organisation, name=f"教师{'一二三四五六七八九十'[number % 10]}", **details)
    actions.add_identifier(
        actor=BUILDER,
        at=timezone.now(),
        person=person,
        kind=IdentifierKind.ID_CARD,
        number=id_number("19850706", number),
        valid_from=date(2016, 1, 1),
    )
    return person


def record_row(person: Person, number: int, **changed: Any) -> list[Any]:
    """A good row of the national format: 16 hours of a district course in 2018."""
    cells = {
        "教师姓名": person.name,
        "身份证件类型": "居民身份证",
        "教师身份证号": id_number("19850706", number),
        "培训年度": "2018",
        "培训类别": "40",
        "培训项目名称": "区级:作业设计与命题",
        "培训机构名称": "黄浦区教育学院",
        "培训方式": "2",
        "培训获得学时": 16,
        "培训获得学分": None,
        "开始日期": "2018-03-10",
        "结束日期": "2018-06-20",
        **changed,
    }
    return [cells[heading] for heading in RECORD_HEADINGS]


def records_file(rows: Iterable[Sequence[Any]]) -> bytes:
    return workbook(rows, RECORD_HEADINGS)


def result_row(person: Person, number: int, grade: str, school: str) -> list[Any]:
    """A good row of a results sheet."""
    return ["示范省", "示范市", "黄浦区", school, person.name, "女", id_number("19850706", number), "", grade]


def results_file(rows: Iterable[Sequence[Any]], headings: Sequence[str] = RESULT_HEADINGS) -> bytes:
    return workbook(rows, headings)


def a_project(actor: Any, **changed: Any) -> ReportedProject:
    """A district course of 2018: 40 hours for excellent, 30 for a pass."""
    words = {name: value for name, value in WORDS.items() if name not in ("dated", "hours_per_credit")}
    details = {
        "name": "骨干教师研修班",
        "organiser": "黄浦区教育学院",
        "starts_on": date(2018, 3, 1),
        "ends_on": date(2018, 6, 30),
        "hours_excellent": 4_000,
        "hours_pass": 3_000,
        **words,
        **changed,
    }
    return register_project(actor=actor, at=timezone.now(), details=details)


# Of each permission about a thing: such a thing in a setting (``people.testing.Setting``).
SUBJECTS = {
    "can_release_results": lambda setting: ReportedProject(organisation=setting.organisation),
    "can_see_project": lambda setting: ReportedProject(organisation=setting.organisation),
    "can_see_record": lambda setting: TrainingRecord(organisation=setting.organisation),
    "can_take_export": lambda setting: Job(started_by=setting.user.uuid),
}
