"""What the room shows in pages below and in the frame: menu, first pages, the page of a person."""

from typing import Any

from django.http import HttpRequest

from shixun.kernel import clock, slots
from shixun.people.acting import Actor
from shixun.people.choices import OrganisationKind
from shixun.people.models import Person
from shixun.standing import permissions
from shixun.standing.queries import figures_within, main_standing, standings_for
from shixun.standing.tables import Shown


def register() -> None:
    """Called once at start-up."""
    slots.register_menu(
        key="standing:own",
        title="我的学分",
        url_name="standing:own",
        icon="certificate",
        group="工作台",
        order=10,
        permission=permissions.is_teacher,
        phone=3,
        short="学分",
    )
    slots.register_menu(
        key="standing:statement",
        title="学分明细",
        url_name="standing:own-statement",
        icon="receipt",
        group="工作台",
        order=11,
        permission=permissions.is_teacher,
    )
    slots.register_menu(
        key="standing:teachers",
        title="教师学分",
        url_name="standing:teachers",
        icon="list-check",
        group="工作台",
        order=10,
        permission=permissions.is_listing,
        phone=3,
        short="学分",
    )
    slots.register_panel(
        "home:teacher",
        key="standing",
        title="学分完成情况",
        template="standing/panels/teacher.html",
        order=10,
        permission=permissions.is_teacher,
        context=teacher_panel,
    )
    slots.register_panel(
        "home:officer-figures",
        key="standing:figures",
        title="达标情况",
        template="standing/panels/figures.html",
        order=20,
        permission=permissions.is_listing,
        context=figures_panel,
    )
    slots.register_panel(
        "people:person-top",
        key="standing:person",
        title="学分完成情况",
        template="standing/panels/person.html",
        order=10,
        permission=can_see_panel,
        context=person_panel,
    )


def can_see_panel(actor: Actor | None, person: Person) -> bool:
    """The panel of a person's page follows the rule of the standing itself."""
    return actor is not None and permissions.can_see_standing(actor, person)


def teacher_panel(request: HttpRequest, person: Person | None) -> dict[str, Any] | None:
    """The first thing a teacher sees; nothing for somebody who cannot be judged."""
    found = [Shown(account) for account in standings_for(person, clock.today())] if person else []
    if not found:
        return None
    return {"shown": found[0], "others": found[1:], "is_short": any(not one.standing.met for one in found)}


def figures_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Met and short of one school; a larger scope is not judged while the page waits."""
    actor = slots.actor_of(request)
    if actor is None or actor.organisation.kind != OrganisationKind.SCHOOL:
        return None
    return {"figures": figures_within(actor.scope, clock.today())}


def person_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The sentence and a way to the whole page, on a person's own page."""
    account = main_standing(person, clock.today())
    if account is None:
        return None
    actor = slots.actor_of(request)
    is_own = actor is not None and actor.person is not None and actor.person.pk == person.pk
    sentence = account.standing.sentence if is_own else account.standing.sentence.replace("您", person.name, 1)
    return {"person": person, "is_own": is_own, "standing": account.standing, "sentence": sentence}
