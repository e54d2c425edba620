"""Every page asked by the cast, lists under a literal number of queries, forms with their unhappy ends."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.people import actions, urls
from shixun.people.choices import DesignationKind, Duty, OrganisationKind, Role
from shixun.people.models import Identifier, RoleGrant
from shixun.people.testing import (
    BUILDER,
    Cast,
    a_grant,
    a_person,
    a_school,
    a_user,
    actor_for,
    client_of,
    statuses,
)

pytestmark = pytest.mark.usefixtures("frozen_clock")

OFFICERS_ONLY = {
    "teacher": 403,
    "school_officer": 200,
    "district_officer": 200,
    "city_officer": 200,
    "stranger_teacher": 403,
    "stranger_officer": 200,
    "anonymous": 302,
}
HERS_AND_ABOVE = {**OFFICERS_ONLY, "teacher": 200, "stranger_officer": 403}
ID_CARD = "11010519491231002X"
Queries = Callable[..., Any]


def page(user: Any, address: str) -> str:
    response = client_of(user).get(address)
    assert response.status_code == 200
    return response.content.decode()


def id_card_of(cast: Cast) -> Identifier:
    return actions.add_identifier(
        actor=BUILDER, at=clock.now(), person=cast.teacher.person, kind="id_card", number=ID_CARD
    )


def test_no_address_is_without_a_guard() -> None:
    unguarded = [
        pattern.name
        for pattern in urls.urlpatterns
        if isinstance(pattern, URLPattern) and not hasattr(pattern.callback, "guard")
    ]
    assert unguarded == []


@pytest.mark.parametrize("name", ["persons", "organisations", "roles"])
def test_lists_are_for_officers(cast: Cast, name: str) -> None:
    assert statuses(cast, reverse(f"people:{name}")) == OFFICERS_ONLY


def test_a_person_s_page_is_hers_and_her_officers(cast: Cast) -> None:
    address = reverse("people:person", args=[cast.teacher.person.uuid])
    assert statuses(cast, address) == HERS_AND_ABOVE


def test_an_organisation_s_page_is_for_its_officers(cast: Cast) -> None:
    address = reverse("people:organisation", args=[cast.school.uuid])
    assert statuses(cast, address) == {**HERS_AND_ABOVE, "teacher": 403}


def test_a_district_s_page_is_not_for_a_school(cast: Cast) -> None:
    address = reverse("people:organisation", args=[cast.district.uuid])
    assert statuses(cast, address) == {**HERS_AND_ABOVE, "teacher": 403, "school_officer": 403}


def test_the_form_to_grant_is_for_officers(cast: Cast) -> None:
    assert statuses(cast, reverse("people:grant-role")) == OFFICERS_ONLY


def test_the_form_to_end_a_role_is_for_who_could_grant_it(cast: Cast) -> None:
    held = RoleGrant.objects.get(user=cast.school_officer)
    nobody_else = dict.fromkeys(OFFICERS_ONLY, 403)
    assert statuses(cast, reverse("people:end-role", args=[held.uuid])) == {
        **nobody_else,
        "district_officer": 200,
        "anonymous": 302,
    }


def test_a_number_is_revealed_to_hers_and_above(cast: Cast) -> None:
    address = reverse("people:reveal-identifier", args=[id_card_of(cast).uuid])
    visitors = {**cast.everyone(), "anonymous": None}
    answers = {name: client_of(user).post(address).status_code for name, user in visitors.items()}
    assert answers == HERS_AND_ABOVE
    assert AuditEvent.objects.filter(action="identifier.revealed").count() == 4
    assert client_of(cast.teacher).get(address).status_code == 405


def test_a_number_is_masked_until_asked_for(cast: Cast) -> None:
    identifier = id_card_of(cast)
    client = client_of(cast.school_officer)
    address = reverse("people:person", args=[cast.teacher.person.uuid])
    assert ID_CARD not in client.get(address).content.decode()
    shown = client.post(reverse("people:reveal-identifier", args=[identifier.uuid]))
    assert ID_CARD in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert ID_CARD not in client.get(address).content.decode()


def test_a_refusal_says_who_can(cast: Cast) -> None:
    response = client_of(cast.teacher).get("/persons/")
    assert "您目前的角色不能查询人员。" in response.content.decode()
    assert "师训专管员" in response.content.decode()


@pytest.mark.parametrize("name", ["person", "organisation", "end-role"])
def test_what_is_not_there_is_not_found(cast: Cast, name: str) -> None:
    address = reverse(f"people:{name}", args=[cast.teacher.uuid])
    assert client_of(cast.city_officer).get(address).status_code == 404


def test_each_officer_finds_the_persons_of_her_scope(cast: Cast) -> None:
    counts = {
        name: page(getattr(cast, name), "/persons/").count('class="row-title')
        for name in ("school_officer", "district_officer", "city_officer", "stranger_officer")
    }
    assert counts == {"school_officer": 2, "district_officer": 3, "city_officer": 6, "stranger_officer": 2}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=张", ["张敏"]),
        ("q=P0003", ["王芳"]),
        ("q=T00000001", ["张敏"]),
        ("q=刘洋", []),
        (f"q={ID_CARD}", ["张敏"]),
        (f"q={ID_CARD[:10]}", []),
        ("duty=class_teacher", ["特意"]),
        ("title=senior", ["特意"]),
        ("stage=primary&title=middle", ["张敏", "李建国", "王芳"]),
    ],
)
def test_persons_are_found_by_words_and_filters(cast: Cast, query: str, found: list[str]) -> None:
    id_card_of(cast)
    a_person(cast.sister_school, name="特意", duty=Duty.CLASS_TEACHER, title="senior")
    text = page(cast.district_officer, f"/persons/?{query}")
    assert [
        name for name in ("张敏", "李建国", "王芳", "刘洋", "特意") if f">{name}<" in text.split("<main")[1]
    ] == found


@pytest.mark.parametrize("more", [0, 2])
def test_the_persons_list_asks_the_same_questions_for_1_and_3(
    cast: Cast, more: int, django_assert_num_queries: Queries
) -> None:
    school = a_school(cast.district)
    officer = a_user(cast.stranger_teacher.person)
    a_grant(officer, Role.SCHOOL_OFFICER, school)
    for _ in range(1 + more):
        a_person(school)
    client = client_of(officer)
    client.get("/persons/")
    with django_assert_num_queries(9):
        text = client.get("/persons/").content.decode()
    assert text.count('class="row-title') == 1 + more


@pytest.mark.parametrize("more", [0, 2])
def test_the_roles_list_asks_the_same_questions_for_1_and_3(
    cast: Cast, more: int, django_assert_num_queries: Queries
) -> None:
    school = a_school(cast.district)
    officer = a_user(cast.stranger_teacher.person)
    a_grant(officer, Role.SCHOOL_OFFICER, school)
    for _ in range(more):
        a_grant(a_user(a_person(school)), Role.TEACHER, school)
    client = client_of(officer)
    client.get("/roles/")
    with django_assert_num_queries(8):
        text = client.get("/roles/").content.decode()
    assert text.count('class="row-title') == 1 + more


@pytest.mark.parametrize("more", [0, 2])
def test_the_organisations_list_and_page_ask_the_same_questions_for_1_and_3(
    cast: Cast, more: int, django_assert_num_queries: Queries
) -> None:
    district = actions.open_organisation(
        actor=BUILDER,
        at=timezone.now(),
        code="310106",
        name="静安区",
        kind=OrganisationKind.DISTRICT,
        area_code="310106",
        parent=cast.city,
    )
    for _ in range(more):
        a_person(a_school(district))
    officer = a_user(cast.stranger_teacher.person)
    a_grant(officer, Role.DISTRICT_OFFICER, district)
    client = client_of(officer)
    client.get("/organisations/")
    with django_assert_num_queries(9):
        text = client.get("/organisations/").content.decode()
    assert text.count('class="row-title') == 1 + more
    with django_assert_num_queries(14):
        client.get(reverse("people:organisation", args=[district.uuid]))


def test_an_organisation_s_page_counts_and_names(cast: Cast) -> None:
    actions.designate(
        actor=BUILDER,
        at=timezone.now(),
        organisation=cast.school,
        kind=DesignationKind.PD_SCHOOL,
        valid_from=date(2017, 9, 1),
    )
    text = page(cast.city_officer, reverse("people:organisation", args=[cast.school.uuid]))
    assert "教师专业发展学校（自 2017年9月1日）" in text
    assert "李建国" in text
    above = page(cast.city_officer, reverse("people:organisation", args=[cast.district.uuid]))
    assert '<span class="num">3</span> 人' in above
    assert '<td class="amount card-figure" data-label="在岗人数（人）">2</td>' in above
    assert page(cast.city_officer, f"/persons/?organisation={cast.school.uuid}").count('class="row-title') == 2
    assert "王芳" in above


def form_for(cast: Cast, **changes: str) -> dict[str, str]:
    fields = {
        "account": a_user(a_person(cast.school)).username,
        "role": Role.SCHOOL_OFFICER,
        "organisation": str(cast.school.pk),
        "valid_from": "2019-10-14",
        "valid_until": "",
        "reason": "学校聘任",
    }
    return {**fields, **changes}


def test_a_role_is_granted_and_ended_through_the_pages(cast: Cast) -> None:
    client = client_of(cast.district_officer)
    fields = form_for(cast)
    assert client.post("/roles/grant/", fields)["Location"] == "/roles/"
    held = RoleGrant.objects.get(user__username=fields["account"])
    assert (held.role, held.organisation, held.granted_by) == ("school_officer", cast.school, cast.district_officer)
    end = {"on": "2019-11-01", "reason": "调离"}
    assert client.post(reverse("people:end-role", args=[held.uuid]), end)["Location"] == "/roles/"
    held.refresh_from_db()
    assert held.valid_until == date(2019, 11, 1)
    trail = AuditEvent.objects.filter(subject_uuid=held.user.uuid, action__startswith="role.").order_by("pk")
    assert [(event.action, event.actor_label, event.acting_role) for event in trail] == [
        ("role.granted", "王芳", "district_officer"),
        ("role.ended", "王芳", "district_officer"),
    ]


def test_a_person_code_will_do_in_place_of_an_account(cast: Cast) -> None:
    person = a_person(cast.school)
    a_user(person)
    fields = form_for(cast, account=person.code.lower())
    assert client_of(cast.district_officer).post("/roles/grant/", fields).status_code == 302
    assert RoleGrant.objects.filter(user__person=person).count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account": "nobody"}, "没有这个账号或人员编号"),
        ({"account": "stranger_teacher"}, "没有这个账号或人员编号"),
        ({"account": "district_officer"}, "不能给自己"),
        ({"role": "city_officer"}, "city_officer"),
        ({"organisation": "0"}, "有效"),
        ({"valid_until": "2019-10-14"}, "晚于开始日期"),
        ({"valid_from": "2019-13-01"}, "日期"),
        ({"reason": ""}, "必填"),
    ],
)
def test_a_grant_that_will_not_do_says_why(cast: Cast, changes: dict[str, str], words: str) -> None:
    before = RoleGrant.objects.count()
    response = client_of(cast.district_officer).post("/roles/grant/", form_for(cast, **changes))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert RoleGrant.objects.count() == before


def test_a_foreign_school_cannot_be_chosen(cast: Cast) -> None:
    fields = form_for(cast, organisation=str(cast.other_school.pk))
    assert client_of(cast.district_officer).post("/roles/grant/", fields).status_code == 200
    assert not RoleGrant.objects.filter(organisation=cast.other_school, role=Role.SCHOOL_OFFICER).exists()


def test_a_city_officer_leaves_the_schools_to_their_districts(cast: Cast) -> None:
    text = page(cast.city_officer, "/roles/grant/")
    offered = [row.name for row in cast.organisations.values() if f">{row.name}</option>" in text]
    assert offered == [row.name for row in cast.organisations.values() if row.kind != OrganisationKind.SCHOOL]


def test_the_roles_list_offers_to_end_what_may_be_ended(cast: Cast) -> None:
    text = page(cast.district_officer, "/roles/")
    assert text.count("/end/") == 1
    assert page(cast.school_officer, "/roles/").count("/end/") == 1


def test_search_finds_in_the_scope_only(cast: Cast) -> None:
    from shixun.people.frame import found_organisations, found_persons

    officer = actor_for(cast.district_officer)
    assert [(hit.title, hit.detail) for hit in found_persons(officer, ["张"], 5)] == [("张敏", "黄浦区示范小学 · 教师")]
    assert found_persons(officer, ["刘洋"], 5) == []
    assert [hit.title for hit in found_organisations(officer, ["示范"], 5)] == ["黄浦区示范小学"]


def test_a_visitor_sees_no_menu(cast: Cast) -> None:
    assert "/persons/" not in Client().get("/sign-in/").content.decode()
