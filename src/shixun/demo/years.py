"""Yearly reviews of a district: one finished, one with schools in every state, with objections and answers (RW-03)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from shixun.approvals.actions import escalate_due, move_case
from shixun.demo.places.shanghai import HUANGPU
from shixun.kernel.fields import in_force
from shixun.people.acting import Actor, actor_of
from shixun.people.choices import Role
from shixun.people.models import Organisation, RoleGrant
from shixun.recognition.actions.years import answer_objection, close_year, open_year, raise_objection, take_note
from shixun.recognition.models import SchoolFeedback, YearReview
from shixun.recognition.queries.years import teachers_of, with_names

_FINISHED, _UNDER_WAY = 2017, 2018
_RETURNED = "两位九月调出的教师不应在名单上，请核对。"


def build_years(organisations: Mapping[str, Organisation], *, at: datetime) -> int:
    """A year done long ago, and the last one as far as it has come; how many schools are checked."""
    reviewer = _acting("reviewer", Role.REVIEWER)
    _finished(reviewer, at - timedelta(days=360))
    _under_way(reviewer, at - timedelta(days=20))
    escalate_due(at)
    return SchoolFeedback.objects.filter(review__organisation=organisations[HUANGPU]).count()


def _parts(review: YearReview) -> Sequence[SchoolFeedback]:
    return list(with_names(review.feedback.all()).order_by("school__path"))


def _finished(reviewer: Actor, at: datetime) -> None:
    review = open_year(actor=reviewer, at=at, year=_FINISHED)
    for feedback in _parts(review):
        _move(_officer_of(feedback), feedback, "sign", at + timedelta(days=6))
        _move(reviewer, feedback, "confirm", at + timedelta(days=9), "资料齐全。")
    moment = at + timedelta(days=10)
    close_year(actor=reviewer, at=moment, review=review, remark="各校均按时上报，个别学校校本研修学时登记偏晚。")
    for feedback in _parts(review)[:-1]:
        take_note(actor=_officer_of(feedback), at=moment + timedelta(days=2), feedback=feedback)


def _under_way(reviewer: Actor, at: datetime) -> None:
    """The first school has an objection open; others are signed, returned, confirmed; the last ones are overdue."""
    review = open_year(actor=reviewer, at=at, year=_UNDER_WAY)
    first, *others = _parts(review)
    moment = at + timedelta(days=5)
    persona = _acting("teacher", Role.TEACHER)
    objected = [feedback for feedback in (first, *others) if teachers_of(feedback).filter(pk=_pk(persona)).exists()]
    for feedback in objected[:1]:
        row = raise_objection(
            actor=persona, at=moment, feedback=feedback, text="2019 年 5 月区里的作业设计培训没有登记。"
        )
        answer_objection(
            actor=_officer_of(feedback),
            at=moment + timedelta(days=1),
            objection=row,
            text="承办单位已补报，请核对明细。",
        )
        raise_objection(
            actor=persona, at=moment + timedelta(days=3), feedback=feedback, text="补报的学时是 8，证书上是 16。"
        )
    moves = (("sign",), ("sign", "confirm"), ("sign", "give_back"))
    for feedback, wanted in zip([row for row in others if row not in objected], moves, strict=False):
        for place, action in enumerate(wanted):
            actor = _officer_of(feedback) if action == "sign" else reviewer
            reason = _RETURNED if action == "give_back" else ""
            _move(actor, feedback, action, moment + timedelta(days=2 + 3 * place), reason)


def _pk(actor: Actor) -> int:
    return actor.person.pk if actor.person else 0


def _move(actor: Actor, feedback: SchoolFeedback, action: str, at: datetime, reason: str = "") -> None:
    if feedback.case is not None:
        feedback.case = move_case(actor=actor, at=at, case=feedback.case, action=action, reason=reason)


def _officer_of(feedback: SchoolFeedback) -> Actor:
    roles = (Role.SCHOOL_OFFICER, Role.PRINCIPAL)
    rows = RoleGrant.objects.filter(in_force(feedback.review.opened_at.date()), organisation=feedback.school)
    grants = rows.filter(role__in=roles).select_related("user__person", "organisation__parent").order_by("-role", "id")
    return actor_of(grants[0])


def _acting(username: str, role: str) -> Actor:
    grants = RoleGrant.objects.select_related("user__person", "organisation__parent")
    return actor_of(grants.get(user__username=username, role=role))
