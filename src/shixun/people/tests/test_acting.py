"""The role one acts in: chosen, switched, checked against its dates at every request by the domain's clock."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from shixun.kernel.access import Scope
from shixun.people import actions
from shixun.people.acting import actor_of
from shixun.people.choices import Role
from shixun.people.models import RoleGrant
from shixun.people.permissions import can_see_person
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_user, actor_for, client_of

Clock = Callable[[str], Any]


def test_the_scope_of_each_role(cast: Cast) -> None:
    scopes = {name: actor_for(user).scope.path for name, user in cast.everyone().items()}
    assert scopes == {
        "teacher": "",
        "school_officer": cast.school.path,
        "district_officer": cast.district.path,
        "city_officer": cast.city.path,
        "stranger_teacher": "",
        "stranger_officer": cast.other_district.path,
    }


def test_the_widest_role_comes_first_and_can_be_switched(cast: Cast, frozen_clock: Clock) -> None:
    client = client_of(cast.teacher)
    assert client.get("/persons/").status_code == 403
    officer = a_grant(cast.teacher, Role.SCHOOL_OFFICER, cast.school)
    own = RoleGrant.objects.get(user=cast.teacher, role=Role.TEACHER)
    assert client.get("/persons/").status_code == 403, "the role chosen before stays chosen"
    assert client.post("/account/role/", {"grant": str(officer.uuid)})["Location"] == "/"
    assert client.get("/persons/").status_code == 200
    client.post("/account/role/", {"grant": str(own.uuid)})
    assert client.get("/persons/").status_code == 403
    assert client_of(cast.teacher).get("/persons/").status_code == 200, "a new session begins with the widest role"


def test_somebody_else_s_role_cannot_be_chosen(cast: Cast, frozen_clock: Clock) -> None:
    foreign = RoleGrant.objects.get(user=cast.city_officer)
    client = client_of(cast.teacher)
    for value in (str(foreign.uuid), "", "no uuid"):
        assert client.post("/account/role/", {"grant": value}).status_code == 403
    assert client.get("/persons/").status_code == 403


def test_the_school_officer_of_a_college_reaches_the_college_and_not_the_district(cast: Cast) -> None:
    """A college acts for its district, but whoever keeps the credits of its own staff does not (RW-04)."""
    college = cast.organisations["310101-C"]
    keeper = a_grant(a_user(cast.school_officer.person), Role.SCHOOL_OFFICER, college)
    assert actor_of(keeper).scope == Scope(college.path)
    assert not can_see_person(actor_of(keeper), cast.teacher.person)
    assert actor_for(cast.district_officer).scope == cast.district.scope


def test_a_role_ended_yesterday_is_gone_at_the_next_request(cast: Cast, frozen_clock: Clock) -> None:
    client = client_of(cast.school_officer)
    assert client.get("/persons/").status_code == 200
    held = RoleGrant.objects.get(user=cast.school_officer)
    actions.end_role(actor=BUILDER, at=timezone.now(), grant=held, on=date(2019, 10, 15))
    assert client.get("/persons/").status_code == 200
    frozen_clock("2019-10-15")
    response = client.get("/persons/")
    assert response.status_code == 403
    page = response.content.decode()
    assert "没有有效的角色" in page
    assert "请联系：王芳（黄浦区教育学院区县管理员）" in page, "the district's officer is the nearest"


def test_a_role_that_begins_tomorrow_is_not_there_yet(cast: Cast, frozen_clock: Clock) -> None:
    user = a_user(a_person(cast.school))
    a_grant(user, Role.SCHOOL_OFFICER, cast.school, valid_from=date(2019, 10, 15))
    client = client_of(user)
    assert client.get("/persons/").status_code == 403
    frozen_clock("2019-10-15")
    assert client.get("/persons/").status_code == 200


def test_who_falls_back_to_another_role_is_told(cast: Cast, frozen_clock: Clock) -> None:
    held = a_grant(cast.teacher, Role.SCHOOL_OFFICER, cast.school, valid_until=date(2019, 10, 15))
    client = client_of(cast.teacher)
    client.post("/account/role/", {"grant": str(held.uuid)})
    frozen_clock("2019-10-15")
    page = client.get(f"/persons/{cast.teacher.person.uuid}/").content.decode()
    assert "您原来使用的角色已经到期，现在以黄浦区示范小学教师的身份使用。" in page


def test_who_has_no_role_reads_who_can_help(cast: Cast, frozen_clock: Clock) -> None:
    client = client_of(a_user(a_person(cast.school)))
    response = client.get("/persons/")
    assert response.status_code == 403
    assert "李建国（黄浦区示范小学师训专管员）" in response.content.decode()
    assert client.post("/sign-out/").status_code == 302


def test_who_belongs_nowhere_reads_whom_to_ask(cast: Cast) -> None:
    page = client_of(a_user(None)).get("/persons/").content.decode()
    assert "请联系您所在学校的师训专管员或区县管理员" in page
