"""The roles of the region: who names whom, where each is held, and the three posts that stay apart (SU-01)."""

from datetime import date

import pytest
from django.utils import timezone

from shixun.kernel.access import NOTHING
from shixun.kernel.refusals import Refusal
from shixun.people import actions
from shixun.people.choices import GRANTS, MANAGERS, OFFICERS, ROLE_PLACES, Role
from shixun.people.models import RoleGrant
from shixun.people.permissions import can_grant_role
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_user, actor_for, client_of, statuses

CENTRE = "310000-C"


def granted(actor_role: str, place: str, role: str, where: str, cast: Cast) -> bool:
    """May somebody in this role there give that role there to a third?"""
    giver, taker = a_user(a_person(cast.school)), a_user(a_person(cast.school))
    a_grant(giver, actor_role, cast.organisations[place])
    wanted = RoleGrant(user=taker, role=role, organisation=cast.organisations[where], valid_from=date(2019, 1, 1))
    return can_grant_role(actor_for(giver), wanted)


def test_every_role_has_a_place_and_is_named_by_somebody() -> None:
    assert set(ROLE_PLACES) == set(Role)
    assert set().union(*GRANTS.values()) == set(Role)


@pytest.mark.parametrize(
    ("giver", "place", "role", "where", "may"),
    [
        (Role.CITY_OFFICER, CENTRE, Role.AUDIT_MANAGER, CENTRE, True),
        (Role.CITY_OFFICER, CENTRE, Role.CITY_OFFICER, CENTRE, False),
        (Role.SECURITY_MANAGER, CENTRE, Role.CITY_OFFICER, CENTRE, True),
        (Role.SECURITY_MANAGER, CENTRE, Role.SECURITY_MANAGER, CENTRE, False),
        (Role.SECURITY_MANAGER, CENTRE, Role.SYSTEM_MANAGER, CENTRE, False),
        (Role.AUDIT_MANAGER, CENTRE, Role.TEACHER, "310101-S1", False),
        (Role.SYSTEM_MANAGER, CENTRE, Role.CITY_OFFICER, CENTRE, False),
        (Role.DISTRICT_OFFICER, "310101-C", Role.REVIEWER, "310101-C", True),
        (Role.DISTRICT_OFFICER, "310101-C", Role.PRINCIPAL, "310104-S1", False),
        (Role.REVIEWER, "310101-C", Role.SCHOOL_OFFICER, "310101-S1", False),
        (Role.PRINCIPAL, "310101-S1", Role.SCHOOL_OFFICER, "310101-S1", True),
        (Role.PRINCIPAL, "310101-S1", Role.SCHOOL_OFFICER, "310101-S2", False),
    ],
)
def test_who_names_whom(cast: Cast, giver: str, place: str, role: str, where: str, may: bool) -> None:
    assert granted(giver, place, role, where, cast) is may


@pytest.mark.parametrize("first", sorted(MANAGERS))
@pytest.mark.parametrize("second", [*sorted(MANAGERS), Role.SCHOOL_OFFICER])
def test_the_three_posts_are_held_by_three_people(cast: Cast, first: str, second: str) -> None:
    if first == second:
        return
    person = a_person(cast.school)
    a_grant(a_user(person), first, cast.organisations[CENTRE])
    second_account = a_user(person)
    place = cast.school if second == Role.SCHOOL_OFFICER else cast.city
    with pytest.raises(Refusal, match="三个人分别担任"):
        a_grant(second_account, second, place)
    a_grant(second_account, Role.TEACHER, cast.school)


def test_an_officer_becomes_a_manager_only_after_she_has_left(cast: Cast) -> None:
    with pytest.raises(Refusal, match="三个人分别担任"):
        a_grant(cast.district_officer, Role.AUDIT_MANAGER, cast.city, valid_from=date(2019, 10, 14))
    held = RoleGrant.objects.get(user=cast.district_officer)
    actions.end_role(actor=BUILDER, at=timezone.now(), grant=held, on=date(2019, 10, 14), reason="调任")
    a_grant(cast.district_officer, Role.AUDIT_MANAGER, cast.city, valid_from=date(2019, 10, 14))


def test_a_place_that_does_not_fit_is_named(cast: Cast) -> None:
    with pytest.raises(Refusal, match="黄浦区教育学院不是省、市或其所属机构，不能设审计管理员"):
        a_grant(a_user(a_person(cast.school)), Role.AUDIT_MANAGER, cast.organisations["310101-C"])


PLACES = {
    Role.TEACHER: "310101-S1",
    Role.SCHOOL_OFFICER: "310101-S1",
    Role.PRINCIPAL: "310101-S1",
    Role.INSTITUTION_OFFICER: "310101-S1",
    Role.CLASS_TUTOR: "310101-S1",
    Role.INSTRUCTOR: "310101-S1",
    Role.DISTRICT_OFFICER: "310101-C",
    Role.REVIEWER: "310101-C",
    Role.SUPERVISOR: "310101-B",
    Role.EXPERT: "310101-C",
}


@pytest.mark.parametrize("role", sorted(Role.values))
def test_each_role_has_a_first_page_a_menu_and_a_reach(cast: Cast, role: str) -> None:
    user, place = a_user(a_person(cast.school)), cast.organisations[PLACES.get(role, CENTRE)]
    a_grant(user, role, place)
    actor = actor_for(user)
    assert actor.charge != NOTHING
    reaches = role in OFFICERS | {Role.SUPERVISOR, Role.INSTITUTION_OFFICER}
    assert (actor.scope == actor.charge, actor.scope == NOTHING) == (reaches, not reaches)
    assert client_of(user).get("/").status_code == 200
    menu = client_of(user).get("/menu/").content.decode()
    assert ('href="/roles/"' in menu) is (role in OFFICERS | GRANTS.keys() | {Role.AUDIT_MANAGER})
    assert ("人员与机构" in menu) is (role != Role.TEACHER)
    assert ("/credits/" in menu or "/teachers/" in menu) is (role in OFFICERS | {Role.TEACHER, Role.SUPERVISOR})


@pytest.mark.parametrize("role", sorted(MANAGERS))
def test_a_manager_sees_nobody_s_file(cast: Cast, role: str) -> None:
    user = a_user(a_person(cast.school))
    a_grant(user, role, cast.organisations[CENTRE])
    person = cast.teacher.person
    assert person is not None
    addresses = ("/persons/", f"/persons/{person.uuid}/", "/organisations/", "/jobs/", "/imports/")
    assert {address: client_of(user).get(address).status_code for address in addresses} == dict.fromkeys(addresses, 403)


def test_a_security_manager_grants_through_the_page(cast: Cast) -> None:
    guard, successor = a_user(a_person(cast.school)), a_user(a_person(cast.school))
    a_grant(guard, Role.SECURITY_MANAGER, cast.organisations[CENTRE])
    fields = {
        "account": successor.username,
        "role": Role.CITY_OFFICER,
        "organisation": str(cast.organisations[CENTRE].pk),
        "valid_from": "2019-10-14",
        "valid_until": "",
        "reason": "接任",
    }
    assert client_of(guard).post("/roles/grant/", fields)["Location"] == "/roles/"
    assert [held.role for held in RoleGrant.objects.filter(user=successor)] == [Role.CITY_OFFICER]
    assert "示范市师资培训中心" in client_of(guard).get("/roles/").content.decode()


def test_the_page_of_rights_shows_the_table(cast: Cast) -> None:
    text = client_of(cast.district_officer).get("/roles/rights/?role=audit_manager").content.decode()
    own, others = text.split("不能做的，以及谁可以")
    assert "查看角色分配" in own
    assert "查询人员" not in own
    assert "查询人员" in others
    assert "<dd>市级管理员</dd>" in own
    assert statuses(cast, "/roles/rights/") == {
        "teacher": 403,
        "school_officer": 200,
        "district_officer": 200,
        "city_officer": 200,
        "stranger_teacher": 403,
        "stranger_officer": 200,
        "anonymous": 302,
    }
