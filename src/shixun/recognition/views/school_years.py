"""One school's part of a yearly review: its teachers with the year's credits, objections and their answers."""

from datetime import date
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from shixun.approvals.permissions import holds_level
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people.models import Person
from shixun.recognition.actions import years as actions
from shixun.recognition.models import Objection, SchoolFeedback
from shixun.recognition.permissions import can_answer, can_see_feedback, can_take_note
from shixun.recognition.queries.years import (
    days_of_year,
    figures_of,
    objections_of,
    teachers_of,
    with_earned,
    with_names,
    year_words,
)
from shixun.recognition.views.years import school_url


def _feedback(uuid: UUID) -> SchoolFeedback:
    return get_object_or_404(with_names(SchoolFeedback.objects.all()), uuid=uuid)


def _lines_url(first: date, last: date, person: Person) -> str:
    """Line by line what somebody earned between two days."""
    page = reverse("standing:person-statement", kwargs={"uuid": person.uuid})
    return f"{page}?{urlencode({'earned_from': first.isoformat(), 'earned_until': last.isoformat()})}"


@require(can_see_feedback, find=_feedback)
def school(request: HttpRequest, feedback: SchoolFeedback) -> HttpResponseBase:
    """The list to be checked and signed; the figures are those of today until they are confirmed."""
    actor = acting(request)
    first, last = days_of_year(feedback.review)
    page = ListPage(
        rows=teachers_of(feedback),
        columns=(
            Column("name", "教师", "name", card="title", sort=("name", "code"), link=partial(_lines_url, first, last)),
            Column("code", "人员编号", "code", sort=("code",)),
            Column("lines", "当年笔数", "lines", kind="count", card="figure"),
            Column("earned", "当年学分", "earned", kind="amount", card="figure"),
        ),
        default_sort="name",
        noun="名教师",
        file_name=f"{year_words(feedback.review.year)}年度核对 {feedback.school.name}",
        empty=Empty("学年最后一天没有教师在这所学校任职。"),
        enrich=partial(with_earned, review=feedback.review),
        filters=(Text("q", "姓名或编号", fields=("name", "code")),),
    )
    case = feedback.case
    is_closed = case is not None and case.closed_at is not None
    objections = [(row, row.answered_at is None and can_answer(actor, row)) for row in objections_of(feedback)[:100]]
    context = {
        "feedback": feedback,
        "case": case,
        "state": case.declared_state if case else None,
        "title": year_words(feedback.review.year),
        "first": first,
        "last": last,
        "figures": feedback.figures or figures_of(feedback, clock.today()),
        "objections": objections,
        "may_decide": case is not None and not is_closed and holds_level(actor, case, case.level),
        "may_read": is_closed and feedback.read_at is None and can_take_note(actor, feedback),
    }
    return page.respond(request, "recognition/years/school.html", context)


@require_POST
@require(can_take_note, find=_feedback)
def take_note(request: HttpRequest, feedback: SchoolFeedback) -> HttpResponseBase:
    """The school has read the result."""
    actions.take_note(actor=acting(request), at=clock.now(), feedback=feedback)
    messages.success(request, "已查收。")
    return redirect(school_url(feedback))


def _objection(uuid: UUID) -> Objection:
    rows = Objection.objects.select_related(
        "feedback__school", "feedback__case__organisation", "feedback__review__organisation", "person"
    )
    return get_object_or_404(rows, uuid=uuid)


@require_POST
@require(can_answer, find=_objection)
def answer(request: HttpRequest, objection: Objection) -> HttpResponseBase:
    """Answer an objection."""
    actions.answer_objection(
        actor=acting(request), at=clock.now(), objection=objection, text=request.POST.get("answer", "")
    )
    messages.success(request, f"已答复{objection.person.name}。")
    return redirect(f"{school_url(objection.feedback)}#objections")
