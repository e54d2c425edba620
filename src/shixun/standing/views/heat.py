"""达标分布: districts or schools × requirements, who lacks how much, and what is missing most."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.listing import EXPORTS, table_file
from shixun.ledger.choices import AccountKind
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.queries import organisations_within
from shixun.standing.permissions import can_list_standings, can_see_figures
from shixun.standing.queries import (
    Heat,
    freshness_of,
    heat_within,
    kinds_within,
    stored_figures,
    stored_within,
)
from shixun.standing.tables import CYCLE, MOST_MISSING, TIMED, HeatPage, buckets, exported_rows, sorted_rows

_WORDS = (("xlsx", "导出 Excel"), ("csv", "导出 CSV"))


@require(can_see_figures)
def heat(request: HttpRequest) -> HttpResponseBase:
    """The parts of the actor's scope, or of the district she has opened, those most in need first.

    ``?export=xlsx`` or ``csv`` gives the same figures as a table.
    """
    actor, today = acting(request), clock.today()
    place = _opened(request, actor.scope)
    scope = Scope(place.path) if place else actor.scope
    kinds = kinds_within(scope)
    kind = _chosen(request.GET.get("kind", ""), [value for value, _ in kinds])
    apart = (place or actor.organisation).kind != OrganisationKind.SCHOOL
    whole = heat_within(scope, kind=kind, apart=apart)
    sights = _sights(whole)
    sight = _chosen(request.GET.get("view", ""), [value for value, _ in sights])
    found = whole.sorted_out(timed=sight == TIMED)
    sort = _chosen(request.GET.get("sort", ""), ["", "name", *(one.id for one in found.requirements)])
    if (wanted := request.GET.get("export")) in EXPORTS:
        name = f"达标分布_{(place or actor.organisation).name}"
        return table_file(wanted, name, *exported_rows(found, sort))
    figures = stored_figures(stored_within(scope))
    page = HeatPage(place, kind, sight, may_list=can_list_standings(actor))
    context: dict[str, Any] = {
        "scope": actor.organisation,
        "place": place,
        "freshness": freshness_of(actor.scope, today),
        "figures": figures,
        "buckets": buckets(figures, place, may_list=page.may_list),
        "may_list": page.may_list,
        "figures_only": not page.may_list,
        "timed": sight == TIMED,
        "sights": [(label, HeatPage(place, kind, value).address(), value == sight) for value, label in sights],
        "exports": [(words, page.address(export=key, **({"sort": sort} if sort else {}))) for key, words in _WORDS],
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
        "open_url": page.people(timed="open"),
        "missed_url": page.people(timed="missed"),
    }
    return render(request, "standing/heat.html", context)


def _sights(found: Heat) -> list[tuple[str, str]]:
    """What the map may be about: the five years, and the yearly and dated requirements where somebody has any."""
    sights = [(CYCLE, "五年要求"), (TIMED, "每年和限期的要求")]
    return sights if any(one.is_timed for one in found.requirements) else sights[:1]


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
