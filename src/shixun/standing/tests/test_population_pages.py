"""Lists, heat map and first pages of a population, asked by the cast (RW-05, AR-01)."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from shixun.kernel.jobs.actions import perform
from shixun.kernel.jobs.models import Job
from shixun.kernel.models import AuditEvent
from shixun.people.choices import Duty, Role
from shixun.people.models import User
from shixun.people.testing import Cast, a_grant, a_person, a_user, an_appointment, client_of, statuses
from shixun.policy.testing import an_adoption
from shixun.standing.actions import REFRESH
from shixun.standing.queries import heat_within
from shixun.standing.testing import ENOUGH, computed, some_entries

pytestmark = pytest.mark.usefixtures("frozen_clock")
Queries = Callable[..., Any]
OFFICERS = {
    "teacher": 403,
    "school_officer": 200,
    "district_officer": 200,
    "city_officer": 200,
    "stranger_teacher": 403,
    "stranger_officer": 200,
    "anonymous": 302,
}


@pytest.fixture(autouse=True)
def _in_force(cast: Cast) -> None:
    an_adoption(cast.city)


def text(user: User, address: str) -> str:
    response = client_of(user).get(address)
    assert response.status_code == 200
    return response.content.decode()


def listed(user: User, query: str = "") -> list[dict[str, str]]:
    response = client_of(user).get(f"/teachers/?export=csv&{query}")
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def names(user: User, query: str = "") -> list[str]:
    return [row["姓名"] for row in listed(user, query)]


@pytest.mark.parametrize("address", ["/teachers/", "/teachers/heat/"])
@pytest.mark.parametrize("ready", [False, True])
def test_population_pages_are_for_officers(cast: Cast, address: str, ready: bool) -> None:
    if ready:
        computed()
    assert statuses(cast, address) == OFFICERS


def test_before_the_first_computation_the_page_says_so(cast: Cast) -> None:
    page = text(cast.district_officer, "/teachers/")
    assert "还没有计算" in page
    assert "现在更新" in page


def test_the_page_says_how_old_its_figures_are(cast: Cast) -> None:
    computed()
    page = text(cast.district_officer, "/teachers/")
    assert "截至 2019年10月14日，更新于 2019年10月14日 09:00。" in page
    assert "此后又有变动" not in page
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    assert "此后又有变动，几分钟内会自动计入" in text(cast.district_officer, "/teachers/")


def test_the_list_is_filtered_by_what_is_missing(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    some_entries(cast.school_officer.person, cast.district, [row for row in ENOUGH if row[5] != "it_general"])
    an_appointment(cast.teacher.person, cast.school, duty=Duty.TRAINER, is_main=False)
    computed()
    officer = cast.district_officer
    assert names(officer, "state=met") == ["张敏"]
    assert names(officer, "state=short&sort=shortfall") == ["李建国", "王芳"]
    assert sorted(names(officer, "requirement=total&sort=-that")) == ["李建国", "王芳"]
    lacking = {row["姓名"]: row["该项尚缺（学分）"] for row in listed(officer, "requirement=city.it_general")}
    assert lacking == {"李建国": "1.00", "王芳": "1.00"}
    assert names(officer, "lack=1") == ["李建国"]
    assert names(officer, "lack=more") == ["王芳"]
    assert names(officer, "profile=trainer") == ["张敏"]
    assert names(officer, "sort=-shortfall") == ["王芳", "李建国", "张敏"]
    assert names(officer, f"school={cast.school.uuid}&stage=primary&subject=语文&sort=shortfall") == ["张敏", "李建国"]
    assert names(cast.city_officer, f"district={cast.other_district.uuid}&sort=name") == ["刘洋", "赵磊"]
    assert names(officer, "q=李") == ["李建国"]


def test_the_heat_map_counts_those_asked(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    an_appointment(cast.school_officer.person, cast.school, duty=Duty.CLASS_TEACHER, is_main=False)
    computed()
    heat = heat_within(cast.district.scope)
    school = next(row for row in heat.rows if row.organisation == cast.school)
    assert (school.people, school.met, school.asked["class_teacher"], school.asked["city"]) == (2, 1, 1, 2)
    assert (school.share_of("city"), school.share_of("class_teacher")) == (0.5, 0)
    assert [one.id for one in heat.requirements][:2] == ["total", "ethics_literacy"]
    assert "total" not in [item.asked.id for item in heat.missing()]


def test_a_cell_opens_the_people(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    computed()
    officer = client_of(cast.district_officer)
    address = f"/teachers/?school={cast.school.uuid}&requirement=city&sort=-that"
    assert address.replace("&", "&amp;") in text(cast.district_officer, "/teachers/heat/")
    page = officer.get(address).content.decode()
    assert ("张敏</a>" in page, "李建国</a>" in page) == (False, True)


def test_a_city_opens_its_districts_and_nobody_elses(cast: Cast) -> None:
    computed()
    assert f"?district={cast.district.uuid}" in text(cast.city_officer, "/teachers/heat/")
    opened = f"/teachers/heat/?district={cast.district.uuid}"
    assert cast.school.name in text(cast.city_officer, opened)
    assert cast.school.name not in text(cast.stranger_officer, opened)


def test_each_kind_of_account_has_its_map(cast: Cast) -> None:
    an_appointment(cast.teacher.person, cast.school, duty=Duty.PRINCIPAL, is_main=False)
    computed()
    page = text(cast.district_officer, "/teachers/heat/?kind=principal")
    assert "requirement=principal%3Atotal" in page
    assert names(cast.district_officer, "requirement=principal:total") == ["张敏"]


def test_first_pages_show_what_is_missing_most(cast: Cast) -> None:
    computed()
    for user in (cast.school_officer, cast.district_officer, cast.city_officer):
        page = text(user, "/")
        assert "缺得最多" in page
        assert "/teachers/?requirement=" in page


def test_an_officer_has_her_scope_computed_now(cast: Cast) -> None:
    officer = client_of(cast.district_officer)
    answer = officer.post(reverse("standing:refresh"), {"back": "/teachers/heat/"})
    assert (answer.status_code, answer["Location"]) == (302, "/teachers/heat/")
    asked = Job.objects.get(kind=REFRESH)
    assert AuditEvent.objects.filter(action="standing.refresh_asked", subject_uuid=asked.uuid).count() == 1
    page = text(cast.district_officer, "/teachers/")
    assert ("正在计算" in page, f"/jobs/{asked.uuid}/" in page) == (True, True)
    officer.post(reverse("standing:refresh"), {"back": "https://example.com/"})
    assert Job.objects.filter(kind=REFRESH).count() == 1
    perform(asked.uuid)
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.total, asked.result) == ("done", 3, 3, {"persons": 3})
    assert sorted(names(cast.district_officer)) == ["张敏", "李建国", "王芳"]
    assert names(cast.stranger_officer) == []


def test_a_refresh_is_for_officers(cast: Cast) -> None:
    found = {name: client_of(user).post("/teachers/refresh/").status_code for name, user in cast.everyone().items()}
    assert found == {name: 302 if "officer" in name else 403 for name in found}
    assert client_of(None).post("/teachers/refresh/").status_code == 302
    assert Job.objects.filter(kind=REFRESH).count() == 4


def test_a_refresh_is_cancelled_and_what_was_done_stays(cast: Cast) -> None:
    officer = client_of(cast.district_officer)
    officer.post("/teachers/refresh/")
    job = Job.objects.get(kind=REFRESH)
    assert "已经算好的部分有效" in text(cast.district_officer, f"/jobs/{job.uuid}/")
    officer.post(f"/jobs/{job.uuid}/cancel/")
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert "现在更新" in text(cast.district_officer, "/teachers/")


def test_pages_ask_the_database_no_more_when_there_is_more(cast: Cast, django_assert_num_queries: Queries) -> None:
    city, school = client_of(cast.city_officer), client_of(cast.school_officer)
    city.get("/"), school.get("/")
    for _ in range(2):
        a_person(cast.school)
        a_person(cast.other_school)
        computed()
        with django_assert_num_queries(18):
            city.get("/teachers/")
        with django_assert_num_queries(18):
            city.get("/teachers/?requirement=city&state=short&sort=-that")
        with django_assert_num_queries(17):
            school.get("/teachers/")
        with django_assert_num_queries(17):
            city.get("/teachers/heat/")
        with django_assert_num_queries(31):
            city.get("/")


def test_a_supervisor_sees_figures_and_nobody_behind_them(cast: Cast) -> None:
    """督学 reads how many meet what where, changes nothing and opens no list of people (RW-05)."""
    computed()
    supervisor = a_user(a_person(cast.organisations["310101-B"], name="田志刚"))
    a_grant(supervisor, Role.SUPERVISOR, cast.organisations["310101-B"])
    page = text(supervisor, "/teachers/heat/")
    assert cast.school.name in page
    assert cast.other_school.name not in page
    assert 'href="/teachers/?' not in page
    assert "现在更新" not in page
    browser = client_of(supervisor)
    assert browser.get("/teachers/").status_code == 403
    assert browser.post(reverse("standing:refresh"), {}).status_code == 403
    assert browser.get("/teachers/heat/?export=csv").status_code == 200
