"""The permission table holds: every right, for every role, about five things near and far, answers as the table says.

One's own, one below, one above, one of the neighbour, one of another region. Equality, not only refusal: a right that
the table gives and the code withholds is found as well (SU-01, RW-04).
"""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from shixun.approvals.testing import trial_effects  # noqa: F401
from shixun.kernel.access import allows, permission_table
from shixun.kernel.reach import Reach, Row
from shixun.people import actions
from shixun.people.acting import Actor
from shixun.people.choices import AREA_ROLES, MANAGERS, Role
from shixun.people.models import Organisation
from shixun.people.testing import BUILDER, Cast, Setting, a_grant, a_person, a_school, a_user, actor_for

ROOMS = sorted({row.room for row in permission_table()})
# Where each role is held in the test's region.
CITY = (Role.CITY_OFFICER, Role.RECOGNISER, *MANAGERS)
DISTRICT = (Role.DISTRICT_OFFICER, Role.REVIEWER, Role.SUPERVISOR, Role.EXPERT)


@dataclass(frozen=True)
class Near:
    """A place as seen by a role: how wide a reach must be to hold it."""

    name: str
    organisation: Organisation
    asks: Reach
    is_own: bool = False


def another_city(cast: Cast) -> tuple[Organisation, Organisation]:
    made: list[Organisation] = []
    for code, name, kind in (("320000", "邻市", "city"), ("320101", "邻市一区", "district")):
        parent = made[-1] if made else None
        made.append(
            actions.open_organisation(
                actor=BUILDER, at=timezone.now(), code=code, name=name, kind=kind, area_code=code, parent=parent
            )
        )
    return made[0], a_school(made[1])


def places_of(role: str, cast: Cast) -> Iterator[Near]:
    city, far_school = another_city(cast)
    if role in CITY:
        yield Near("own", cast.city, Reach.ORGANISATION, True)
        yield Near("below", cast.district, Reach.SCOPE)
        yield Near("neighbour", city, Reach.ANYWHERE)
    elif role in AREA_ROLES:
        yield Near("own", cast.district, Reach.ORGANISATION, True)
        yield Near("below", cast.school, Reach.SCOPE)
        yield Near("above", cast.city, Reach.LINE)
        yield Near("neighbour", cast.other_district, Reach.ANYWHERE)
    else:
        home = cast.organisations["310101-C"] if role == Role.EXPERT else cast.school
        yield Near("own", home, Reach.ORGANISATION, True)
        yield Near("colleague", home, Reach.ORGANISATION)
        yield Near("above", cast.district, Reach.LINE)
        yield Near("neighbour", cast.sister_school, Reach.ANYWHERE)
    yield Near("other region", far_school, Reach.ANYWHERE)


def expected(row: Row, reach: Reach, near: Near) -> bool:
    if row.has_owner and near.is_own:
        return reach >= Reach.OWN and not row.but_own
    if row.places is None:
        return reach != Reach.NOBODY and not row.has_owner
    return reach >= near.asks


def somebody_at(role: str, cast: Cast) -> Actor:
    place = "310000-C" if role in CITY else "310101-C" if role in DISTRICT else "310101-S1"
    place = "310101-B" if role == Role.SUPERVISOR else place
    home = cast.city if role in CITY else cast.district if role in AREA_ROLES else cast.organisations[place]
    user = a_user(a_person(home))
    a_grant(user, role, cast.organisations[place])
    return actor_for(user)


def subjects_of(room: str) -> dict[str, Any]:
    return dict(getattr(importlib.import_module(f"shixun.{room}.testing"), "SUBJECTS", {}))


def wrong_answers(row: Row, actor: Actor, settings: list[tuple[Near, Setting]], make: Any) -> Iterator[str]:
    reach = row.reach_of(actor.role)
    if make is None:
        answer = allows(row.name, actor)
        # What ``also`` names may still withhold it; a thing that fits is only made where there is a thing.
        if (answer and reach is Reach.NOBODY) or (not answer and reach is not Reach.NOBODY and not row.also):
            yield f"{row.name} as {actor.role}: {answer}, the table says {reach.label}"
        return
    for near, setting in settings:
        subject = make(setting)
        if subject is None:
            continue
        answer, said = allows(row.name, actor, subject), expected(row, reach, near)
        if answer is not said:
            yield f"{row.name} as {actor.role}, {near.name}: {answer}, the table says {reach.label}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_every_right_answers_as_the_table_says(cast: Cast, role: str, trial_effects: Any) -> None:  # noqa: F811
    actor = somebody_at(role, cast)
    assert actor.user is not None
    assert actor.person is not None
    settings = []
    for near in places_of(role, cast):
        person = actor.person if near.is_own else a_person(near.organisation)
        user = actor.user if near.is_own else a_user(person)
        settings.append((near, Setting(actor, user, person, near.organisation)))
    made = {room: subjects_of(room) for room in ROOMS}
    found = [
        sentence
        for row in permission_table()
        for sentence in wrong_answers(row, actor, settings, made[row.room].get(row.name.split(".")[1]))
    ]
    assert found == []


def test_nobody_and_no_row_is_forgotten() -> None:
    assert {row.name for row in permission_table() if allows(row.name, None)} == set()
    strange = {row.name: set(row.roles) - set(Role.values) for row in permission_table()}
    assert {name: roles for name, roles in strange.items() if roles} == {}
