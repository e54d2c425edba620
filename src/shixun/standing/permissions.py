"""Who may see a standing: its owner, and the officers in whose scope her main school lies (RW-05)."""

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.models import Person
from shixun.people.queries import main_appointment

_OFFICERS = "师训专管员、区县管理员和市级管理员。"


def has_own_standing(actor: Actor | None) -> bool:
    """Somebody who acts in a role and is a person of the region."""
    return actor is not None and actor.person is not None


@permission(what="查看自己的学分", who_can="有教师档案的账号。需要时请联系您所在学校的师训专管员。")
def can_see_own_standing(actor: Actor) -> bool:
    return has_own_standing(actor)


@permission(what="查看这位教师的学分", who_can="本人，以及其主要任职学校、所在区县和市的管理员。")
def can_see_standing(actor: Actor, person: Person) -> bool:
    """Herself, and officers in whose scope she has her main appointment today."""
    if actor.person is not None and actor.person.pk == person.pk:
        return True
    if not actor.is_officer:
        return False
    held = main_appointment(person, clock.today())
    return held is not None and actor.scope.holds(held.organisation.path)


@permission(what="查看教师学分列表", who_can=_OFFICERS)
def can_list_standings(actor: Actor) -> bool:
    return actor.is_officer


def is_listing(actor: Actor | None) -> bool:
    """For the menu, where there may be no actor."""
    return actor is not None and actor.is_officer


def is_teacher(actor: Actor | None, person: Person | None = None) -> bool:
    """For the first page of somebody who acts for herself."""
    return actor is not None and actor.person is not None and actor.role == Role.TEACHER
