"""Records and results for the tests of this room and those above: persons with known numbers, sheets in a few words."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from shixun.approvals.actions import move_case
from shixun.approvals.models import Case
from shixun.kernel import clock
from shixun.kernel.jobs.models import Job
from shixun.kernel.testing import a_photo
from shixun.people import actions
from shixun.people.acting import Actor
from shixun.people.choices import IdentifierKind
from shixun.people.models import Organisation, Person
from shixun.people.testing import BUILDER, Setting, a_person
from shixun.recognition.actions import register_project
from shixun.recognition.actions.drafting import attach_evidence, save_draft, start_claim
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.choices import CLAIM_FLOW
from shixun.recognition.models import (
    Claim,
    ClaimBatch,
    Evidence,
    Objection,
    Organiser,
    Paper,
    ReportedProject,
    SamplingItem,
    SamplingRound,
    SchoolFeedback,
    Settlement,
    TrainingRecord,
    YearReview,
)
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


RAW: dict[str, dict[str, str]] = {
    "principal-training": {
        "programme": "校长研修",
        "organiser": "黄浦区教育学院",
        "category": "knowledge",
        "starts_on": "2019-05-01",
        "ends_on": "2019-05-10",
        "hours": "20",
    },
    "digital-resource": {
        "programme": "暑期教师研修",
        "organiser": "国家智慧教育平台",
        "category": "ethics",
        "starts_on": "2019-07-20",
        "ends_on": "2019-08-31",
        "hours": "10",
        "number": "SJ-2019-0001",
    },
    "national-project": {
        "programme": "国培计划骨干研修",
        "organiser": "华东师范大学",
        "category": "knowledge",
        "starts_on": "2019-07-01",
        "ends_on": "2019-07-10",
        "hours": "60",
        "number": "GP2019-001",
        "place": "上海",
    },
    "cross-region": {
        "programme": "跨区课程研修",
        "organiser": "徐汇区教育学院",
        "category": "knowledge",
        "starts_on": "2019-05-01",
        "ends_on": "2019-05-10",
        "hours": "20",
        "place": "徐汇区教育学院",
    },
    "school-hours": {
        "title": "师德专题学习",
        "activity": "lecture",
        "category": "ethics",
        "starts_on": "2019-05-06",
        "ends_on": "2019-05-06",
        "hours": "8",
    },
    "loan": {
        "title": "借当年学分",
        "case": "leave",
        "category": "knowledge",
        "amount": "two",
        "ends_on": "2019-10-10",
        "returns_on": "2020-06-30",
    },
}


def a_claim(
    actor: Actor, person: Person, kind: str = "digital-resource", *, photo: bytes | None = None, **changed: str
) -> Claim:
    """A draft of a kind, filled in, with one photo."""
    at = clock.now()
    claim = start_claim(actor=actor, at=at, person=person, kind=kind)
    content = photo if photo is not None else a_photo(claim.pk)
    attach_evidence(actor=actor, at=at, claim=claim, upload=io.BytesIO(content), name="证书.jpg", size=len(content))
    save_draft(actor=actor, at=at, claim=claim, raw={**RAW[kind], **changed})
    return claim


def handed_in(actor: Actor, person: Person, kind: str = "digital-resource", **changed: Any) -> Claim:
    """A claim that was handed in."""
    return submit_claim(actor=actor, at=clock.now(), claim=a_claim(actor, person, kind, **changed))


def moved(claim: Claim, *moves: tuple[Actor, str], reason: str = "材料齐全") -> Claim:
    """The claim after some moves of its case."""
    for actor, action in moves:
        assert claim.case
        move_case(actor=actor, at=clock.now(), case=claim.case, action=action, reason=reason)
    return Claim.objects.select_related("case", "person", "organisation").get(pk=claim.pk)


# Of each permission about a thing: such a thing in a setting (``people.testing.Setting``).
SUBJECTS = {
    "can_release_results": lambda setting: ReportedProject(organisation=setting.organisation),
    "can_see_project": lambda setting: ReportedProject(organisation=setting.organisation),
    "can_see_record": lambda setting: TrainingRecord(organisation=setting.organisation),
    "can_issue_to": lambda setting: setting.person,
    "can_issue_to_school": lambda setting: setting.organisation,
    "can_see_paper": lambda setting: Paper(person=setting.person, issuer=setting.organisation),
    "can_revoke_paper": lambda setting: Paper(person=setting.person, issuer=setting.organisation),
    "can_take_batch": lambda setting: Job(started_by=setting.user.uuid),
    "can_declare_for": lambda setting: setting.person,
    "can_use_batch": lambda setting: ClaimBatch(
        organisation=setting.organisation, declared_by=setting.user, declared_as=setting.actor.role
    ),
    "can_keep_registered": lambda setting: Organiser(region=setting.organisation, name="主办单位"),
    "can_see_round": lambda setting: SamplingRound(organisation=setting.organisation),
    "can_work_on_round": lambda setting: SamplingRound(organisation=setting.organisation),
    "can_see_item": lambda setting: SamplingItem(round=SamplingRound(organisation=setting.organisation)),
    "can_see_year": lambda setting: YearReview(organisation=setting.organisation),
    "can_close_year": lambda setting: YearReview(organisation=setting.organisation),
    "can_see_feedback": lambda setting: SchoolFeedback(school=setting.organisation),
    "can_take_note": lambda setting: SchoolFeedback(school=setting.organisation),
    # Who worked where is a matter of appointments: see test_years.
    "can_object": lambda setting: None,
    "can_answer": lambda setting: Objection(
        feedback=SchoolFeedback(school=setting.organisation), person=setting.person
    ),
    "can_see_settlement": lambda setting: Settlement(home=setting.organisation, host=setting.organisation),
    "can_accept_settlement": lambda setting: Settlement(home=setting.organisation, host=setting.organisation),
    "can_query_settlement": lambda setting: Settlement(home=setting.organisation, host=setting.organisation),
    "can_answer_settlement": lambda setting: Settlement(
        home=setting.organisation, host=setting.organisation, queried_by=setting.user
    ),
    "can_settle": lambda setting: Settlement(home=setting.organisation, host=setting.organisation),
    "can_edit_claim": lambda setting: _claim_in(setting, case=None),
    "can_see_claim": lambda setting: _claim_in(setting),
    "can_see_evidence": lambda setting: Evidence(owner=setting.user),
    # What lies with whom is a matter of cases: see test_claims.
    "can_review_claim": lambda setting: None,
    "can_ask_reversal": lambda setting: _claim_in(setting),
    "can_repay_loan": lambda setting: _claim_in(setting, returns_on=date(2020, 6, 30)),
}


def _claim_in(setting: Setting, **details: Any) -> Claim:
    said = {"case": Case(flow=CLAIM_FLOW, organisation=setting.organisation), **details}
    role = setting.actor.role
    who = {"person": setting.person, "declared_by": setting.user, "declared_as": role}
    return Claim(organisation=setting.organisation, **who, **said)
