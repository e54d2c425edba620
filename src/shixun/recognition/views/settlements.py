"""跨区结算: credits earned in one district and recognised in another, summed between two, accepted and settled."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, DateRange, Text
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.people.acting import Actor
from shixun.people.choices import OrganisationKind, Role
from shixun.people.models import Organisation
from shixun.people.queries import chain_of
from shixun.recognition.actions import settlements as actions
from shixun.recognition.choices import SettlementState
from shixun.recognition.models import Settlement
from shixun.recognition.permissions import (
    can_accept_settlement,
    can_answer_settlement,
    can_list_settlements,
    can_query_settlement,
    can_see_claim,
    can_see_settlement,
)
from shixun.recognition.queries.settlements import settlements_within, sums_by_pair
from shixun.recognition.tables import claim_url


def settlement_url(row: Settlement) -> str:
    """The page of one settlement."""
    return reverse("recognition:settlement", kwargs={"uuid": row.uuid})


def _districts(actor: Actor) -> Callable[[], list[tuple[str, str]]]:
    def options() -> list[tuple[str, str]]:
        root = chain_of(actor.organisation).first() if actor.organisation else None
        rows = Organisation.objects.filter(kind=OrganisationKind.DISTRICT, path__startswith=root.path if root else "-")
        return [(str(row.pk), row.name) for row in rows.order_by("path")]

    return options


def _actions(actor: Actor) -> list[BatchAction]:
    if actor.role in (Role.DISTRICT_OFFICER, Role.REVIEWER):
        says = "{count} 笔中本区教师待确认的将确认，其余不变。"
        return [BatchAction("accept", "确认", says, lambda request, rows: _accepted(request, rows))]
    says = "{count} 笔中已确认的将结算，其余不变；结算后不能退回。"
    return [BatchAction("settle", "结算", says, lambda request, rows: _settled(request, rows))]


def _accepted(request: HttpRequest, rows: QuerySet[Settlement]) -> str:
    actor = acting(request)
    mine = [row for row in rows if can_accept_settlement(actor, row)]
    return f"已确认 {actions.accept_settlements(actor=actor, at=clock.now(), rows=mine)} 笔。"


def _settled(request: HttpRequest, rows: QuerySet[Settlement]) -> str:
    return f"已结算 {actions.settle(actor=acting(request), at=clock.now(), rows=rows)} 笔。"


@require_http_methods(["GET", "POST"])
@require(can_list_settlements)
def settlements(request: HttpRequest) -> HttpResponseBase:
    """What stands between my district and the others, or between all of them; summed above, row by row below."""
    actor = acting(request)
    rows = settlements_within(actor.scope)
    options = _districts(actor)
    page = ListPage(
        rows=rows,
        columns=(
            Column("title", "内容", "shown_title", card="title", link=settlement_url, sort=("claim__spelled",)),
            Column("person", "教师", "claim.person.name", sort=("claim__person__name",)),
            Column("home", "所属区县", "home.name", sort=("home__path", "host__path")),
            Column("host", "学习所在区县", "host.name", sort=("host__path", "home__path")),
            Column("hours", "学时", "hours", kind="amount", sort=("hours",)),
            Column("credits", "学分", "credits", kind="amount", sort=("credits",), card="figure"),
            Column("on", "认定", "recognised_on", kind="date", sort=("recognised_on",)),
            Column(
                "state", "状态", "get_state_display", sort=("state", "recognised_on"), card="figure",
                template="recognition/settlements/state.html",
            ),
            Column("settled", "结算", "settled_at", kind="moment", sort=("settled_at",)),
        ),
        default_sort="-on",
        noun="笔",
        file_name="跨区结算",
        empty=Empty("还没有跨区学习的学分。", next="教师在外区学习并认定的学分会列在这里，由所属区县确认、市级结算。"),
        filters=(
            Text("q", "内容或教师", fields=("claim__title", "claim__person__name")),
            Choice("home", "所属区县", options=options, field="home"),
            Choice("host", "学习所在区县", options=options, field="host"),
            Choice("state", "状态", options=SettlementState.choices),
            DateRange("on", "认定日期", field="recognised_on"),
        ),
        actions=_actions(actor),
    )  # fmt: skip
    return page.respond(request, "recognition/settlements/settlements.html", {"pairs": sums_by_pair(rows)})


def _settlement(uuid: UUID) -> Settlement:
    related = ("claim__person", "claim__organisation", "claim__case__organisation", "home", "host", "corrects")
    people = ("accepted_by__person", "queried_by__person", "answered_by__person", "settled_by__person")
    return get_object_or_404(Settlement.objects.select_related(*related, *people), uuid=uuid)


@require(can_see_settlement, find=_settlement)
def settlement(request: HttpRequest, row: Settlement) -> HttpResponseBase:
    """One settlement: whose credits, what was asked and answered, what may be done."""
    actor = acting(request)
    is_open = row.state in (SettlementState.OPEN, SettlementState.ACCEPTED)
    correction = Settlement.objects.filter(corrects=row).first()
    context = {
        "row": row,
        "corrects_url": settlement_url(row.corrects) if row.corrects else "",
        "correction_url": settlement_url(correction) if correction else "",
        "claim_url": claim_url(row.claim) if can_see_claim(actor, row.claim) else "",
        "may_query": is_open and can_query_settlement(actor, row),
        "may_answer": row.state == SettlementState.QUERIED and can_answer_settlement(actor, row),
    }
    return render(request, "recognition/settlements/settlement.html", context)


@require_POST
@require(can_query_settlement, find=_settlement)
def query(request: HttpRequest, row: Settlement) -> HttpResponseBase:
    """Say what is doubtful."""
    actions.query_settlement(actor=acting(request), at=clock.now(), row=row, text=request.POST.get("text", ""))
    messages.success(request, "疑问已提出，答复以前不结算。")
    return redirect(settlement_url(row))


@require_POST
@require(can_answer_settlement, find=_settlement)
def answer(request: HttpRequest, row: Settlement) -> HttpResponseBase:
    """Answer a query."""
    actions.answer_settlement(actor=acting(request), at=clock.now(), row=row, text=request.POST.get("text", ""))
    messages.success(request, "已答复，由所属区县再确认。")
    return redirect(settlement_url(row))
