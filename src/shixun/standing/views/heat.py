"""达标分布: districts or schools × requirements, who lacks how much, and what is missing most."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.ledger.choices import AccountKind
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.queries import organisations_within
from shixun.standing.permissions import can_list_standings
from shixun.standing.queries import (
    freshness_of,
    heat_within,
    kinds_within,
    stored_figures,
    stored_within,
)
from shixun.standing.tables import MOST_MISSING, HeatPage, buckets, sorted_rows


@require(can_list_standings)
def heat(request: HttpRequest) -> HttpResponse:
    """The parts of the actor's scope, or of the district she has opened, those most in need first."""
    actor, today = acting(request), clock.today()
    place = _opened(request, actor.scope)
    scope = Scope(place.path) if place else actor.scope
    kinds = kinds_within(scope)
    kind = _chosen(request.GET.get("kind", ""), [value for value, _ in kinds])
    apart = (place or actor.organisation).kind != OrganisationKind.SCHOOL
    found = heat_within(scope, kind=kind, apart=apart)
    sort = _chosen(request.GET.get("sort", ""), ["", "name", *(one.id for one in found.requirements)])
    figures = stored_figures(stored_within(scope))
    page = HeatPage(place, kind)
    context: dict[str, Any] = {
        "scope": actor.organisation,
        "place": place,
        "freshness": freshness_of(actor.organisation, today),
        "figures": figures,
        "buckets": buckets(figures),
        "heads": [(one.name, page.address(sort=one.id), one.id == sort) for one in found.requirements],
        "name_url": page.address(sort="name"),
        "need_url": page.address(),
        "sort": sort,
        "parts": "各区县" if any(_is_district(row.organisation) for row in found.rows) else "各校",
        "places": [page.line(found, row) for row in sorted_rows(found, sort)],
        "missing": [(item, page.people(requirement=item.asked.key)) for item in found.missing()[:MOST_MISSING]],
        "kinds": [(label, HeatPage(place, value).address(), value == kind) for value, label in kinds],
        "short_url": page.people(state="short"),
        "met_url": page.people(state="met"),
    }
    return render(request, "standing/heat.html", context)


def _is_district(organisation: Organisation | None) -> bool:
    return organisation is not None and organisation.kind == OrganisationKind.DISTRICT


def _opened(request: HttpRequest, scope: Scope) -> Organisation | None:
    """The district the officer has opened, if it lies in her scope."""
    try:
        wanted = UUID(request.GET.get("district", ""))
    except ValueError:
        return None
    return organisations_within(scope, clock.today()).filter(uuid=wanted, kind=OrganisationKind.DISTRICT).first()


def _chosen(value: str, known: list[str]) -> str:
    return value if value in known else next(iter(known), AccountKind.TEACHER.value)
