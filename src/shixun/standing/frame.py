"""What the room shows in pages below and in the frame: menu, first pages, the page of a person."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from rulebook.policy import Policy
from shixun.approvals.models import Case
from shixun.kernel import clock, slots
from shixun.kernel.access import Scope, allows
from shixun.kernel.jobs.kinds import register_job
from shixun.kernel.jobs.models import Job
from shixun.people.acting import Actor
from shixun.people.models import Organisation, Person
from shixun.policy.queries.filings import proposed_rules
from shixun.roster.models import Transfer
from shixun.standing import permissions
from shixun.standing.actions import REFRESH, run_refresh
from shixun.standing.queries import (
    freshness_of,
    heat_within,
    main_standing,
    outlook_of,
    outlook_of_rules,
    standing_if_moved,
    standings_for,
    stored_figures,
    stored_within,
)
from shixun.standing.tables import MOST_MISSING, Shown, buckets, people_url

_LEFT = "已经算好的部分有效，其余的人保持原来的结果。"


def register() -> None:
    """Called once at start-up."""
    register_job(REFRESH, run=run_refresh, address=_refreshed, atomic=False, trace=_LEFT)
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
        "home:officer",
        key="standing-missing",
        title="缺得最多",
        template="standing/panels/missing.html",
        order=20,
        permission=permissions.is_listing,
        context=missing_panel,
    )
    slots.register_menu(
        key="standing:heat",
        title="达标分布",
        url_name="standing:heat",
        icon="chart-bar",
        group="工作台",
        order=11,
        permission=permissions.sees_figures,
    )
    slots.register_panel(
        "policy:switch",
        key="standing:outlook",
        title="会有多少人受影响",
        template="standing/panels/outlook.html",
        order=10,
        permission=can_see_outlook,
        context=outlook_panel,
    )
    slots.register_panel(
        "policy:filing",
        key="standing:filing-outlook",
        title="会有多少人受影响",
        template="standing/panels/filing-outlook.html",
        order=10,
        permission=can_see_filing_outlook,
        context=filing_outlook_panel,
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
    slots.register_panel(
        "roster:transfer",
        key="standing:if-moved",
        title="调动后的学分要求",
        template="standing/panels/if-moved.html",
        order=10,
        permission=can_see_if_moved,
        context=if_moved_panel,
    )


def can_see_if_moved(actor: Actor | None, transfer: Transfer) -> bool:
    """Whoever may see the move sees what it changes for the teacher's credits."""
    return actor is not None and allows("roster.can_see_transfer", actor, transfer)


def _refreshed(job: Job) -> str:
    return reverse("standing:teachers")


def outlook_panel(request: HttpRequest, place: Organisation, policy: Policy, since: date) -> dict[str, Any]:
    """What a switch would make of the people of an area: judged by both policies, on its day or today."""
    return {"outlook": outlook_of(Scope(place.path), policy, max(since, clock.today()))}


def can_see_outlook(actor: Actor | None, place: Organisation, policy: Policy, since: date) -> bool:
    """Officers of the area, and of what lies above it."""
    return actor is not None and actor.is_officer and actor.scope.holds(place.path)


def can_see_filing_outlook(actor: Actor | None, case: Case) -> bool:
    """Officers of the area whose rules they are, and of what lies above it."""
    return actor is not None and actor.is_officer and actor.scope.holds(case.organisation.path)


def filing_outlook_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """What the filed rules would make of the area's people today; nothing once the case is closed."""
    rules = proposed_rules(case) if case.closed_at is None else None
    return {"outlook": outlook_of_rules(rules, clock.today()), "place": case.organisation} if rules else None


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
    """Met and short of the officer's scope, from the stored standings; nothing before they were first computed."""
    actor = slots.actor_of(request)
    if actor is None or actor.organisation is None:
        return None
    figures = stored_figures(stored_within(actor.scope))
    if not figures.persons:
        return None
    return {"figures": figures, "freshness": freshness_of(actor.scope, clock.today())}


def missing_panel(request: HttpRequest) -> dict[str, Any] | None:
    """What is missing most in the officer's scope, and who lacks how much."""
    actor = slots.actor_of(request)
    if actor is None or actor.organisation is None:
        return None
    missing = heat_within(actor.scope, apart=False).sorted_out(timed=False).missing()[:MOST_MISSING]
    if not missing:
        return None
    return {
        "missing": [(item, people_url(requirement=item.asked.key)) for item in missing],
        "buckets": buckets(stored_figures(stored_within(actor.scope))),
        "freshness": freshness_of(actor.scope, clock.today()),
    }


def if_moved_panel(request: HttpRequest, transfer: Transfer) -> dict[str, Any] | None:
    """Her standing under the new place's rules beside the present one; nothing once the move is closed."""
    if transfer.settled_at is not None:
        return None
    compared = standing_if_moved(
        transfer.person,
        origin=transfer.origin,
        destination=transfer.destination,
        duty=transfer.duty,
        title=transfer.title,
        on=clock.today(),
    )
    return {"compared": compared} if compared.there else None


def person_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The sentence and a way to the whole page, on a person's own page."""
    account = main_standing(person, clock.today())
    if account is None:
        return None
    actor = slots.actor_of(request)
    is_own = actor is not None and actor.person is not None and actor.person.pk == person.pk
    sentence = account.standing.sentence if is_own else account.standing.sentence.replace("您", person.name, 1)
    return {"person": person, "is_own": is_own, "standing": account.standing, "sentence": sentence}
