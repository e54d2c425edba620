"""Each school has exactly one dated credit officer, named by its principal or its district (RW-04)."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people import actions
from shixun.people.choices import Role
from shixun.people.credit_officers.actions import name_credit_officer
from shixun.people.credit_officers.models import CreditOfficer
from shixun.people.credit_officers.queries import credit_officer_of, schools_without_officer
from shixun.people.models import Appointment, Organisation, Person, User
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_school, a_user, actor_for, client_of, statuses

MONDAY, LATER = date(2019, 10, 14), date(2019, 11, 1)


@pytest.fixture(autouse=True)
def _monday(frozen_clock: Any) -> None:
    """2019-10-14."""


@pytest.fixture
def principal(cast: Cast) -> User:
    user = a_user(a_person(cast.school, name="顾明华"))
    a_grant(user, Role.PRINCIPAL, cast.school)
    return user


def named(user: User, school: Organisation, person: Person | None, since: date = MONDAY) -> CreditOfficer:
    return name_credit_officer(
        actor=actor_for(user), at=clock.now(), school=school, person=person, valid_from=since, reason="分工调整"
    )


def test_one_at_a_time_and_handed_over_on_a_day(cast: Cast, principal: User) -> None:
    first, second = a_person(cast.school), a_person(cast.school)
    named(principal, cast.school, first)
    named(cast.district_officer, cast.school, second, LATER)
    days = (date(2019, 10, 13), MONDAY, date(2019, 10, 31), LATER)
    assert [credit_officer_of(cast.school, day) for day in days] == [None, first, first, second]
    named(principal, cast.school, None, LATER)
    assert credit_officer_of(cast.school, LATER) is None
    event = AuditEvent.objects.filter(action="credit_officer.named").order_by("pk")[1]
    assert (event.before, event.after["person"]) == ({"person": first.code}, second.code)


def test_what_is_refused(cast: Cast, principal: User) -> None:
    first = a_person(cast.school)
    named(principal, cast.school, first, date(2019, 9, 1))
    for person, since, words in (
        (first, LATER, "已经是负责人"),
        (a_person(cast.school), date(2019, 8, 1), "不能早于这一天"),
        (a_person(cast.school), date(2019, 9, 1), "不能改写"),
        (a_person(cast.sister_school), LATER, "不在黄浦区示范小学任职"),
    ):
        with pytest.raises(Refusal, match=words):
            named(principal, cast.school, person, since)
    for user, school in (
        (cast.school_officer, cast.school),
        (cast.city_officer, cast.school),
        (principal, cast.sister_school),
        (cast.stranger_officer, cast.school),
        (cast.district_officer, cast.district),
    ):
        with pytest.raises(Refusal, match="不能指定"):
            named(user, school, first, LATER)


def test_a_school_without_one_is_told_to_its_district(cast: Cast, principal: User) -> None:
    officer = cast.teacher.person
    named(principal, cast.school, officer)
    district = actor_for(cast.district_officer)
    assert list(schools_without_officer(district.scope, MONDAY)) == [cast.sister_school]
    home = client_of(cast.district_officer).get("/").content.decode()
    assert "1 所学校没有在岗的学分工作负责人" in home
    assert "黄浦区实验中学" in home
    assert "没有在岗的学分工作负责人" in client_of(cast.district_officer).get("/inbox/").content.decode()
    assert "没有在岗的学分工作负责人" not in client_of(cast.school_officer).get("/").content.decode()
    held = Appointment.objects.get(person=officer)
    actions.end_appointment(actor=BUILDER, at=clock.now(), appointment=held, on=MONDAY)
    assert set(schools_without_officer(district.scope, MONDAY)) == {cast.school, cast.sister_school}
    address = reverse("people:organisation", args=[cast.school.uuid])
    assert "张敏已不在本校任职" in client_of(cast.district_officer).get(address).content.decode()


def test_through_the_pages(cast: Cast, principal: User) -> None:
    browser, address = client_of(principal), reverse("people:credit-officer", args=[cast.school.uuid])
    assert cast.teacher.person is not None
    fields = {"person": str(cast.teacher.person.pk), "valid_from": "2019-10-14", "reason": "校务会议决定"}
    assert browser.post(address, fields).status_code == 302
    text = browser.get(reverse("people:organisation", args=[cast.school.uuid])).content.decode()
    assert "2019年10月14日起" in text
    assert "校务会议决定；顾明华指定" in text
    assert "张敏已经是负责人" in browser.post(address, {**fields, "valid_from": "2019-11-01"}).content.decode()
    assert statuses(cast, address) == {
        "teacher": 403,
        "school_officer": 403,
        "district_officer": 200,
        "city_officer": 403,
        "stranger_teacher": 403,
        "stranger_officer": 403,
        "anonymous": 302,
    }


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_costs_the_same(cast: Cast, more: int, django_assert_num_queries: Any) -> None:
    for _ in range(more):
        school = a_school(cast.district)
        named(cast.district_officer, school, a_person(school))
    browser = client_of(cast.district_officer)
    browser.get("/credit-officers/")
    with django_assert_num_queries(7):
        text = browser.get("/credit-officers/").content.decode()
    assert text.count("在岗") >= more
    assert browser.get("/credit-officers/?state=lacking").content.decode().count('class="row-title') == 2
