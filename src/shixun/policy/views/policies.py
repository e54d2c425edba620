"""Public pages of policies: the list, one policy's rules, its articles, its worked cases."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy import Article, Policy
from shixun.kernel import clock
from shixun.kernel.access import public
from shixun.people.queries import area_of
from shixun.policy.queries import InForce, layers_of, newest_policies, policies_by_day, policies_in_force
from shixun.policy.tables.article import (
    ambiguities_of_article,
    conversion_name,
    conversion_words,
    reduction_words,
    rules_of_article,
)
from shixun.policy.tables.cases import cases_of_article, worked_cases
from shixun.policy.tables.grid import grids_of
from shixun.policy.tables.moves import matrix_of, steps_of
from shixun.policy.tables.words import CHOOSERS, measured


@dataclass(frozen=True, slots=True)
class Listed:
    """A policy in the list: whether it is in force for the reader, over, still to come, or assumed."""

    policy: Policy
    state: str
    kind: str
    here: bool


@public
def policies(request: HttpRequest) -> HttpResponse:
    """All policies, those of the reader's own place first."""
    today = clock.today()
    here = _here(request, today)
    listed = [_listed(policy, here, today) for policy in policies_by_day(today)]
    own_region = here.policy.region if here else ""
    listed.sort(key=lambda row: (not row.here, row.policy.region != own_region, row.policy.region))
    return render(request, "policy/policies.html", {"listed": listed, "here": here})


def _here(request: HttpRequest, on: date) -> InForce | None:
    """What the reader lives under."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.organisation is None:
        return None
    return policies_in_force([actor.organisation.path], on)[actor.organisation.path]


def _listed(policy: Policy, here: InForce | None, today: date) -> Listed:
    is_here = here is not None and here.policy.id == policy.id
    if is_here:
        return Listed(policy, "本地区执行中", "met", True)
    if today >= policy.valid_until:
        return Listed(policy, "已到期", "idle", False)
    if today < policy.valid_from:
        return Listed(policy, "尚未施行", "need", False)
    return Listed(policy, "执行中", "idle", False)


def _policy(policy_id: str) -> Policy:
    found = newest_policies().get(policy_id)
    if found is None:
        raise Http404(policy_id)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader reads from: the area whose choices are shown beside the text, and those choices."""

    name: str
    local: LocalChoices


def _place(request: HttpRequest, policy: Policy) -> Place | None:
    """The reader's own area, if it goes (or went) by this policy."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.organisation is None:
        return None
    area = area_of(actor.organisation)
    if not area.area_code.startswith(policy.area_code.rstrip("0")):
        return None
    found = layers_of(area, policy, min(clock.today(), policy.valid_until))
    return Place(area.name, found.own.over(found.wider))


@public
def policy(request: HttpRequest, policy_id: str) -> HttpResponse:
    """One policy: its requirements as tables, profiles, offsets, conversions, reductions, targets, ambiguities."""
    found = _policy(policy_id)
    place = _place(request, found)
    local = place.local if place else NO_CHOICES
    context = {
        "policy": found,
        "place": place,
        "cycle": found.cycle_of(clock.today()),
        "grids": grids_of(found, local),
        "matrix": matrix_of(found),
        "steps": steps_of(found),
        "conversions": [
            (rule, conversion_name(found, rule), conversion_words(rule)) for rule in found.conversions.values()
        ],
        "targets": [(row, measured(row.value, row.unit)) for row in found.targets],
        "reductions": [
            (rule, reduction_words(rule), local.is_on(found, rule.switch)) for rule in found.reductions.values()
        ],
        "switches": [(row, local.is_on(found, row.id), CHOOSERS[row.chooser]) for row in found.switches.values()],
        "ambiguities": [(row, CHOOSERS[row.chooser]) for row in found.ambiguities.values()],
        "documents": _documents(found),
        "assumed": [row for row in found.requirements if row.assumed],
        "cases_count": len(found.cases) + len(found.conversion_cases) + len(found.refusal_cases),
    }
    return render(request, "policy/policy.html", context)


def _documents(policy: Policy) -> list[tuple[object, list[Article]]]:
    """Documents with their articles, in the order of the source."""
    return [
        (document, [row for row in policy.articles.values() if row.document == document.id])
        for document in policy.documents.values()
    ]


@public
def article(request: HttpRequest, policy_id: str, article: str) -> HttpResponse:
    """One article: its text, the rules that rest on it with the values chosen here, its cases, what is unclear."""
    found = _policy(policy_id)
    key = f"{policy_id}:{article}"
    if key not in found.articles:
        raise Http404(key)
    place = _place(request, found)
    order = list(found.articles)
    at = order.index(key)
    context = {
        "policy": found,
        "article": found.articles[key],
        "document": found.documents[found.articles[key].document],
        "place": place,
        "lines": rules_of_article(found, key, place.local if place else None),
        "cases": cases_of_article(found, key),
        "ambiguities": [(row, CHOOSERS[row.chooser]) for row in ambiguities_of_article(found, key)],
        "previous": found.articles[order[at - 1]] if at else None,
        "following": found.articles[order[at + 1]] if at + 1 < len(order) else None,
    }
    return render(request, "policy/article.html", context)


@public
def cases(request: HttpRequest, policy_id: str) -> HttpResponse:
    """All worked cases of a policy, article by article, computed by the engine that judges the teachers."""
    found = _policy(policy_id)
    worked = worked_cases(found)
    grouped = [(row, [case for case in worked if case.articles[0] == row.id]) for row in found.articles.values()]
    context = {
        "policy": found,
        "groups": [(row, members) for row, members in grouped if members],
        "count": len(worked),
        "disagreeing": sum(not case.agrees for case in worked),
    }
    return render(request, "policy/cases.html", context)
