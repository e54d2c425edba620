"""年度审核: the district's reviews of school years, which schools are done; and the teacher's own year."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Flag, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.ledger.queries import entries_of
from shixun.people.models import Person
from shixun.people.organisations.names import by_name
from shixun.recognition.actions import years as actions
from shixun.recognition.choices import YEAR_FLOW
from shixun.recognition.models import SchoolFeedback, YearReview
from shixun.recognition.permissions import (
    can_close_year,
    can_list_own_years,
    can_list_years,
    can_object,
    can_open_year,
    can_see_year,
)
from shixun.recognition.queries.rounds import place_of
from shixun.recognition.queries.years import (
    days_of_year,
    feedback_at,
    feedback_for,
    feedback_within,
    last_year_before,
    objections_of,
    with_names,
    year_words,
    years_within,
)

_STATES = (("school_pending", "学校核对"), ("district_pending", "区县审定"), ("confirmed", "已审定"))


def year_url(review: YearReview) -> str:
    """The page of a review."""
    return reverse("recognition:year", kwargs={"uuid": review.uuid})


def school_url(feedback: SchoolFeedback) -> str:
    """The page of one school's part."""
    return reverse("recognition:school-year", kwargs={"uuid": feedback.uuid})


def state_of(feedback: SchoolFeedback) -> str:
    """Where a school's part is, in a word."""
    return feedback.case.declared_state.title if feedback.case else "未开始"


@require_http_methods(["GET", "POST"])
@require(can_list_years)
def years(request: HttpRequest) -> HttpResponseBase:
    """Districts and the city see the reviews; a school its own parts of them."""
    actor = acting(request)
    if not can_open_year(actor) and not can_see_year(actor, YearReview(organisation=place_of(actor.organisation))):
        return _of_schools(request)
    place, today = place_of(actor.organisation), clock.today()
    if request.method == "POST":
        year = request.POST.get("year", "")
        return _started(request, int(year) if year.isdecimal() else 0)
    rows = years_within(actor.scope)
    page = ListPage(
        rows=rows,
        columns=(
            Column("year", "学年", lambda row: year_words(row.year), card="title", link=year_url, sort=("year",)),
            Column("place", "区县", "organisation.name", sort=("organisation__path", "year")),
            Column("schools", "学校", "schools", kind="count", unit="所", sort=("schools",)),
            Column("signed", "已上报", "signed", kind="count", unit="所", sort=("signed",), card="figure"),
            Column("confirmed", "已审定", "confirmed", kind="count", unit="所", sort=("confirmed",), card="figure"),
            Column("closed", "完成", "closed_at", kind="moment", sort=("closed_at",)),
            Column("opened", "发起", "opened_at", kind="moment", sort=("opened_at",)),
        ),
        default_sort="-year",
        noun="次年度审核",
        file_name="年度审核",
        empty=Empty("还没有发起过年度审核。", next="学年结束后由区县发起，各校核对本校教师的学分后上报。"),
        filters=(Flag("open", "只看没有完成的", condition=Q(closed_at=None)),),
    )
    last = last_year_before(today, place)
    opened = rows.filter(organisation=place, year=last).exists()
    offered = last if can_open_year(actor) and not opened else None
    return page.respond(request, "recognition/years/years.html", {"offered": offered, "place": place})


def _started(request: HttpRequest, year: int) -> HttpResponseBase:
    job = actions.start_year(actor=acting(request), at=clock.now(), year=year)
    if job.state == "failed":
        raise Refusal(job.message, status=409)
    if job.is_open:
        return redirect(f"{reverse('kernel:job', kwargs={'uuid': job.uuid})}?follow=1")
    messages.success(request, f"已发起{year_words(year)}的年度审核，各校已收到消息。")
    return redirect("recognition:year", uuid=(job.result or {})["review"])


def _of_schools(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        rows=feedback_at(acting(request).scope),
        columns=(
            Column("year", "学年", lambda row: year_words(row.review.year), card="title", link=school_url),
            Column("school", "学校", "school.name", sort=("school__path",)),
            Column("state", "状态", state_of, card="figure", template="recognition/years/state.html"),
            Column("due", "期限", lambda row: row.case.due_on if row.case else None, kind="date", card="figure"),
            Column("waiting", "待答复异议", "waiting", kind="count", unit="条", sort=("waiting",)),
            Column("read", "查收", "read_at", kind="moment", sort=("read_at",)),
        ),
        default_sort="school",
        noun="个学年",
        file_name="年度核对",
        empty=Empty("本校还没有年度核对。", next="区县发起年度审核以后，本校的一份会列在这里，并通过消息告诉您。"),
    )
    return page.respond(request, "recognition/years/years.html", {"offered": None, "place": None})


def _year(uuid: UUID) -> YearReview:
    return get_object_or_404(YearReview.objects.select_related("organisation", "opened_by__person"), uuid=uuid)


@require(can_see_year, find=_year)
def year(request: HttpRequest, review: YearReview) -> HttpResponseBase:
    """One review: which schools have signed, which are confirmed, where an answer is missing."""
    rows = feedback_within(review)
    page = ListPage(
        rows=rows,
        columns=(
            Column("school", "学校", "school.name", card="title", link=school_url, sort=("school__path",)),
            Column(
                "state", "状态", state_of, sort=("case__state", "school__path"), card="figure",
                template="recognition/years/state.html",
            ),
            Column(
                "due", "期限", lambda row: row.case.due_on if row.case else None, kind="date", sort=("case__due_at",),
                card="figure",
            ),
            Column("waiting", "待答复异议", "waiting", kind="count", unit="条", sort=("waiting",)),
            Column("raised", "异议", "raised", kind="count", unit="条", sort=("raised",)),
            Column("teachers", "教师", lambda row: row.figures.get("teachers"), kind="count", unit="人"),
            Column("credits", "当年学分", lambda row: row.figures.get("credits"), kind="amount"),
            Column("verdict", "结论", "get_verdict_display"),
            Column("read", "学校查收", "read_at", kind="moment", sort=("read_at",)),
        ),
        default_sort="state",
        noun="所学校",
        file_name=f"{year_words(review.year)}年度审核 {review.organisation.name}",
        empty=Empty("本区没有学校。"),
        filters=(
            Text("q", "学校", also=(by_name("school"),)),
            Choice("state", "状态", options=_STATES, field="case__state"),
        ),
    )  # fmt: skip
    first, last = days_of_year(review)
    missing = rows.filter(case__closed_at=None).count()
    context = {
        "review": review,
        "title": year_words(review.year),
        "first": first,
        "last": last,
        "missing": missing,
        "may_close": review.closed_at is None and can_close_year(acting(request), review),
        "flow": YEAR_FLOW,
    }
    return page.respond(request, "recognition/years/year.html", context)


@require_POST
@require(can_close_year, find=_year)
def close(request: HttpRequest, review: YearReview) -> HttpResponseBase:
    """Finish a review; the city and the schools are told."""
    actions.close_year(actor=acting(request), at=clock.now(), review=review, remark=request.POST.get("remark", ""))
    messages.success(request, "年度审核已完成，结果已发给市级和各校。")
    return redirect(year_url(review))


@require(can_list_own_years)
def own(request: HttpRequest) -> HttpResponseBase:
    """My credits of each school year under review, and what I have to say against them."""
    return _own_page(request, acting(request).person)


def _own_page(request: HttpRequest, person: Person, refusal: Refusal | None = None) -> HttpResponseBase:
    rows = []
    for feedback in feedback_for(person, clock.today()):
        first, last = days_of_year(feedback.review)
        entries = entries_of(person).filter(earned_on__range=(first, last)).order_by("earned_on", "pk")
        is_open = feedback.case is not None and feedback.case.closed_at is None
        objections = objections_of(feedback).filter(person=person)
        rows.append(
            {
                "feedback": feedback,
                "title": year_words(feedback.review.year),
                "entries": entries,
                "total": sum(entry.credits for entry in entries),
                "objections": objections,
                "may_object": is_open and not any(row.answered_at is None for row in objections),
            }
        )
    context = {"rows": rows, "refusal": refusal}
    return render(request, "recognition/years/own.html", context, status=refusal.status if refusal else 200)


def _feedback(uuid: UUID) -> SchoolFeedback:
    return get_object_or_404(with_names(SchoolFeedback.objects.all()), uuid=uuid)


@require_POST
@require(can_object, find=_feedback)
def object_to(request: HttpRequest, feedback: SchoolFeedback) -> HttpResponseBase:
    """Say what is wrong or missing in my year."""
    actor = acting(request)
    try:
        actions.raise_objection(actor=actor, at=clock.now(), feedback=feedback, text=request.POST.get("text", ""))
    except Refusal as refusal:
        return _own_page(request, actor.person, refusal)
    messages.success(request, "异议已提出，学校会答复您。")
    return redirect("recognition:own-years")
