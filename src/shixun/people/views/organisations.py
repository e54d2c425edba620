"""The organisations of my scope, and one of them with its bodies, designations, officers and counts."""

from datetime import date
from functools import partial
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people.choices import BODIES, OrganisationKind, Stage
from shixun.people.models import Organisation
from shixun.people.organisations.names import organisations_matching, with_former_names
from shixun.people.organisations.permissions import can_change_organisation, can_open_organisations
from shixun.people.organisations.queries import history_of, predecessors_of, stays_of
from shixun.people.permissions import can_search_organisations, can_see_organisation
from shixun.people.queries import (
    chain_of,
    children_of,
    designations_of,
    officers_of,
    organisations_within,
    with_head_counts,
)


def organisation_address(organisation: Organisation) -> str:
    return reverse("people:organisation", kwargs={"uuid": organisation.uuid})


@require(can_search_organisations)
def organisations(request: HttpRequest) -> HttpResponseBase:
    """The organisations of my scope as of today."""
    actor, today = acting(request), clock.today()
    columns = (
        Column("name", "机构", "name", sort=("name",), card="title", template="people/organisation-name.html"),
        Column("kind", "类别", "get_kind_display", sort=("kind", "path")),
        Column("stage", "学段", _stage, sort=("stage", "path")),
        Column("parent", "上级", "parent.name", sort=("path",)),
        Column("code", "代码", "code", sort=("code",)),
        Column("persons", "在岗人数", "persons_count", kind="count", unit="人", card="figure"),
    )
    page = ListPage(
        rows=organisations_within(actor.scope, today).select_related("parent"),
        columns=columns,
        default_sort="parent",
        noun="个机构",
        file_name="机构",
        empty=Empty("没有符合条件的机构。", next="请去掉一两个筛选条件再试。"),
        filters=(
            Text("q", "名称或代码", narrow=organisations_matching, placeholder="现名、原名或代码"),
            Choice("kind", "类别", options=OrganisationKind.choices),
            Choice("stage", "学段", options=[choice for choice in Stage.choices if choice[0]]),
        ),
        enrich=partial(_shown, scope=actor.scope, on=today),
    )
    return page.respond(request, "people/organisations.html", {"may_open": can_open_organisations(actor)})


def _shown(organisations: list[Organisation], scope: Scope, on: date) -> list[Organisation]:
    return with_former_names(with_head_counts(organisations, scope, on))


def _stage(organisation: Organisation) -> str:
    return str(organisation.get_stage_display()) if organisation.stage else ""


def _organisation(uuid: UUID) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("parent"), uuid=uuid)


@require(can_see_organisation, find=_organisation)
def organisation(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """One organisation: what it is, who is in charge, what lies below it."""
    actor, today = acting(request), clock.today()
    children = list(children_of(organisation, today))
    with_head_counts([organisation, *children], Scope(organisation.path), today)
    context = {
        "organisation": organisation,
        "above": [item for item in chain_of(organisation) if actor.scope.holds(item.path)][:-1],
        "designations": designations_of(organisation, today),
        "bodies": [child for child in children if child.kind in BODIES],
        "members": [child for child in children if child.kind not in BODIES],
        "officers": officers_of(organisation, today),
        "chapters": history_of(organisation),
        "stays": stays_of(organisation),
        "predecessors": predecessors_of(organisation),
        "has_ended": organisation.valid_until is not None and organisation.valid_until <= today,
        "may_change": organisation.valid_until is None and can_change_organisation(actor, organisation),
    }
    return render(request, "people/organisation.html", context)
