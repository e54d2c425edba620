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
from shixun.approvals.models import Case
from shixun.approvals.permissions import can_see_case
from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.refusals import Refusal
from shixun.kernel.templatetags.formats import day
from shixun.people.models import Organisation
from shixun.people.queries import persons_within
from shixun.policy.actions import file_local_rules, set_local_rules
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
from shixun.policy.queries.filings import FILING, filing_place, filings_of, needs_filing, open_filing
from shixun.policy.tables.choices import ChoiceRow, choice_rows, differences
from shixun.policy.tables.compare import comparison_of
from shixun.policy.tables.own_tables import SECTION_TITLES, layered_minima, own_rows
from shixun.terms.queries import window_words


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
    return Choice(wanted[0] if wanted else policy_in_force(organisation, on, known).policy, adopted)


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
    filing = filings_of(organisation, policy.id).first()
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
        "layered": layered_minima(policy, found.own.over(found.wider)),
        "own_tables": [(title, own_rows(policy, found.own, name)) for name, title in SECTION_TITLES.items()],
        "filing": filing,
        "window_is_planned": _window_is_planned(organisation),
        "can_follow": filing is not None and can_see_case(actor, filing),
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
    filing = open_filing(organisation, policy.id)
    if filing is not None and not filing.declared_state.with_applicant:
        raise Refusal(
            f"本区规则的改动正在备案（{filing.declared_state.title}），暂时不能再改。",
            who_can="请先撤回这次报送，或等待备案结果。",
            status=409,
        )
    stored = filing.content["choices"] if filing else newest.choices if newest else {}
    if request.method != "POST":
        form = LocalRulesForm(
            policy=policy, rows=rows, layer=layer, kept=stored, initial=_initial(policy, rows, newest, filing, layer)
        )
        return _form_page(request, organisation, policy, form, newest, filing)
    form = LocalRulesForm(request.POST, policy=policy, rows=rows, layer=layer, kept=stored)
    if request.POST.get("step") == "edit" or not form.is_valid():
        return _form_page(request, organisation, policy, form, newest, filing)
    changes = differences(policy, own, form.choices)
    if not changes:
        form.add_error(None, "与现在的规则完全相同，没有需要保存的改动。")
        return _form_page(request, organisation, policy, form, newest, filing)
    if request.POST.get("step") in ("apply", "draft"):
        return _apply(request, organisation, policy, form)
    context = {
        "organisation": organisation,
        "policy": policy,
        "form": form,
        "changes": changes,
        "valid_from": form.cleaned_data["valid_from"],
        "persons_count": persons_within(Scope(organisation.path), clock.today()).count(),
        "filed_with": filing_place(organisation) if needs_filing(organisation) else None,
    }
    return render(request, "policy/local_rules_preview.html", context)


def _initial(
    policy: Policy, rows: list[ChoiceRow], newest: LocalRules | None, filing: Case | None, layer: str
) -> dict[str, Any]:
    """What the form shows first: the proposal under way, else the newest version."""
    stored = filing.content["choices"] if filing else newest.choices if newest else {}
    shown = initial_of(usable(policy, stored, layer)[0], rows)
    if filing is not None:
        shown |= {"valid_from": filing.content["valid_from"], "reason": filing.content["reason"]}
    return {"valid_from": clock.today(), **shown, "after": newest.version if newest else 0}


def _form_page(
    request: HttpRequest,
    organisation: Organisation,
    policy: Policy,
    form: LocalRulesForm,
    newest: LocalRules | None,
    filing: Case | None,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "policy": policy,
        "form": form,
        "newest": newest,
        "filing": filing,
        "window_is_planned": _window_is_planned(organisation),
    }
    # A form with errors is an answer to what was sent, so it is not a success.
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "policy/local_rules_form.html", context, status=status)


def _window_is_planned(organisation: Organisation) -> bool:
    """Has anybody ever planned when rules are handed in for filing? Without it they may be at any time."""
    return needs_filing(organisation) and window_words(FILING, organisation, clock.now()).kind != "never"


def _kept_beside(organisation: Organisation, policy: Policy) -> dict[str, Any]:
    """What the newest version says of claims: the form has no fields for it, so saving must not drop it."""
    newest = newest_rules(organisation, policy.id)
    return {"claim": newest.choices["claim"]} if newest and "claim" in newest.choices else {}


def _apply(request: HttpRequest, organisation: Organisation, policy: Policy, form: LocalRulesForm) -> HttpResponseBase:
    details: dict[str, Any] = {
        "actor": acting(request),
        "at": clock.now(),
        "organisation": organisation,
        "policy": policy,
        "choices": {**_kept_beside(organisation, policy), **form.table()},
        "valid_from": form.cleaned_data["valid_from"],
        "reason": form.cleaned_data["reason"],
        "after": form.cleaned_data["after"],
    }
    if needs_filing(organisation):
        submit = request.POST.get("step") == "apply"
        case = file_local_rules(**details, submit=submit)
        done = f"已报送{case.place}备案，备案之前仍按现在的规则执行。" if submit else "已存为草稿，还没有报送。"
        messages.success(request, done)
        return redirect("approvals:case", uuid=case.uuid)
    rules = set_local_rules(**details)
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
