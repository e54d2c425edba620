"""Registering that people have left, and the list of who did."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import acting, demand, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people.models import Person
from shixun.people.organisations.names import by_name
from shixun.people.queries import with_main_appointments
from shixun.roster.actions import register_departures
from shixun.roster.choices import DepartureKind
from shixun.roster.forms import DepartureForm
from shixun.roster.models import Departure
from shixun.roster.permissions import can_import_roster, can_register_departure
from shixun.roster.queries import departures_within

_MOST = 100


@require(can_import_roster)
def departures(request: HttpRequest) -> HttpResponseBase:
    """Who left a place of my scope, when and why."""
    page = ListPage(
        rows=departures_within(acting(request).scope),
        columns=_COLUMNS,
        default_sort="-on",
        noun="人次",
        file_name="离岗登记",
        empty=Empty("还没有登记过离岗。", next="在“在岗名册”中选中要离岗的人员即可登记。"),
        filters=(
            Text(
                "q",
                "姓名或单位",
                fields=("person__name",),
                also=(by_name("organisation"),),
                placeholder="姓名或单位",
            ),
            Choice("kind", "原因", options=DepartureKind.choices, field="kind"),
        ),
    )
    return page.respond(request, "roster/departures.html")


def _address(departure: Departure) -> str:
    return reverse("people:person", kwargs={"uuid": departure.person.uuid})


_COLUMNS = (
    Column("person", "姓名", "person.name", sort=("person__name",), card="title", link=_address),
    Column("organisation", "单位", "organisation.name", sort=("organisation__path",)),
    Column("on", "离岗日期", "on", kind="date", sort=("on",), card="figure"),
    Column("kind", "原因", "get_kind_display", sort=("kind",), card="figure"),
    Column("memo", "说明", "memo", card="hidden"),
    Column("by", "登记人", lambda row: str(row.registered_by or ""), card="hidden"),
)


@require_http_methods(["GET", "POST"])
@require(can_import_roster)
def depart(request: HttpRequest) -> HttpResponseBase:
    """Say when and why the chosen persons leave; what ends and what stays is said before."""
    actor = acting(request)
    persons = _chosen(request)
    for person in persons:
        demand(can_register_departure, actor, person)
    form = DepartureForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        wanted: dict[str, Any] = form.cleaned_data
        register_departures(
            actor=actor, at=clock.now(), persons=persons, on=wanted["on"], kind=wanted["kind"], memo=wanted["memo"]
        )
        messages.success(request, f"已登记 {len(persons)} 人离岗，自 {wanted['on']:%Y-%m-%d} 起不再在岗。")
        return redirect("roster:departures")
    context = {"form": form, "persons": with_main_appointments(persons, clock.today())}
    return render(request, "roster/depart.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest) -> list[Person]:
    source = request.POST if request.method == "POST" else request.GET
    try:
        wanted = {UUID(text) for text in source.getlist("person")[:_MOST]}
    except ValueError:
        raise Http404 from None
    found = list(Person.objects.filter(uuid__in=wanted).order_by("name", "code"))
    if not found:
        raise Http404
    return found
