"""What the pages show of credit officers: the school's own panel, and the schools without one on first pages."""

from typing import Any

from django.http import HttpRequest

from shixun.kernel import clock, slots
from shixun.kernel.access import allows
from shixun.people.acting import Actor
from shixun.people.choices import OrganisationKind, Role
from shixun.people.credit_officers.permissions import can_list_credit_officers
from shixun.people.credit_officers.queries import credit_officer_of, schools_without_officer, turns_of
from shixun.people.models import Organisation
from shixun.people.queries import places_of

_SHOWN = 5


def register() -> None:
    """Called once at start-up."""
    slots.register_menu(
        key="people:credit-officers",
        title="学分工作负责人",
        url_name="people:credit-officers",
        icon="school",
        group="人员与机构",
        order=925,
        permission=can_list_credit_officers,
    )
    slots.register_panel(
        "people:organisation",
        key="people:credit-officer",
        title="学分工作负责人",
        template="people/panels/credit-officer.html",
        order=10,
        permission=_sees_school,
        context=school_panel,
    )
    for page in ("home:officer", "inbox"):
        slots.register_panel(
            page,
            key="people:no-credit-officer",
            title="没有学分工作负责人的学校",
            template="people/panels/lacking.html",
            order=8,
            permission=_names_for_schools,
            context=lacking_panel,
        )


def _sees_school(actor: Actor | None, organisation: Organisation) -> bool:
    return organisation.kind == OrganisationKind.SCHOOL and allows("people.can_see_organisation", actor, organisation)


def _names_for_schools(actor: Actor | None, **subject: Any) -> bool:
    """The district is told; the city looks at its list."""
    return actor is not None and actor.role == Role.DISTRICT_OFFICER


def school_panel(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """Who answers for the school's credits and did before, and what is wrong with it now."""
    today = clock.today()
    turns = turns_of(organisation, today)
    holder = credit_officer_of(organisation, today)
    lacking = "" if holder else "现在没有学分工作负责人，请校长或区县管理员指定一位。"
    if holder is not None and organisation.path not in places_of(holder, today):
        lacking = f"{holder.name}已不在本校任职，请尽快交接给一位在岗的人员。"
    return {
        "organisation": organisation,
        "turns": turns,
        "lacking": lacking,
        "may_name": allows("people.can_name_credit_officer", slots.actor_of(request), organisation),
    }


def lacking_panel(request: HttpRequest, **subject: Any) -> dict[str, Any] | None:
    """The first few schools without an officer; nothing when every school has one."""
    actor = slots.actor_of(request)
    schools = list(schools_without_officer(actor.scope, clock.today())) if actor is not None else []
    if not schools:
        return None
    return {"schools": schools[:_SHOWN], "count": len(schools), "more": len(schools) > _SHOWN}
