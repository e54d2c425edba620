"""Every page asked by the cast: one's own credits, a teacher's as her officers see them, the list (RW-05, AR-01)."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, reverse
from django.utils import timezone

from shixun.kernel import clock
from shixun.ledger.actions import reverse_entry
from shixun.ledger.queries import entries_of
from shixun.people.choices import Duty
from shixun.people.organisations.actions import change_organisations
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.plans import Plan
from shixun.people.testing import Cast, a_person, actor_for, an_appointment, client_of, statuses
from shixun.policy.testing import BUILDER, an_adoption
from shixun.standing import urls
from shixun.standing.testing import ENOUGH, computed, some_entries

pytestmark = pytest.mark.usefixtures("frozen_clock")
Queries = Callable[..., Any]
HERS_AND_ABOVE = {
    "teacher": 200,
    "school_officer": 200,
    "district_officer": 200,
    "city_officer": 200,
    "stranger_teacher": 403,
    "stranger_officer": 403,
    "anonymous": 302,
}
OWN = {**dict.fromkeys(HERS_AND_ABOVE, 200), "anonymous": 302}
OFFICERS = {**HERS_AND_ABOVE, "teacher": 403, "stranger_officer": 200}


@pytest.fixture(autouse=True)
def _in_force(cast: Cast) -> None:
    an_adoption(cast.city)


def text(user: Any, address: str, status: int = 200) -> str:
    response = client_of(user).get(address)
    assert response.status_code == status
    return response.content.decode()


def person_address(cast: Cast, name: str = "person", **arguments: Any) -> str:
    return reverse(f"standing:{name}", kwargs={"uuid": cast.teacher.person.uuid, **arguments})


def test_no_address_is_without_a_guard() -> None:
    patterns = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
    assert [pattern.name for pattern in patterns if not hasattr(pattern.callback, "guard")] == []


@pytest.mark.parametrize("address", ["/credits/", "/credits/statement/"])
def test_everybody_sees_her_own_credits(cast: Cast, address: str) -> None:
    assert statuses(cast, address) == OWN
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    assert statuses(cast, address) == OWN


@pytest.mark.parametrize("name", ["person", "person-statement"])
def test_a_teachers_credits_are_for_her_and_her_officers(cast: Cast, name: str) -> None:
    assert statuses(cast, person_address(cast, name)) == HERS_AND_ABOVE


def test_so_is_each_line(cast: Cast) -> None:
    entry = some_entries(cast.teacher.person, cast.district, ENOUGH)[0]
    assert statuses(cast, person_address(cast, "person-entry", entry=entry)) == HERS_AND_ABOVE


def test_a_line_of_somebody_else_is_not_found_among_ones_own(cast: Cast) -> None:
    entry = some_entries(cast.teacher.person, cast.district, ENOUGH)[0]
    text(cast.teacher, f"/credits/entries/{entry}/")
    text(cast.stranger_teacher, f"/credits/entries/{entry}/", 404)
    other = reverse("standing:person-entry", kwargs={"uuid": cast.school_officer.person.uuid, "entry": entry})
    text(cast.school_officer, other, 404)


def test_nobody_by_that_number(cast: Cast) -> None:
    text(cast.city_officer, reverse("standing:person", kwargs={"uuid": uuid4()}), 404)


def test_the_list_is_for_officers(cast: Cast) -> None:
    assert statuses(cast, "/teachers/") == OFFICERS


def test_an_officer_lists_her_own_scope(cast: Cast) -> None:
    computed()
    found = {
        name: [person for person in ("张敏", "李建国", "刘洋") if person in _names(user)]
        for name, user in cast.everyone().items()
        if "officer" in name
    }
    assert found == {
        "school_officer": ["张敏", "李建国"],
        "district_officer": ["张敏", "李建国"],
        "city_officer": ["张敏", "李建国", "刘洋"],
        "stranger_officer": ["刘洋"],
    }


def _names(user: Any) -> list[str]:
    content = client_of(user).get("/teachers/?export=csv")
    rows = csv.DictReader(io.StringIO(b"".join(content.streaming_content).decode("utf-8-sig")))
    return [row["姓名"] for row in rows]


def test_the_standing_says_what_is_missing_and_what_closes_it(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, [row for row in ENOUGH if row[5] != "it_general"])
    page = text(cast.teacher, "/credits/")
    for words in (
        "您还缺 1.00 学分：市级知识与技能（信息技术通识） 1.00",
        "怎么补",
        "为什么至少还缺 1.00",
        "还有 444 天",
    ):
        assert words in page
    assert "张敏还缺 1.00 学分" in text(cast.school_officer, person_address(cast))


def test_offsets_are_shown_with_their_article(cast: Cast) -> None:
    moved = [*ENOUGH[:4], *ENOUGH[5:], ("2018-10-21", "city", "knowledge", "course", "6", "")]
    some_entries(cast.teacher.person, cast.district, moved)
    page = text(cast.teacher, "/credits/")
    assert "由市级知识与技能冲抵计入" in page
    assert "/policy/shanghai-2016/%E5%AD%A6%E5%88%86%E7%AE%A1%E7%90%86%E5%8A%9E%E6%B3%95:%E4%B8%89.2/" in page


def test_a_past_day_before_a_school_moved_says_by_whose_rules_it_is_computed(cast: Cast) -> None:
    plan = Plan(Kind.MOVED, (cast.school,), date(2019, 9, 1), "区划调整", "文〔1〕", parent=cast.other_district)
    change_organisations(actor=actor_for(cast.city_officer), at=clock.now(), plan=plan)
    words = "黄浦区示范小学那一天属于黄浦区，示范市。区划以现在为准：这里按现在所属的徐汇区的政策和本区规则计算。"
    assert words in text(cast.teacher, "/credits/?as_of=2019-08-31")
    assert "区划以现在为准" not in text(cast.teacher, "/credits/?as_of=2019-09-01")


def test_a_past_day_is_shown_as_such_and_a_future_one_is_today(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    past = text(cast.teacher, "/credits/?as_of=2016-12-31")
    assert "您还缺 34.00 学分" in past
    assert "这是过去某一天的情况" in past
    assert "您已达标" in text(cast.teacher, "/credits/?as_of=2030-01-01")
    assert "“昨天”不是日期" in text(cast.teacher, "/credits/?as_of=昨天")
    assert "2030年1月1日还没有到" in text(cast.teacher, "/credits/?as_of=2030-01-01")


def test_before_the_first_appointment_the_page_says_why_it_is_empty(cast: Cast) -> None:
    assert "还不能计算您的学分完成情况" in text(cast.teacher, "/credits/?as_of=2010-01-01")


def test_years_missed_stand_beside(cast: Cast) -> None:
    an_appointment(cast.teacher.person, cast.school, duty=Duty.TRAINER, is_main=False)
    page = text(cast.teacher, "/credits/")
    assert "有年度未达标" in page
    assert "每年的要求" in page


def test_each_account_has_its_own_part(cast: Cast) -> None:
    an_appointment(cast.teacher.person, cast.school, duty=Duty.PRINCIPAL, is_main=False)
    page = text(cast.teacher, "/credits/")
    assert "教师账户" in page
    assert "校长账户" in page


def test_the_statement_runs_like_a_banks(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    page = text(cast.teacher, "/credits/statement/?level=city&tag=it_general")
    assert '共 <span class="num">1</span> 条明细' in page
    response = client_of(cast.teacher).get("/credits/statement/?level=city&export=csv")
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = [
        (row["取得日期"], row["级别"], row["学分"], row["累计（学分）"]) for row in csv.DictReader(io.StringIO(content))
    ]
    assert rows == [
        ("2017-05-20", "市级", "2.00", "7.00"),
        ("2016-11-05", "市级", "1.00", "2.00"),
        ("2016-10-15", "市级", "1.00", "1.00"),
    ]


def test_a_corrected_line_says_so_and_leads_to_its_correction(cast: Cast) -> None:
    uuid = some_entries(cast.teacher.person, cast.district, ENOUGH)[0]
    entry = entries_of(cast.teacher.person).get(uuid=uuid)
    correction = reverse_entry(
        actor=BUILDER, at=timezone.now(), entry=entry, reason="重复登记", idempotency_key="correction"
    )
    page = text(cast.teacher, f"/credits/entries/{uuid}/")
    assert "这条明细已经更正" in page
    assert f"/credits/entries/{correction.uuid}/" in page
    assert f"/credits/entries/{uuid}/" in text(cast.teacher, f"/credits/entries/{correction.uuid}/")


def test_a_line_names_the_requirements_it_serves(cast: Cast) -> None:
    entry = some_entries(cast.teacher.person, cast.district, ENOUGH)[2]
    page = text(cast.teacher, f"/credits/entries/{entry}/")
    for name in ("总学分", "知识与技能", "市级", "市级知识与技能", "市级信息技术通识"):
        assert f"<span>{name}</span>" in page


def test_first_pages_show_the_standing(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, [row for row in ENOUGH if row[5] != "it_general"])
    home = text(cast.teacher, "/")
    assert "您还缺 1.00 学分" in home
    assert 'href="/credits/#ways"' in home
    assert "/teachers/?state=short" not in text(cast.school_officer, "/")
    computed()
    assert "/teachers/?state=short" in text(cast.school_officer, "/")
    assert "张敏还缺 1.00 学分" in text(
        cast.school_officer, reverse("people:person", kwargs={"uuid": cast.teacher.person.uuid})
    )


def test_pages_ask_the_database_no_more_when_there_is_more(cast: Cast, django_assert_num_queries: Queries) -> None:
    teacher, officer = client_of(cast.teacher), client_of(cast.school_officer)
    # The first visit also writes the chosen role into the session.
    teacher.get("/credits/"), officer.get("/")
    for more in (1, 2):
        some_entries(cast.teacher.person, cast.district, ENOUGH[more : more + 1])
        a_person(cast.school)
        with django_assert_num_queries(10):
            teacher.get("/credits/")
        with django_assert_num_queries(12):
            teacher.get("/credits/statement/")
        with django_assert_num_queries(13):
            officer.get(person_address(cast))
