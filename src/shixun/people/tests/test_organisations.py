"""Organisations are opened, renamed, moved, merged and closed on a day, and everything follows (DX-01, RW-04)."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import InParallel
from shixun.people.actions import open_organisation
from shixun.people.choices import Duty, OrganisationKind, Role
from shixun.people.credit_officers.actions import name_credit_officer
from shixun.people.credit_officers.queries import credit_officer_of
from shixun.people.models import Appointment, Organisation, RoleGrant, User
from shixun.people.organisations.actions import change_organisations, open_place
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import outcomes_of
from shixun.people.organisations.models import OrganisationChange
from shixun.people.organisations.names import organisations_called
from shixun.people.organisations.plans import Opening, Plan
from shixun.people.organisations.queries import former_stay, history_of, predecessors_of, stays_of
from shixun.people.queries import organisations_within
from shixun.people.testing import (
    BUILDER,
    Cast,
    a_grant,
    a_person,
    a_school,
    a_user,
    actor_for,
    an_appointment,
    client_of,
    statuses,
)

MONDAY, SEPTEMBER = date(2019, 10, 14), date(2019, 9, 1)


@pytest.fixture(autouse=True)
def _monday(frozen_clock: Callable[[str], datetime]) -> None:
    """2019-10-14."""


def planned(kind: Kind, *organisations: Organisation, on: date = MONDAY, **details: Any) -> Plan:
    return Plan(kind, organisations, on, "布局调整", "黄教〔2019〕32号", **details)


def done(user: User, plan: Plan) -> Plan:
    return change_organisations(actor=actor_for(user), at=clock.now(), plan=plan)


def fresh(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_related("parent").get(pk=organisation.pk)


def names_at(organisation: Organisation, on: date = MONDAY) -> list[str]:
    held = Appointment.objects.in_force(on).filter(organisation=organisation)
    return sorted(held.values_list("person__name", flat=True))


def test_a_renamed_school_keeps_its_former_name(cast: Cast) -> None:
    done(cast.district_officer, planned(Kind.RENAMED, cast.school, on=SEPTEMBER, name="黄浦区第一小学"))
    chapters = history_of(cast.school)
    told = [(chapter.row.name, chapter.row.on, chapter.valid_until) for chapter in chapters]
    assert told == [("黄浦区第一小学", SEPTEMBER, None), ("黄浦区示范小学", date(2000, 1, 1), SEPTEMBER)]
    event = AuditEvent.objects.get(action="organisation.renamed")
    assert (event.before["name"], event.after["name"]) == ("黄浦区示范小学", "黄浦区第一小学")
    assert event.after["document"] == "黄教〔2019〕32号"


def test_a_renamed_school_is_found_by_its_former_name_wherever_one_types(cast: Cast) -> None:
    done(cast.district_officer, planned(Kind.RENAMED, cast.school, on=SEPTEMBER, name="黄浦区第一小学"))
    done(cast.city_officer, planned(Kind.RENAMED, cast.other_school, on=SEPTEMBER, name="黄浦区示范小学"))
    browser = client_of(cast.district_officer)
    for address in ("/organisations/?q=示范小学", "/search/?q=黄浦区示范", "/organisations/?q=310101-S1"):
        shown = browser.get(address).content.decode()
        assert "黄浦区第一小学" in shown, address
        assert "原名黄浦区示范小学" in shown, address
    for page in ("roles", "roster/transfers", "windows", "inbox"):
        assert browser.get(f"/{page}/?q=示范小学").status_code == 200
    assert "李建国" in browser.get("/roles/?q=示范小学").content.decode()
    schools = Organisation.objects.filter(kind=OrganisationKind.SCHOOL)
    assert list(organisations_called(schools, "黄浦区示范小学")) == [cast.other_school], "whatever bears the name now"
    assert list(organisations_called(schools, "徐汇区示范小学")) == [cast.other_school]


def test_a_school_moves_to_another_district_with_its_people(cast: Cast) -> None:
    done(cast.city_officer, planned(Kind.MOVED, cast.school, parent=cast.other_district))
    school = fresh(cast.school)
    assert (school.parent, school.path) == (cast.other_district, f"{cast.other_district.path}{school.pk:06d}/")
    assert school.area_code == cast.other_district.area_code
    assert names_at(school) == ["张敏", "李建国"]
    assert cast.school not in organisations_within(actor_for(cast.district_officer).scope, MONDAY)
    assert school in organisations_within(actor_for(cast.stranger_officer).scope, MONDAY)
    assert client_of(cast.district_officer).get(f"/organisations/{school.uuid}/").status_code == 403


def test_two_schools_become_a_new_one(cast: Cast) -> None:
    pluralist = a_person(cast.sister_school, name="周兼")
    an_appointment(pluralist, cast.school, duty=Duty.TRAINER, is_main=False)
    later = a_person(cast.school, name="吴新", valid_from=date(2019, 12, 1))
    name_credit_officer(
        actor=BUILDER,
        at=clock.now(),
        school=cast.school,
        person=cast.teacher.person,
        valid_from=date(2019, 1, 1),
        reason="分工",
    )
    plan = planned(
        Kind.MERGED, cast.school, cast.sister_school, opening=Opening("310101-N", "黄浦区联合学校", "primary")
    )
    heir = done(cast.district_officer, plan).heir
    assert names_at(heir) == ["周兼", "周兼", "张敏", "李建国"]
    assert (names_at(cast.school), names_at(cast.sister_school)) == ([], [])
    assert names_at(cast.school, date(2019, 10, 13)) == ["周兼", "张敏", "李建国"]
    moved = Appointment.objects.get(person=cast.teacher.person, organisation=heir)
    assert (moved.valid_from, moved.subject, moved.is_main) == (MONDAY, "语文", True)
    assert Appointment.objects.get(person=later).organisation == heir
    open_roles = RoleGrant.objects.in_force(MONDAY).filter(organisation__in=[cast.school, heir])
    assert [(row.user, row.role, row.organisation) for row in open_roles] == [(cast.teacher, Role.TEACHER, heir)]
    assert credit_officer_of(cast.school, MONDAY) is None
    assert {row.organisation for row in predecessors_of(heir)} == {cast.school, cast.sister_school}
    last = OrganisationChange.objects.get(organisation=cast.school, kind=Kind.MERGED)
    assert (last.successor, last.on, fresh(cast.school).valid_until) == (heir, MONDAY, MONDAY)
    events = AuditEvent.objects.filter(action__in=("role.ended", "appointment.ended", "organisation.merged"))
    assert events.filter(action="organisation.merged").count() == 2
    assert {event.actor_label for event in events} == {"王芳"}


def test_a_merged_district_gives_its_schools_to_the_other(cast: Cast) -> None:
    done(cast.city_officer, planned(Kind.MERGED, cast.district, successor=cast.other_district))
    school = fresh(cast.school)
    assert (school.parent, school.path.startswith(cast.other_district.path)) == (cast.other_district, True)
    assert history_of(school)[0].row.kind == Kind.MOVED
    assert fresh(cast.organisations["310101-C"]).parent == cast.other_district
    assert names_at(school) == ["张敏", "李建国"]
    assert actor_for(cast.stranger_officer).scope.holds(school.path)


def test_a_school_tells_where_it_lay_though_only_what_is_above_it_was_changed(cast: Cast) -> None:
    """Its district is merged and the heir goes to another city: one row of its own, three stays."""
    city = open_organisation(
        actor=BUILDER, at=clock.now(), code="320000", name="邻市", kind=OrganisationKind.CITY, area_code="320000"
    )
    done(cast.city_officer, planned(Kind.MERGED, cast.district, on=SEPTEMBER, successor=cast.other_district))
    done(cast.city_officer, planned(Kind.RENAMED, cast.other_district, on=date(2019, 10, 1), name="新徐汇区"))
    moved = planned(Kind.MOVED, fresh(cast.other_district), parent=city)
    change_organisations(actor=BUILDER, at=clock.now(), plan=moved)
    school = fresh(cast.school)
    assert [(stay.areas, stay.valid_from, stay.valid_until) for stay in stays_of(school)] == [
        (("新徐汇区", "邻市"), MONDAY, None),
        (("新徐汇区", cast.city.name), date(2019, 10, 1), MONDAY),
        (("徐汇区", cast.city.name), SEPTEMBER, date(2019, 10, 1)),
        (("黄浦区", cast.city.name), date(2000, 1, 1), SEPTEMBER),
    ]
    assert [row.row.kind for row in history_of(school)] == [Kind.MOVED, Kind.OPENED]
    then = former_stay(school, date(2019, 8, 31))
    assert then is not None
    assert then.areas[0] == "黄浦区"
    assert former_stay(school, MONDAY) is None
    assert len(stays_of(cast.city)) == 1
    page = client_of(cast.stranger_officer).get(f"/organisations/{school.uuid}/").content.decode()
    assert "所属地区" in page
    assert f"黄浦区，{cast.city.name}" in page


def test_a_college_that_moves_leaves_its_officers_without_the_area(cast: Cast) -> None:
    """A role held at a body reaches its whole area: it ends, so that nobody comes to see another district's people."""
    college = cast.organisations["310101-C"]
    plan = planned(Kind.MOVED, college, parent=cast.other_district, bodies=(college,))
    told = [finding.sentence for outcome in outcomes_of(plan) for finding in outcome.findings]
    assert f"{college.name}的 1 项管理角色自 2019年10月14日起结束" in "".join(told)
    done(cast.city_officer, plan)
    assert not RoleGrant.objects.in_force(MONDAY).filter(user=cast.district_officer).exists()
    assert client_of(cast.district_officer).get(f"/organisations/{cast.other_school.uuid}/").status_code == 403


def test_a_closed_school_stays_readable_and_is_not_offered(cast: Cast) -> None:
    empty = a_school(cast.district, name="黄浦区空校")
    done(cast.district_officer, planned(Kind.CLOSED, empty))
    assert empty not in organisations_within(actor_for(cast.district_officer).scope, MONDAY)
    browser = client_of(cast.district_officer)
    page = browser.get(reverse("people:organisation", kwargs={"uuid": empty.uuid})).content.decode()
    assert "已撤销" in page
    assert "黄教〔2019〕32号" in page
    assert reverse("people:rename-organisation", kwargs={"uuid": empty.uuid}) not in page
    assert "黄浦区空校" in browser.get(reverse("people:ended-organisations")).content.decode()
    assert "黄浦区空校" not in browser.get(reverse("people:organisations")).content.decode()
    assert "学校 · 已撤并" in browser.get("/search/?q=空校").content.decode()
    with pytest.raises(Refusal, match="已不存在，不能再登记到这里"):
        an_appointment(a_person(cast.school), empty, is_main=False)
    with pytest.raises(Refusal, match="已不存在"):
        a_grant(a_user(None), Role.TEACHER, empty)


def test_what_is_refused(cast: Cast) -> None:
    renamed = planned(Kind.RENAMED, cast.sister_school, name="黄浦区新名中学")
    done(cast.district_officer, renamed)
    closed = a_school(cast.district)
    done(cast.district_officer, planned(Kind.CLOSED, closed))
    college = cast.organisations["310101-C"]
    for user, plan, words in (
        (cast.district_officer, planned(Kind.RENAMED, cast.sister_school, name="又改名"), "同一天只能变更一次"),
        (cast.district_officer, planned(Kind.RENAMED, cast.sister_school, on=SEPTEMBER, name="早"), "应晚于这一天"),
        (cast.district_officer, planned(Kind.RENAMED, closed, name="还在"), "已于 2019年10月14日 撤销"),
        (cast.district_officer, planned(Kind.RENAMED, cast.school, name="黄浦区新名中学"), "已经有名为"),
        (cast.district_officer, planned(Kind.CLOSED, cast.school, on=date(2020, 1, 1)), "不能晚于今天"),
        (cast.district_officer, planned(Kind.MERGED, cast.school, successor=cast.school), "不能把.*并入它自己"),
        (cast.district_officer, planned(Kind.MERGED, cast.school, successor=college), "只有同一类机构"),
        (cast.district_officer, planned(Kind.MERGED, cast.school, successor=closed), "在 2019年10月14日 不存在"),
        (cast.district_officer, planned(Kind.CLOSED, cast.school), "还有 2 人在这里任职"),
        (cast.city_officer, planned(Kind.CLOSED, cast.district), "还有 4 个下级单位"),
        (cast.district_officer, planned(Kind.MOVED, cast.school, parent=cast.other_district), "不能在这里设立"),
        (cast.district_officer, planned(Kind.CLOSED, cast.district), "不能变更这个机构"),
        (cast.stranger_officer, planned(Kind.RENAMED, cast.school, name="外区"), "不能变更这个机构"),
        (cast.school_officer, planned(Kind.RENAMED, cast.school, name="本校"), "不能变更这个机构"),
        (cast.city_officer, planned(Kind.MOVED, cast.school, parent=cast.district), "现在就在黄浦区"),
        (cast.city_officer, planned(Kind.RENAMED, cast.city, name="新市"), "不能变更这个机构"),
    ):
        with pytest.raises(Refusal, match=words):
            done(user, plan)
    assert OrganisationChange.objects.filter(organisation=cast.school).count() == 0


def test_opening_has_its_first_row(cast: Cast) -> None:
    details: dict[str, Any] = {"kind": "school", "valid_from": SEPTEMBER, "reason": "新建", "stage": "primary"}
    details |= {"document": "黄教〔2019〕1号", "at": clock.now(), "parent": cast.district}
    made = open_place(actor=actor_for(cast.district_officer), code="310101-Z", name="新校", **details)
    assert [(row.row.kind, row.row.document) for row in history_of(made)] == [(Kind.OPENED, "黄教〔2019〕1号")]
    with pytest.raises(Refusal, match="不能在这里设立"):
        open_place(actor=actor_for(cast.stranger_officer), code="Y", name="外", **details)


def test_the_pages_preview_before_they_act(cast: Cast) -> None:
    browser = client_of(cast.district_officer)
    address = reverse("people:merge-organisation", kwargs={"uuid": cast.school.uuid})
    wanted = {"successor": cast.sister_school.pk, "on": "2019-10-14", "document": "文〔1〕", "reason": "布局调整"}
    preview = browser.post(address, {**wanted, "step": "preview"})
    assert "2 人的 2 项任职自 2019年10月14日起转到黄浦区实验中学" in preview.content.decode()
    assert fresh(cast.school).valid_until is None
    a_person(cast.school)
    again = browser.post(address, {**wanted, "step": "apply", "seen": preview.context["seen"]})
    assert "情况有变化，还没有办理" in again.content.decode()
    done_page = browser.post(address, {**wanted, "step": "apply", "seen": again.context["seen"]})
    assert done_page["Location"] == reverse("people:organisation", kwargs={"uuid": cast.sister_school.uuid})
    assert fresh(cast.school).valid_until == MONDAY


def test_the_cast_of_four(cast: Cast) -> None:
    allowed = {"district_officer", "city_officer"}
    for name in ("rename", "move", "merge", "close"):
        found = statuses(cast, reverse(f"people:{name}-organisation", kwargs={"uuid": cast.school.uuid}))
        assert {who for who, status in found.items() if status == 200} == allowed
        assert found["anonymous"] == 302
    found = statuses(cast, reverse("people:open-organisation"))
    assert {who for who, status in found.items() if status == 200} == allowed | {"stranger_officer"}


def test_a_preview_asks_the_same_number_of_questions(cast: Cast, django_assert_num_queries: Any) -> None:
    plan = planned(Kind.MERGED, cast.school, successor=cast.sister_school)
    outcomes_of(plan)
    with django_assert_num_queries(QUESTIONS):
        outcomes_of(plan)
    for _ in range(3):
        a_user(a_person(cast.school))
    with django_assert_num_queries(QUESTIONS):
        outcomes_of(plan)


QUESTIONS = 17


def test_a_merger_takes_the_same_statements_however_many_work_there(cast: Cast, django_assert_num_queries: Any) -> None:
    heir = a_school(cast.district)
    for many in (1, 3):
        school = a_school(cast.district)
        for _ in range(many):
            a_grant(a_user(a_person(school)), Role.TEACHER, school)
        plan = planned(Kind.MERGED, school, successor=heir)
        actor, now = actor_for(cast.district_officer), clock.now()
        with django_assert_num_queries(STATEMENTS):
            change_organisations(actor=actor, at=now, plan=plan)
        assert RoleGrant.objects.in_force(MONDAY).filter(organisation=heir, role=Role.TEACHER).count() >= many


STATEMENTS = 53


@pytest.mark.django_db(transaction=True)
def test_two_mergers_of_one_school_make_one(cast: Cast, in_parallel: InParallel) -> None:
    third = a_school(cast.district)
    plans = [
        planned(Kind.MERGED, cast.school, successor=cast.sister_school),
        planned(Kind.MERGED, cast.school, successor=third),
        planned(Kind.RENAMED, cast.school, name="改名小学"),
    ]
    results = in_parallel([partial(done, cast.district_officer, plan) for plan in plans])
    assert sorted(type(result).__name__ for result in results).count("Plan") == 1
    assert all("2019年10月14日" in result.sentence for result in results if isinstance(result, Refusal))
    assert {type(result) for result in results} == {Plan, Refusal}
