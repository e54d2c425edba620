"""The yearly review (年度审核, RW-03): opened by the district, signed by each school, confirmed, told to all."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from shixun.approvals.actions import open_case
from shixun.approvals.flows import Transition
from shixun.approvals.models import Case
from shixun.approvals.queries import steps_of
from shixun.kernel import audit, clock
from shixun.kernel.access import demand
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.kernel.refusals import Refusal
from shixun.notices.actions import send
from shixun.notices.kinds import register_kind
from shixun.people.acting import Actor, actor_restored, system_actor
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation, User
from shixun.people.queries import accounts_of, chain_of
from shixun.recognition.choices import YEAR_FLOW, RoundState, Verdict
from shixun.recognition.models import Objection, SchoolFeedback, YearReview
from shixun.recognition.permissions import can_answer, can_close_year, can_object, can_open_year, can_take_note
from shixun.recognition.queries.rounds import place_of
from shixun.recognition.queries.years import (
    feedback_of_case,
    figures_of,
    last_year_before,
    officers_above,
    officers_by_school,
    schools_of,
    year_words,
)

#: So many school years back a review may still be opened: one cycle.
YEARS_BACK = 5
OPEN = "claims.open-year"
# A district with no more schools is opened while the person waits: 25 milliseconds a school.
_AT_ONCE = 40
CLOCKWORK = system_actor("年度审核")
OPENED, CLOSED, RAISED, ANSWERED = (f"recognition.{name}" for name in ("year", "year-closed", "objection", "answer"))


def register() -> None:
    """The notices of the yearly review; called once at start-up."""
    register_kind(
        OPENED,
        title="年度学分核对",
        subject="年度核对：{year}",
        body="{district}发起了{year}的年度审核，请核对{school}教师的学分，答复异议后上报。",
    )
    register_kind(
        CLOSED,
        title="年度审核结果",
        subject="年度审核完成：{district}{year}",
        body="{district}{year}的年度审核已完成，共 {schools} 所学校。{remark}",
    )
    register_kind(
        RAISED, title="年度学分异议", subject="有异议：{year}", body="{name}对{year}的学分提出异议：{text}", urgent=True
    )
    register_kind(ANSWERED, title="异议的答复", subject="异议已答复：{year}", body="{text}")


def start_year(*, actor: Actor, at: datetime, year: int) -> Job:
    """A job that opens the review of a school year; of a district that is not large it is done at once.

    Raises ``Refusal`` for a year that is not over, or one that is under review already.
    """
    district = _district_to_open(actor, at, year)
    if YearReview.objects.filter(organisation=district, year=year).exists():
        raise _opened_before(district, year)
    return start_job(
        actor=actor,
        at=at,
        kind=OPEN,
        title=f"发起{district.name}{year_words(year)}的年度审核",
        arguments={"year": year, "grant": str(actor.authority) if actor.authority else None},
        key=f"{OPEN}:{district.uuid}:{year}",
        at_once=len(schools_of(district, localtime(at).date())) <= _AT_ONCE,
    )


def open_year_of(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker in one transaction: broken off half-way, no school has heard of it."""
    grant = job.arguments["grant"]
    actor = actor_restored(UUID(grant) if grant else None, clock.today())
    review = open_year(actor=actor, at=clock.now(), year=job.arguments["year"], work=work)
    return {"review": str(review.uuid)}


def _district_to_open(actor: Actor, at: datetime, year: int) -> Organisation:
    demand(can_open_year, actor)
    district = place_of(actor.organisation) if actor.organisation else None
    if district is None or district.kind != OrganisationKind.DISTRICT:
        raise Refusal("年度审核由区县发起。", who_can="请由区县管理员或学分审核员办理。", status=409)
    today = localtime(at).date()
    last = last_year_before(today, district)
    if year > last:
        raise Refusal(f"{year_words(year)}还没有结束，不能审核。", who_can="请在学年结束后发起。", status=409)
    if year <= last - YEARS_BACK:
        raise Refusal(f"只审核最近 {YEARS_BACK} 个学年，没有发起。", who_can="请在列出的学年中选择。", status=409)
    return district


def _opened_before(district: Organisation, year: int) -> Refusal:
    return Refusal(f"{district.name}{year_words(year)}的年度审核已经发起过。", who_can="请在列表中打开。", status=409)


@transaction.atomic
def open_year(*, actor: Actor, at: datetime, year: int, work: Work | None = None) -> YearReview:
    """Open the review of a school year that is over: each school of the district has its part to check and sign.

    Raises ``Refusal`` for a year that is not over, or one that is under review already.
    """
    district, today = _district_to_open(actor, at, year), localtime(at).date()
    review = YearReview(organisation=district, year=year, opened_by=actor.user, opened_at=at)
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        raise _opened_before(district, year) from None
    schools = schools_of(district, today)
    for number, school in enumerate(schools):
        if work is not None:
            work.report(number, len(schools), "正在通知各校")
        _open_school(review, school, at)
    said = {"year": year_words(year), "district": district.name}
    for name, users in officers_by_school(district, today).items():
        _tell(OPENED, users, review, at, {**said, "school": name})
    _record(review, actor, at, "year.opened", {"year": year, "schools": len(schools)})
    return review


def _open_school(review: YearReview, school: Organisation, at: datetime) -> None:
    feedback = SchoolFeedback.objects.create(review=review, school=school)
    feedback.case = open_case(
        actor=CLOCKWORK,
        at=at,
        flow=YEAR_FLOW,
        subject_kind="recognition.year",
        subject_uuid=feedback.uuid,
        title=f"{year_words(review.year)}年度核对：{school.name}",
        organisation=school,
        content={"shown": {"学年": year_words(review.year), "学校": school.name, "区县": review.organisation.name}},
        key=f"year:{feedback.uuid}",
    )
    feedback.save(update_fields=["case"])


def check_move(*, case: Case, transition: Transition, actor: Actor, at: datetime) -> None:
    """No list is signed or confirmed while a teacher waits for an answer. Raises ``Refusal``."""
    if transition.key not in ("sign", "confirm"):
        return
    waiting = Objection.objects.filter(feedback__uuid=case.subject_uuid, answered_at=None).count()
    if waiting:
        raise Refusal(
            f"还有 {waiting} 条教师的异议没有答复，不能{transition.title}。",
            who_can="请先在年度核对的页面上答复。",
            status=409,
        )


def confirm_school(*, case: Case, actor: Actor, at: datetime) -> None:
    """Keep the school's figures of the day, with what the district says to it."""
    feedback = feedback_of_case(case)
    steps = steps_of(case)
    feedback.figures = figures_of(feedback, localtime(at).date())
    feedback.verdict = Verdict.WRONG if any(step.action == "give_back" for step in steps) else Verdict.RIGHT
    feedback.remark = steps[-1].reason if steps else ""
    feedback.save(update_fields=["figures", "verdict", "remark"])
    said = {"school": feedback.school.name, "verdict": feedback.verdict, **feedback.figures}
    _record(feedback.review, actor, at, "year.confirmed", said)


@transaction.atomic
def close_year(*, actor: Actor, at: datetime, review: YearReview, remark: str) -> None:
    """Finish a review once every school is confirmed; the city and the schools are told the result.

    Raises ``Refusal`` while a school is missing, and for a review that is finished.
    """
    demand(can_close_year, actor, review)
    held = YearReview.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=review.pk)
    if held.closed_at is not None:
        raise Refusal("这次年度审核已经完成。", status=409)
    missing = SchoolFeedback.objects.filter(review=held, case__closed_at=None).count()
    if missing:
        raise Refusal(
            f"还有 {missing} 所学校没有审定，不能完成。", who_can="逾期的学校可以由区县代为核对。", status=409
        )
    held.remark, held.closed_at, held.state = remark.strip()[:400], at, RoundState.PASSED
    held.save(update_fields=["remark", "closed_at", "state"])
    review.closed_at = at
    number = held.feedback.count()
    said = {"year": year_words(held.year), "district": held.organisation.name, "schools": str(number)}
    today = localtime(at).date()
    city = chain_of(held.organisation).filter(kind=OrganisationKind.CITY).first()
    users = [user for found in officers_by_school(held.organisation, today).values() for user in found]
    users += officers_above(city, today) if city else []
    _tell(CLOSED, users, held, at, {**said, "remark": held.remark})
    _record(held, actor, at, "year.closed", {"remark": held.remark, "schools": number})


@transaction.atomic
def take_note(*, actor: Actor, at: datetime, feedback: SchoolFeedback) -> None:
    """The school has read what the review says to it; a second click changes nothing."""
    demand(can_take_note, actor, feedback)
    held = (
        SchoolFeedback.objects.select_for_update(of=("self",))
        .select_related("review__organisation", "case")
        .get(pk=feedback.pk)
    )
    if held.case is None or held.case.closed_at is None:
        raise Refusal("区县还没有审定，还没有可以查收的结果。", status=409)
    if held.read_at is None:
        held.read_by, held.read_at = actor.user, at
        held.save(update_fields=["read_by", "read_at"])
        _record(held.review, actor, at, "year.read", {"school": str(held.school_id)})


@transaction.atomic
def raise_objection(*, actor: Actor, at: datetime, feedback: SchoolFeedback, text: str) -> Objection:
    """A teacher says what is wrong or missing in her year. Raises ``Refusal`` once the school's list is confirmed."""
    demand(can_object, actor, feedback)
    if not text.strip() or actor.person is None:
        raise Refusal("请写明哪一项不对、应该是什么，没有提出。", status=409)
    # Held: what is being confirmed at this moment is not objected to afterwards.
    case = Case.objects.select_for_update().filter(pk=feedback.case_id or 0).first()
    if case is None or case.closed_at is not None:
        raise Refusal(
            "这一学年的核对已经审定，不能再提异议。", who_can="单笔学分有误的，请在该申报中申请更正。", status=409
        )
    row = Objection(feedback=feedback, person=actor.person, text=text.strip()[:400], created_at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refusal("您有一条异议还没有答复。", who_can="请等待答复，或联系学校师训专管员。", status=409) from None
    users = officers_by_school(feedback.school, localtime(at).date()).get(feedback.school.name, [])
    said = {"name": actor.person.name, "year": year_words(feedback.review.year), "text": row.text}
    _tell(RAISED, users, feedback.review, at, said, key=str(row.uuid), about=feedback)
    _record(feedback.review, actor, at, "objection.raised", {"text": row.text})
    return row


@transaction.atomic
def answer_objection(*, actor: Actor, at: datetime, objection: Objection, text: str) -> None:
    """Answer an objection, once. Raises ``Refusal`` for one that is answered, and without words."""
    demand(can_answer, actor, objection)
    if not text.strip():
        raise Refusal("请写明答复，没有保存。", status=409)
    held = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if held.answered_at is not None:
        raise Refusal("这条异议已经答复过。", who_can="请刷新页面看答复。", status=409)
    held.answer, held.answered_by, held.answered_at = text.strip()[:400], actor.user, at
    held.save(update_fields=["answer", "answered_by", "answered_at"])
    review = objection.feedback.review
    said = {"year": year_words(review.year), "text": held.answer}
    _tell(ANSWERED, accounts_of(objection.person), review, at, said, key=str(held.uuid), own=True)
    _record(review, actor, at, "objection.answered", {"text": held.text, "answer": held.answer})


def _tell(
    kind: str,
    to: Iterable[User],
    review: YearReview,
    at: datetime,
    values: Mapping[str, str],
    *,
    key: str = "",
    own: bool = False,
    about: SchoolFeedback | None = None,
) -> None:
    page = reverse("recognition:own-years") if own else reverse("recognition:years")
    if about is not None:
        page = reverse("recognition:school-year", kwargs={"uuid": about.uuid})
    send(kind=kind, to=to, at=at, key=f"{kind}:{key or review.uuid}", url=page, values=values)


def _record(review: YearReview, actor: Actor, at: datetime, action: str, said: Mapping[str, Any]) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="recognition.year",
        subject_uuid=review.uuid,
        organisation=review.organisation,
        after=dict(said),
    )
