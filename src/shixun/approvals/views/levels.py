"""审核层级: which levels take part in an area, which body acts, how many days; who that is; every version so far."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from shixun.approvals.actions.levels import refused_setting, set_level, settable_levels
from shixun.approvals.diagrams import way_of_flow
from shixun.approvals.flows import Flow, Level, all_flows
from shixun.approvals.forms import LevelForm
from shixun.approvals.models import LevelSetting
from shixun.approvals.permissions import can_see_levels, can_set_levels
from shixun.approvals.queries import LevelRule
from shixun.approvals.queries.levels import rules_by_flow, settings_of
from shixun.kernel import clock
from shixun.kernel.access import acting, demand, require
from shixun.kernel.refusals import Refusal
from shixun.people.choices import AREAS
from shixun.people.models import Organisation
from shixun.people.queries import chain_of


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level of one flow in one area, as it is done there."""

    level: Level
    rule: LevelRule
    may_set: bool

    @property
    def body(self) -> str:
        """The kind of body that acts, in words."""
        return dict(LevelSetting._meta.get_field("body_kind").flatchoices).get(self.rule.body_kind, "该级任何机构")

    @property
    def from_where(self) -> str:
        """Who has set it so."""
        return self.rule.setting.organisation.name if self.rule.setting else "默认"


def _organisation(uuid: UUID) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("parent"), uuid=uuid)


@require()
def own_levels(request: HttpRequest) -> HttpResponseBase:
    """To the levels of the area one answers for."""
    actor = acting(request)
    area = chain_of(actor.organisation).filter(kind__in=AREAS).last() if actor.organisation else None
    if area is None:
        raise Refusal("您目前的角色不属于任何地区，没有可看的审核层级。")
    return redirect("approvals:levels", uuid=area.uuid)


@require(can_see_levels, find=_organisation)
def levels(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Every flow with its levels in this area, and the history of what was set here."""
    actor = acting(request)
    may = can_set_levels(actor, organisation)
    rules = rules_by_flow(organisation.path)
    context = {
        "organisation": organisation,
        "flows": [(flow, way_of_flow(flow), _rows(flow, rules[flow.key], organisation, may)) for flow in all_flows()],
        "history": _history(organisation),
        "above": list(chain_of(organisation).filter(kind__in=AREAS).exclude(pk=organisation.pk)),
    }
    return render(request, "approvals/levels.html", context)


def _rows(flow: Flow, rules: dict[str, LevelRule], organisation: Organisation, may: bool) -> list[LevelRow]:
    settable = settable_levels(organisation, flow)
    return [LevelRow(level, rules[level.key], may and level in settable) for level in flow.levels]


def _history(organisation: Organisation) -> list[dict[str, Any]]:
    flows = {flow.key: flow for flow in all_flows()}
    kinds = dict(LevelSetting._meta.get_field("body_kind").flatchoices)
    return [
        {
            "setting": row,
            "flow": flows[row.flow].title,
            "level": flows[row.flow].level(row.level).shown_title,
            "body": kinds.get(row.body_kind, "该级任何机构"),
        }
        for row in settings_of(organisation)
        if row.flow in flows and row.level in [level.key for level in flows[row.flow].levels]
    ]


def _level(flow: str, level: str) -> tuple[Flow, Level]:
    found = next((row for row in all_flows() if row.key == flow), None)
    declared = next((row for row in found.levels if row.key == level), None) if found else None
    if found is None or declared is None:
        raise Http404
    return found, declared


@require_http_methods(["GET", "POST"])
@require()
def change(request: HttpRequest, uuid: UUID, flow: str, level: str) -> HttpResponseBase:
    """Set one level of one flow in this area."""
    organisation = _organisation(uuid)
    demand(can_set_levels, acting(request), organisation)
    declared, wanted = _level(flow, level)
    rule = rules_by_flow(organisation.path)[flow][level]
    initial = {
        "takes_part": "yes" if rule.takes_part else "no",
        "body_kind": rule.body_kind,
        "days": rule.days,
        "remind_days": rule.remind_days,
    }
    form = LevelForm(request.POST or None, level=wanted, initial=initial)
    if request.method == "POST" and form.is_valid() and _set(request, organisation, declared, wanted, form):
        messages.success(request, f"已保存。此后到达{wanted.shown_title}的“{declared.title}”按新的设置办理。")
        return redirect("approvals:levels", uuid=organisation.uuid)
    context = {"organisation": organisation, "flow": declared, "level": wanted, "form": form}
    return render(request, "approvals/change-level.html", context, status=422 if form.errors else 200)


def _set(request: HttpRequest, organisation: Organisation, flow: Flow, level: Level, form: LevelForm) -> bool:
    values = {"takes_part": True, "body_kind": "", **form.cleaned_data}
    refused = refused_setting(organisation, level, **values)
    if refused:
        form.add_error(None, f"{refused}。")
        return False
    set_level(actor=acting(request), at=clock.now(), organisation=organisation, flow=flow, level=level.key, **values)
    return True
