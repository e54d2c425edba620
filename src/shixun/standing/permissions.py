"""Who may see a standing: its owner, and the officers in whose scope her main school lies (RW-05)."""

from collections.abc import Iterable

from shixun.kernel import clock
from shixun.kernel.access import allows, permission
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS, Role
from shixun.people.models import Person
from shixun.people.queries import main_appointment
from shixun.people.reaches import OWN, within

_OFFICERS = "校长、师训专管员以及区县和市级的管理员。"


def _main_place(person: Person) -> Iterable[str]:
    held = main_appointment(person, clock.today())
    return [held.organisation.path] if held else []


@permission(
    what="查看自己的学分",
    who_can="有教师档案的账号。需要时请联系您所在学校的师训专管员。",
    roles=OWN,
    also="账号有教师档案",
)
def can_see_own_standing(actor: Actor) -> bool:
    """Somebody who acts in a role and is a person of the region."""
    return actor.person is not None


@permission(
    what="查看这位教师的学分",
    who_can="本人，以及其主要任职学校、所在区县和市的管理员。",
    roles={**OWN, **within(*OFFICERS)},
    person=lambda person: person.pk,
    places=_main_place,
)
def can_see_standing(actor: Actor, person: Person) -> bool:
    """Herself, and officers in whose scope she has her main appointment today."""
    return True


@permission(what="查看教师学分列表", who_can=_OFFICERS, roles=within(*OFFICERS))
def can_list_standings(actor: Actor) -> bool:
    return True


@permission(
    what="查看达标分布",
    who_can=_OFFICERS + "督学看本地区的数字，不看个人。",
    roles=within(*OFFICERS, Role.SUPERVISOR),
)
def can_see_figures(actor: Actor) -> bool:
    """How many meet what at which school; who they are is for officers alone."""
    return True


def sees_figures(actor: Actor | None) -> bool:
    """For the menu, where there may be no actor."""
    return allows("standing.can_see_figures", actor)


def is_listing(actor: Actor | None) -> bool:
    """For the menu, where there may be no actor."""
    return allows("standing.can_list_standings", actor)


def is_teacher(actor: Actor | None, person: Person | None = None) -> bool:
    """For the first page of somebody who acts for herself."""
    return actor is not None and actor.person is not None and actor.role == Role.TEACHER
