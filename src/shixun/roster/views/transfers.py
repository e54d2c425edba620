"""调动: moves that concern my scope, asking for one, and asking again after it was returned."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people.models import Person
from shixun.people.organisations.names import by_name
from shixun.people.queries import main_appointment
from shixun.roster.actions import ask_for_transfer, revise_transfer
from shixun.roster.forms import IncomingForm, TransferForm
from shixun.roster.models import Transfer
from shixun.roster.permissions import can_ask_for_transfer, can_ask_for_transfers, can_see_transfer
from shixun.roster.queries import opened_case, transfers_within, with_cases

_STATES = (("open", "正在办理"), ("moved", "已调动"), ("dropped", "未调动"))


@require(can_ask_for_transfers)
def transfers(request: HttpRequest) -> HttpResponseBase:
    """Moves out of, into and inside my scope, with where each of them is."""
    page = ListPage(
        rows=transfers_within(acting(request).scope),
        columns=_COLUMNS,
        default_sort="-asked_at",
        noun="项调动",
        file_name="教师调动",
        empty=Empty("您管理范围内还没有调动。", next="可以发起一项调动：调出本单位教师，或调入其他单位教师。"),
        filters=(
            Text(
                "q",
                "姓名或单位",
                fields=("person__name",),
                also=(by_name("origin"), by_name("destination")),
                placeholder="姓名或单位",
            ),
            Choice("state", "状态", options=_STATES, narrow=_in_state),
        ),
        enrich=with_cases,
    )
    return page.respond(request, "roster/transfers.html")


def _in_state(rows: Any, value: str) -> Any:
    if value == "open":
        return rows.filter(settled_at=None)
    return rows.filter(settled_at__isnull=False, took_effect=value == "moved")


def _address(transfer: Transfer) -> str:
    return reverse("roster:transfer", kwargs={"uuid": transfer.uuid})


_COLUMNS = (
    Column("person", "姓名", "person.name", sort=("person__name",), card="title", link=_address),
    Column("origin", "调出单位", "origin.name", sort=("origin__path",)),
    Column("destination", "调入单位", "destination.name", sort=("destination__path",)),
    Column("begins_on", "到岗日期", "begins_on", kind="date", sort=("begins_on",), card="figure"),
    Column("state", "状态", lambda row: row.case.declared_state.title, card="figure"),
    Column("asked_at", "提出时间", "asked_at", kind="moment", sort=("asked_at",), card="hidden"),
)


def _transfer(uuid: UUID) -> Transfer:
    rows = Transfer.objects.select_related("person", "origin__parent", "destination__parent")
    return get_object_or_404(rows, uuid=uuid)


@require(can_see_transfer, find=_transfer)
def transfer(request: HttpRequest, transfer: Transfer) -> HttpResponseBase:
    """To the matter itself, where it is decided and followed."""
    return redirect("approvals:case", uuid=opened_case(transfer).uuid)


@require_http_methods(["GET", "POST"])
@require(can_ask_for_transfers)
def ask_in(request: HttpRequest) -> HttpResponseBase:
    """Find the teacher who is to come by name and number; then say where to and from when."""
    form = IncomingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("roster:ask-transfer", uuid=form.person.uuid)
    return render(request, "roster/ask-in.html", {"form": form}, status=422 if form.errors else 200)


def _person(uuid: UUID) -> Person:
    return get_object_or_404(Person, uuid=uuid)


@require_http_methods(["GET", "POST"])
@require(can_ask_for_transfers)
def ask(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Where to, from when, as what: one's own teacher who goes, or somebody's who comes."""
    actor, person = acting(request), _person(uuid)
    main = main_appointment(person, clock.today())
    form = TransferForm(request.POST or None, actor=actor, main=main)
    if request.method == "POST" and form.is_valid():
        asked = ask_for_transfer(actor=actor, at=clock.now(), person=person, **form.wanted())
        messages.success(request, f"已发起{person.name}的调动，对方单位会在待办中看到。")
        return redirect("roster:transfer", uuid=asked.uuid)
    context = {"form": form, "person": person, "main": main}
    return render(request, "roster/ask-transfer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(can_ask_for_transfer, find=_transfer)
def revise(request: HttpRequest, transfer: Transfer) -> HttpResponseBase:
    """Change what was returned, and hand it in again."""
    actor = acting(request)
    form = TransferForm(request.POST or None, actor=actor, main=None, transfer=transfer)
    if request.method == "POST" and form.is_valid():
        wanted = form.wanted()
        revise_transfer(actor=actor, at=clock.now(), transfer=transfer, **wanted)
        messages.success(request, "已按改动重新提交。")
        return redirect("roster:transfer", uuid=transfer.uuid)
    context = {"form": form, "person": transfer.person, "main": None, "transfer": transfer}
    return render(request, "roster/ask-transfer.html", context, status=422 if form.errors else 200)
