"""Which levels take part in a region, which body acts at each, for how long; and who that is."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from shixun.approvals.flows import AREA_OF_LEVEL, Flow, Level, all_flows
from shixun.approvals.models import Case, LevelSetting
from shixun.kernel.fields import in_force
from shixun.people.acting import Actor
from shixun.people.choices import AREAS, BODIES
from shixun.people.delegation.queries import deputies_of
from shixun.people.models import Organisation, OrganisationChange, RoleGrant, User
from shixun.people.organisations.choices import OrganisationChangeKind
from shixun.people.queries import ancestor_paths, chain_of

_NAMED = 3


class LevelRule(NamedTuple):
    """How a level is done at a place: as declared, or as the nearest area has set it."""

    takes_part: bool
    body_kind: str
    days: int
    remind_days: int
    setting: LevelSetting | None


def level_rules(flow: Flow, path: str) -> dict[str, LevelRule]:
    """Level key → how it is done at a place; one query."""
    return _applied([flow], LevelSetting.objects.filter(flow=flow.key), path)[flow.key]


def rules_by_flow(path: str) -> dict[str, dict[str, LevelRule]]:
    """Flow key → level key → how it is done at a place; one query for all flows."""
    return _applied(all_flows(), LevelSetting.objects.all(), path)


def _applied(flows: list[Flow], settings: QuerySet[LevelSetting], path: str) -> dict[str, dict[str, LevelRule]]:
    rules = {
        flow.key: {level.key: LevelRule(True, "", level.days, level.remind_days, None) for level in flow.levels}
        for flow in flows
    }
    above = settings.filter(organisation__path__in=ancestor_paths(path)).select_related("organisation")
    # The nearest area's newest version comes last and so holds.
    for row in above.order_by("organisation__path", "version"):
        if row.level in rules.get(row.flow, {}):
            rules[row.flow][row.level] = LevelRule(row.takes_part, row.body_kind, row.days, row.remind_days, row)
    return rules


def place_of_level(case: Case, level: Level, rule: LevelRule, on: date) -> Organisation | None:
    """The organisation whose people act at a level of a case: the body the region names, else the area; or None.

    Where an area has two bodies of the kind because one came to it, the one that was there before acts.
    """
    place = level.place(case) if level.place else _area_of(case.organisation, level.key)
    if place is None or not rule.body_kind or place.kind not in AREAS:
        return place
    came = OrganisationChange.objects.filter(organisation=OuterRef("pk"), kind=OrganisationChangeKind.MOVED)
    bodies = place.children.filter(in_force(on), kind=rule.body_kind)
    bodies = bodies.annotate(came_on=Subquery(came.order_by("-on").values("on")[:1])).select_related("parent")
    return bodies.order_by(F("came_on").asc(nulls_first=True), "path").first() or place


def _area_of(organisation: Organisation, level: str) -> Organisation | None:
    if level == "school":
        return None if organisation.kind in AREAS else organisation
    return chain_of(organisation).filter(kind=AREA_OF_LEVEL[level]).first()


def grants_at(place: Organisation, roles: tuple[str, ...], on: date) -> QuerySet[RoleGrant]:
    """The role grants in force by which somebody acts at a place; an area is acted for by its bodies too."""
    here = Q(organisation=place)
    if place.kind in AREAS:
        here |= Q(organisation__parent=place, organisation__kind__in=BODIES)
    grants = RoleGrant.objects.filter(here, in_force(on), role__in=roles, user__is_active=True)
    return grants.select_related("user__person", "organisation").order_by("organisation__path", "id")


def acting_users(case: Case, on: date) -> list[User]:
    """Whoever may decide a case where it lies now, those with a part in it left out."""
    flow = case.declared
    found: dict[int, User] = {}
    for level, place in ((case.level, case.place), (case.escalated_level, case.escalated_place)):
        if level and place is not None:
            found |= _acting_in(list(grants_at(place, flow.level(level).roles, on)), on)
    return [user for user in found.values() if not _is_party(case, user)]


def _acting_in(grants: list[RoleGrant], on: date) -> dict[int, User]:
    """Who holds the roles, and who acts for their holders that day."""
    deputies = [delegation.delegate for delegation in deputies_of(grants, on).values()] if grants else []
    return {user.pk: user for user in [*(grant.user for grant in grants), *deputies]}


def _is_party(case: Case, user: User) -> bool:
    return user.pk == case.opened_by_id or (case.person_id is not None and user.person_id == case.person_id)


def places_of(actor: Actor) -> list[int]:
    """The organisations an actor acts for: her own, and the area whose body it is."""
    if actor.organisation is None:
        return []
    own = actor.organisation
    return [own.pk, *([own.parent_id] if own.kind in BODIES and own.parent_id is not None else [])]


def settings_of(organisation: Organisation) -> QuerySet[LevelSetting]:
    """Every version of every setting of an area, the latest first."""
    rows = LevelSetting.objects.filter(organisation=organisation)
    return rows.select_related("actor__person").order_by("-at", "-pk")


def with_acting_names(cases: list[Case], on: date) -> list[Case]:
    """Each case gets ``lies_with``: the body and the people it waits for; two queries for all."""
    places = [place for case in cases for place in (case.place, case.escalated_place) if place is not None]
    areas = [place.pk for place in places if place.kind in AREAS]
    here = Q(organisation__in=[place.pk for place in places])
    here |= Q(organisation__parent__in=areas, organisation__kind__in=BODIES)
    grants = RoleGrant.objects.filter(here, in_force(on), user__is_active=True) if places else RoleGrant.objects.none()
    held = list(grants.select_related("user__person", "organisation").order_by("organisation__path", "id"))
    for case in cases:
        case.lies_with = _lies_with(case, held)  # type: ignore[attr-defined]
    return cases


def _lies_with(case: Case, held: list[RoleGrant]) -> str:
    if case.place is None:
        return "" if case.closed_at else "发起人"
    roles = case.declared.level(case.level).roles
    names = [
        str(grant.user)
        for grant in held
        if grant.role in roles
        and (grant.organisation_id == case.place_id or _is_body_of(grant.organisation, case.place))
        and not _is_party(case, grant.user)
    ]
    return f"{case.place.name}：{names_in_line(list(dict.fromkeys(names))) or '暂无可办理的人员'}"


def _is_body_of(organisation: Organisation, area: Organisation) -> bool:
    return area.kind in AREAS and organisation.parent_id == area.pk and organisation.kind in BODIES


def names_in_line(names: Sequence[str]) -> str:
    """王芳、李明等 4 人."""
    shown = "、".join(names[:_NAMED])
    return f"{shown}等 {len(names)} 人" if len(names) > _NAMED else shown
