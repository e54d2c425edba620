"""本区规则: an area's choices in a policy's ranges, their history, a change in three steps, districts side by side."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from rulebook.parameters import NO_CHOICES
from rulebook.policy import Policy
from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.refusals import Refusal
from shixun.kernel.templatetags.formats import day
from shixun.people.models import Organisation
from shixun.people.queries import persons_within
from shixun.policy.actions import set_local_rules
from shixun.policy.forms import LocalRulesForm, initial_of
from shixun.policy.models import LocalRules
from shixun.policy.permissions import (
    area_of,
    can_compare_local_rules,
    can_see_local_rules,
    can_set_local_rules,
)
from shixun.policy.queries import (
    adopted_policies,
    districts_of,
    history_of,
    layer_of,
    layers_of,
    newest_policies,
    newest_rules,
    policy_in_force,
    rules_by_path,
    usable,
)
from shixun.policy.tables.choices import ChoiceRow, choice_rows, differences
from shixun.policy.tables.compare import comparison_of


def _organisation(uuid: UUID) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("parent"), uuid=uuid)


def _as_of(request: HttpRequest) -> date:
    """The day of ``?as_of=``, today where it is missing or no day."""
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return clock.today()


@dataclass(frozen=True, slots=True)
class Choice:
    """The policies ever adopted for an area, and the one the page is about."""

    policy: Policy
    policies: list[Policy]


def _choice(request: HttpRequest, organisation: Organisation, on: date) -> Choice:
    """The policy asked for among those ever adopted here, else the one in force on the day."""
    known = newest_policies()
    adopted = [known[key] for key in adopted_policies(organisation) if key in known]
    wanted = [policy for policy in adopted if policy.id == request.GET.get("policy", "")]
    return Choice(wanted[0] if wanted else policy_in_force(organisation, on).policy, adopted)


@require()
def own_local_rules(request: HttpRequest) -> HttpResponseRedirect:
    """To the rules of the area one belongs to."""
    actor = acting(request)
    if actor.organisation is None:
        raise Refusal("您目前的角色不属于任何地区，没有可看的本区规则。")
    return redirect("policy:local-rules", uuid=area_of(actor.organisation).uuid)


@require(can_see_local_rules, find=_organisation)
def local_rules(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The choices of an area as of a day, each with range, default, article and ambiguity; and their history."""
    on = _as_of(request)
    chosen = _choice(request, organisation, on)
    policy = chosen.policy
    found = layers_of(organisation, policy, on)
    layer = layer_of(organisation)
    rows = choice_rows(policy, found.own, found.wider, layer)
    actor = acting(request)
    context = {
        "organisation": organisation,
        "policy": policy,
        "policies": chosen.policies,
        "on": on,
        "rules": found.rules,
        "groups": _by_profile([row for row in rows if row.within]),
        "fixed_count": sum(not row.within for row in rows),
        "factors": [(rule, found.own.factors.get(rule.id)) for rule in policy.reductions.values()],
        "history": _history(organisation, policy, layer),
        "can_set": can_set_local_rules(actor, organisation),
        "can_compare": can_compare_local_rules(actor),
    }
    return render(request, "policy/local_rules.html", context)


def _by_profile(rows: list[ChoiceRow]) -> list[tuple[str, list[ChoiceRow]]]:
    grouped: dict[str, list[ChoiceRow]] = {}
    for row in rows:
        grouped.setdefault(row.profile, []).append(row)
    return list(grouped.items())


def _history(organisation: Organisation, policy: Policy, layer: str) -> list[dict[str, Any]]:
    """Versions with what each changed, the newest first; one query."""
    told: list[dict[str, Any]] = []
    before = NO_CHOICES
    for version in reversed(history_of(organisation, policy.id)):
        after = usable(policy, version.choices, layer)[0]
        told.append({"version": version, "changes": differences(policy, before, after)})
        before = after
    return told[::-1]


@require(can_set_local_rules, find=_organisation)
def change_local_rules(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Fill in, look at what changes, put into force; nothing typed is lost on the way."""
    policy = _choice(request, organisation, clock.today()).policy
    newest = newest_rules(organisation, policy.id)
    layer = layer_of(organisation)
    wider = layers_of(organisation, policy, clock.today()).wider
    own = usable(policy, newest.choices, layer)[0] if newest else NO_CHOICES
    rows = choice_rows(policy, own, wider, layer)
    if request.method != "POST":
        initial = {**initial_of(own, rows), "valid_from": clock.today(), "after": newest.version if newest else 0}
        form = LocalRulesForm(policy=policy, rows=rows, layer=layer, initial=initial)
        return _form_page(request, organisation, policy, form, newest)
    form = LocalRulesForm(request.POST, policy=policy, rows=rows, layer=layer)
    if request.POST.get("step") == "edit" or not form.is_valid():
        return _form_page(request, organisation, policy, form, newest)
    changes = differences(policy, own, form.choices)
    if not changes:
        form.add_error(None, "与现在的规则完全相同，没有需要保存的改动。")
        return _form_page(request, organisation, policy, form, newest)
    if request.POST.get("step") == "apply":
        return _apply(request, organisation, policy, form)
    context = {
        "organisation": organisation,
        "policy": policy,
        "form": form,
        "changes": changes,
        "valid_from": form.cleaned_data["valid_from"],
        "persons_count": persons_within(Scope(organisation.path), clock.today()).count(),
    }
    return render(request, "policy/local_rules_preview.html", context)


def _form_page(
    request: HttpRequest, organisation: Organisation, policy: Policy, form: LocalRulesForm, newest: LocalRules | None
) -> HttpResponse:
    context = {"organisation": organisation, "policy": policy, "form": form, "newest": newest}
    # A form with errors is an answer to what was sent, so it is not a success.
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "policy/local_rules_form.html", context, status=status)


def _apply(request: HttpRequest, organisation: Organisation, policy: Policy, form: LocalRulesForm) -> HttpResponseBase:
    rules = set_local_rules(
        actor=acting(request),
        at=clock.now(),
        organisation=organisation,
        policy=policy,
        choices=form.table(),
        valid_from=form.cleaned_data["valid_from"],
        reason=form.cleaned_data["reason"],
        after=form.cleaned_data["after"],
    )
    messages.success(request, f"第 {rules.version} 版规则已保存，自 {day(rules.valid_from)} 起计算学分完成情况时使用。")
    return HttpResponseRedirect(reverse("policy:local-rules", kwargs={"uuid": organisation.uuid}))


@require(can_compare_local_rules)
def compare_local_rules(request: HttpRequest) -> HttpResponse:
    """All districts' choices side by side as of a day; only what at least one of them has chosen otherwise."""
    actor = acting(request)
    on = _as_of(request)
    area = area_of(actor.organisation)
    choice = _choice(request, area, on)
    policy = choice.policy
    districts = list(districts_of(actor.scope, on))
    found = rules_by_path([district.path for district in districts], on)
    layers = layers_of(area, policy, on)
    wider = layers.own.over(layers.wider)
    chosen = [(district, found.get((district.path, policy.id)), wider) for district in districts]
    context = {
        "area": area,
        "policy": policy,
        "policies": choice.policies,
        "on": on,
        "comparison": comparison_of(policy, chosen),
    }
    return render(request, "policy/compare.html", context)
