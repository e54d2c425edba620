"""学分工作负责人: naming one for a school, and the schools of my area with theirs (RW-04)."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people.credit_officers.actions import name_credit_officer
from shixun.people.credit_officers.forms import CreditOfficerForm
from shixun.people.credit_officers.permissions import can_list_credit_officers, can_name_credit_officer
from shixun.people.credit_officers.queries import having, lacking, schools_with_officers, turns_of
from shixun.people.models import Organisation


def _school_address(school: Organisation) -> str:
    return reverse("people:organisation", kwargs={"uuid": school.uuid})


@require(can_list_credit_officers)
def credit_officers(request: HttpRequest) -> HttpResponseBase:
    """The schools of my area, those without an officer first."""
    actor, today = acting(request), clock.today()
    page = ListPage(
        rows=schools_with_officers(actor.scope, today).select_related("parent"),
        columns=(
            Column("name", "学校", "name", sort=("name",), card="title", link=_school_address),
            Column("parent", "区县", "parent.name", sort=("path",)),
            Column("officer", "学分工作负责人", _officer_name, sort=("officer_name", "path"), card="figure"),
            Column("since", "自", "officer_since", kind="date", sort=("officer_since",)),
            Column("state", "情况", _state, card="figure", template="people/credit-officer-state.html"),
        ),
        default_sort="parent",
        noun="所学校",
        file_name="学分工作负责人",
        empty=Empty("没有符合条件的学校。", next="筛选“没有负责人”时为空，说明每所学校都有在岗的负责人。"),
        filters=(
            Text("q", "学校或负责人", fields=("name", "officer_name"), placeholder="学校或负责人"),
            Choice("state", "情况", options=(("lacking", "没有负责人"), ("has", "有负责人")), narrow=_in_state),
        ),
    )
    return page.respond(request, "people/credit-officers.html")


def _officer_name(school: Organisation) -> str:
    return school.officer_name or ""  # type: ignore[attr-defined]


def _state(school: Organisation) -> str:
    if school.officer_name is None:  # type: ignore[attr-defined]
        return "没有负责人"
    return "在岗" if school.officer_is_here else "负责人已不在本校"  # type: ignore[attr-defined]


def _in_state(rows: QuerySet[Organisation], value: str) -> QuerySet[Organisation]:
    return lacking(rows) if value == "lacking" else having(rows)


def _school(uuid: UUID) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("parent"), uuid=uuid)


@require_http_methods(["GET", "POST"])
@require(can_name_credit_officer, find=_school)
def change_credit_officer(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Name the officer of a school, or hand over to another on a day."""
    form = CreditOfficerForm(request.POST or None, school=organisation)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        row = name_credit_officer(
            actor=acting(request),
            at=clock.now(),
            school=organisation,
            person=wanted["person"],
            valid_from=wanted["valid_from"],
            reason=wanted["reason"],
        )
        since = f"自 {row.valid_from:%Y-%m-%d} 起"
        messages.success(request, f"{since}，{row.person}是{organisation.name}的学分工作负责人。")
        return redirect("people:organisation", uuid=organisation.uuid)
    context = {"form": form, "organisation": organisation, "turns": turns_of(organisation, clock.today())}
    return render(request, "people/credit-officer.html", context)
