"""执行的政策: which policy an area goes by, from when on; going over to another in three steps; taking that back."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from rulebook.policy import Policy
from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.templatetags.formats import day
from shixun.people.models import Organisation
from shixun.people.queries import persons_within
from shixun.policy.actions import switch_policy, take_back_switch
from shixun.policy.forms import SwitchForm
from shixun.policy.models import Adoption
from shixun.policy.permissions import (
    area_of,
    can_see_adoptions,
    can_switch_policies,
    can_take_back_switch,
)
from shixun.policy.queries import (
    adoptions_mark,
    adoptions_of,
    adoptions_within,
    choosing_districts,
    districts_of,
    newest_policies,
    policies_in_force,
    requirement_changes,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One adoption as the page shows it: in force, over or still to come."""

    adoption: Adoption
    policy: Policy | None
    state: str
    kind: str


@require(can_see_adoptions)
def adoptions(request: HttpRequest) -> HttpResponseBase:
    """The areas of my scope that have adopted a policy of their own, and what they go by when."""
    actor, today = acting(request), clock.today()
    area = area_of(actor.organisation)
    above = Adoption.objects.filter(organisation=area.parent).select_related("organisation") if area.parent else []
    rows = [*above, *adoptions_within(Scope(area.path))]
    context = {
        "area": area,
        "areas": [(place, list(_lines(members))) for place, members in groupby(rows, lambda row: row.organisation)],
        "may_switch": can_switch_policies(actor),
        "today": today,
    }
    return render(request, "policy/adoptions.html", context)


def _lines(rows: Any) -> Iterator[Line]:
    policies, today = newest_policies(), clock.today()
    for row in rows:
        if row.valid_from > today:
            state, kind = "将要执行", "need"
        elif row.valid_until is not None and row.valid_until <= today:
            state, kind = "已结束", "idle"
        else:
            state, kind = "执行中", "met"
        yield Line(row, policies.get(row.policy_id), state, kind)


@require_http_methods(["GET", "POST"])
@require(can_switch_policies)
def switch(request: HttpRequest) -> HttpResponseBase:
    """Say where, what and from when; look at what follows; put it in force."""
    actor, today = acting(request), clock.today()
    area = area_of(actor.organisation)
    places = [area, *districts_of(actor.scope, today)]
    policies = newest_policies()
    form = SwitchForm(request.POST or None, places=places, policies=policies, initial={"valid_from": today})
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "edit" or not form.is_valid():
        status = 422 if form.is_bound and form.errors and step != "edit" else 200
        return render(request, "policy/switch.html", {"form": form, "area": area}, status=status)
    place: Organisation = form.cleaned_data["organisation"]
    policy: Policy = form.cleaned_data["policy"]
    if step == "apply":
        row = switch_policy(
            actor=actor,
            at=clock.now(),
            organisation=place,
            policy_id=policy.id,
            valid_from=form.cleaned_data["valid_from"],
            reason=form.cleaned_data["reason"],
            expected=form.cleaned_data["expected"],
        )
        messages.success(
            request, f"{place.name}自{day(row.valid_from)}起执行《{policy.short_name}》，学分完成情况随后更新。"
        )
        return redirect("policy:adoptions")
    return render(request, "policy/switch_preview.html", _preview(form, place, policy))


def _preview(form: SwitchForm, place: Organisation, policy: Policy) -> dict[str, Any]:
    """What the switch means for the people of the area, as far as it can be said before."""
    since = form.cleaned_data["valid_from"]
    now = policies_in_force([place.path], since)[place.path]
    before = now.policy if now else None
    data = QueryDict(mutable=True)
    data.update({name: form.data.get(name, "") for name in form.fields})
    data["expected"] = adoptions_mark(adoptions_of(place))
    form.data = data
    return {
        "form": form,
        "place": place,
        "policy": policy,
        "before": before,
        "since": since,
        "persons_count": persons_within(Scope(place.path), clock.today()).count(),
        "changes": requirement_changes(before, policy),
        "cycle": policy.cycle_of(since),
        "old_cycle": before.cycle_of(since) if before else None,
        "choosing": choosing_districts(Scope(place.path), before, clock.today()),
        "outside": not policy.valid_from <= since < policy.valid_until,
        "other_region": bool(before and before.region != policy.region),
    }


def _adoption(uuid: UUID) -> Adoption:
    return get_object_or_404(Adoption.objects.select_related("organisation__parent"), uuid=uuid)


@require_POST
@require(can_take_back_switch, find=_adoption)
def take_back(request: HttpRequest, adoption: Adoption) -> HttpResponseBase:
    """Undo a switch whose day has not come."""
    take_back_switch(actor=acting(request), at=clock.now(), adoption=adoption)
    messages.success(
        request, f"已撤回{adoption.organisation.name}自{day(adoption.valid_from)}起的切换，原来的政策继续执行。"
    )
    return redirect("policy:adoptions")
