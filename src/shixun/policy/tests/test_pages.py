"""The public pages of policies for everybody, and those of local rules for the cast (PR-18)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from shixun.approvals.models import Case
from shixun.kernel.models import AuditEvent
from shixun.people.testing import Cast, client_of, statuses
from shixun.policy import urls
from shixun.policy.models import LocalRules
from shixun.policy.queries import newest_policies
from shixun.policy.testing import an_adoption
from shixun.policy.tests.test_in_force import choose

pytestmark = pytest.mark.usefixtures("frozen_clock")
Queries = Callable[..., Any]
ARTICLE = "学分管理办法:一.1"
EVERYBODY = dict.fromkeys(
    (
        "teacher",
        "school_officer",
        "district_officer",
        "city_officer",
        "stranger_teacher",
        "stranger_officer",
        "anonymous",
    ),
    200,
)
SIGNED_IN = {**EVERYBODY, "anonymous": 302}
OUR_DISTRICT = {**SIGNED_IN, "stranger_teacher": 403, "stranger_officer": 403}
ITS_OFFICER = {**dict.fromkeys(EVERYBODY, 403), "district_officer": 200, "anonymous": 302}


@pytest.fixture(autouse=True)
def _in_force(cast: Cast) -> None:
    an_adoption(cast.city)


def text(user: Any, address: str, status: int = 200) -> str:
    response = client_of(user).get(address)
    assert response.status_code == status
    return response.content.decode()


def test_no_address_is_without_a_guard() -> None:
    patterns = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
    assert [pattern.name for pattern in patterns if not hasattr(pattern.callback, "guard")] == []


@pytest.mark.parametrize(
    "address",
    [
        "/policy/",
        "/policy/shanghai-2016/",
        f"/policy/shanghai-2016/{ARTICLE}/",
        "/policy/shanghai-2016/cases/",
        "/conversion/",
    ],
)
def test_policies_are_public(cast: Cast, address: str) -> None:
    assert statuses(cast, address) == EVERYBODY


@pytest.mark.parametrize("policy_id", ["beijing-2016", "kunming-2015", "shanghai-2021", "zhejiang-2016"])
def test_every_shipped_policy_has_its_pages(cast: Cast, policy_id: str) -> None:
    policy = newest_policies()[policy_id]
    assert policy.short_name in text(None, f"/policy/{policy_id}/")
    for article in policy.articles.values():
        assert article.title in text(None, reverse("policy:article", args=(policy_id, article.id.partition(":")[2])))


def test_what_is_assumed_is_shown_as_such(cast: Cast) -> None:
    assert "推定" in text(None, "/policy/shanghai-2021/")


@pytest.mark.parametrize("address", ["/policy/mars-2099/", "/policy/shanghai-2016/学分管理办法:九.9/"])
def test_an_unknown_policy_or_article_is_not_found(cast: Cast, address: str) -> None:
    text(None, address, 404)


def test_an_article_shows_text_rules_cases_and_what_is_unclear(cast: Cast) -> None:
    page = text(None, f"/policy/shanghai-2016/{ARTICLE}/")
    for words in ("每位教师在五年内累计培训不少于36学分", "市级知识与技能", "3.00 至 5.00", "与计算一致", "AMB-01"):
        assert words in page
    assert "黄浦区" not in page


def test_an_article_shows_my_district_the_value_it_has_chosen(cast: Cast) -> None:
    choose(cast.district, {"minimum": {"city": "5.5"}})
    assert '<span class="chosen">5.50 学分</span>' in text(cast.teacher, f"/policy/shanghai-2016/{ARTICLE}/")
    assert "5.50" not in text(cast.stranger_teacher, f"/policy/shanghai-2016/{ARTICLE}/")


def test_articles_are_found_by_their_words(cast: Cast) -> None:
    assert "三.3 校长学分可冲抵教师学分" in text(cast.teacher, "/search/?q=校长学分可冲抵")


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("rule=course-hours&hours=10", "0.80"),
        ("rule=practice-term&sessions=10&lectures=1&minutes=120", "1.00"),
        ("rule=practice-term&sessions=10&lectures=2&minutes=120", "0.00"),
    ],
)
def test_hours_are_converted(cast: Cast, query: str, answer: str) -> None:
    page = text(None, f"/conversion/?policy=shanghai-2016&{query}")
    assert f'<span class="answer-figure num">{answer}</span>' in page


def test_hours_that_are_no_number_are_named(cast: Cast) -> None:
    assert "“十”不是不小于 0" in text(None, "/conversion/?policy=shanghai-2016&rule=course-hours&hours=十")


def test_a_districts_reading_of_the_remainder_is_used(cast: Cast) -> None:
    choose(cast.district, {"switch": {"remainder_accumulates": True}})
    query = "/conversion/?policy=shanghai-2016&rule=course-hours&hours=10&carried=2"
    assert '<span class="answer-figure num">1.20</span>' in text(cast.teacher, query)
    assert '<span class="answer-figure num">0.80</span>' in text(None, query)


def test_one_sees_the_rules_of_ones_own_area(cast: Cast) -> None:
    address = reverse("policy:local-rules", kwargs={"uuid": cast.district.uuid})
    assert statuses(cast, address) == OUR_DISTRICT
    assert statuses(cast, "/local-rules/") == {**dict.fromkeys(SIGNED_IN, 302)}
    assert client_of(cast.teacher).get("/local-rules/").headers["Location"] == address


def test_only_the_districts_officer_changes_its_rules(cast: Cast) -> None:
    address = reverse("policy:change-local-rules", kwargs={"uuid": cast.district.uuid})
    assert statuses(cast, address) == ITS_OFFICER
    posted = {name: client_of(user).post(address).status_code for name, user in cast.everyone().items()}
    assert posted == {**dict.fromkeys(posted, 403), "district_officer": 422}
    assert LocalRules.objects.count() == 0


def test_only_the_city_compares(cast: Cast) -> None:
    expected = {**dict.fromkeys(EVERYBODY, 403), "city_officer": 200, "anonymous": 302}
    assert statuses(cast, "/local-rules/compare/") == expected


def test_a_citys_own_change_goes_through_form_and_preview_into_force(cast: Cast) -> None:
    client = client_of(cast.city_officer)
    address = reverse("policy:change-local-rules", kwargs={"uuid": cast.city.uuid})
    form = {
        "valid_from": "2019-11-01",
        "reason": "第3次办公会议",
        "after": "0",
        "minimum:teacher/city": "5",
        "switch:reduction_by_entry_year": "yes",
        "reduction:entry:2018": "0.70",
    }
    preview = client.post(address, {**form, "step": "preview"}).content.decode()
    for words in ("以下 3 项自 2019年11月1日起施行", "沿用（4.00）", "5.00", "2018 年 0.70", "确认施行"):
        assert words in preview
    assert LocalRules.objects.count() == 0
    assert client.post(address, {**form, "step": "apply"}).status_code == 302
    rules = LocalRules.objects.get()
    assert rules.choices == {
        "minimum": {"teacher/city": "5"},
        "switch": {"reduction_by_entry_year": True},
        "reduction": {"entry": {"2018": "0.70"}},
    }
    assert (rules.version, rules.valid_from, rules.actor) == (1, date(2019, 11, 1), cast.city_officer)
    assert AuditEvent.objects.filter(action="local_rules.set", subject_uuid=rules.uuid).count() == 1
    page = reverse("policy:local-rules", kwargs={"uuid": cast.city.uuid})
    assert "全部按上级或文件的默认值执行" in text(cast.city_officer, page)
    later = text(cast.city_officer, f"{page}?as_of=2019-11-01")
    assert "第 1 版" in later
    assert '<span class="chosen">5.00</span>' in later


def test_refused_choices_keep_everything_that_was_typed(cast: Cast) -> None:
    address = reverse("policy:change-local-rules", kwargs={"uuid": cast.district.uuid})
    form = {
        "valid_from": "2019-11-01",
        "reason": "",
        "minimum:teacher/city": "8",
        "minimum:teacher/district": "十二",
        "minimum:teacher/school": "16",
        "step": "apply",
    }
    response = client_of(cast.district_officer).post(address, form)
    page = response.content.decode()
    assert response.status_code == 422
    for words in (
        "有 3 处需要修改",
        "只能在 4.00 至 7.00 之间（依据 学分管理办法 一.1）",
        "请写明理由",
        'value="十二"',
    ):
        assert words in page
    assert 'value="16"' in page
    assert LocalRules.objects.count() == 0


def test_two_officers_do_not_overwrite_each_other(cast: Cast) -> None:
    choose(cast.district, {"minimum": {"city": "5"}})
    address = reverse("policy:change-local-rules", kwargs={"uuid": cast.district.uuid})
    form = {"valid_from": "2019-11-01", "reason": "r", "after": "0", "minimum:teacher/city": "6", "step": "apply"}
    response = client_of(cast.district_officer).post(address, form)
    assert response.status_code == 409
    assert "已由他人改动" in response.content.decode()


def test_the_city_sees_its_districts_side_by_side(cast: Cast) -> None:
    choose(cast.district, {"minimum": {"city": "5"}})
    choose(cast.other_district, {"switch": {"autonomous_in_level": True}})
    page = text(cast.city_officer, "/local-rules/compare/")
    for words in ("黄浦区", "徐汇区", '<span class="chosen">5.00</span>', '<span class="chosen">是</span>'):
        assert words in page


def test_pages_ask_the_database_no_more_when_there_is_more(cast: Cast, django_assert_num_queries: Queries) -> None:
    officer, city = client_of(cast.district_officer), client_of(cast.city_officer)
    address = reverse("policy:local-rules", kwargs={"uuid": cast.district.uuid})
    # The first visit also writes the chosen role into the session.
    officer.get(address), city.get("/local-rules/compare/")
    for versions in (1, 2):
        for _ in range(versions):
            choose(cast.district, {"minimum": {"city": "5"}})
        with django_assert_num_queries(16):
            officer.get(address)
        with django_assert_num_queries(12):
            city.get("/local-rules/compare/")
    with django_assert_num_queries(1):
        client_of(None).get("/policy/shanghai-2016/")


def test_saving_the_form_keeps_what_the_rules_say_of_claims(cast: Cast) -> None:
    """The form has no fields for claims (CL-05); what was opened by other means outlives the next filing."""
    choose(cast.district, {"claim": {"loan": {"open": True}}})
    address = reverse("policy:change-local-rules", kwargs={"uuid": cast.district.uuid})
    form = {"valid_from": "2019-11-01", "reason": "r", "after": "1", "minimum:teacher/city": "6", "step": "apply"}
    assert client_of(cast.district_officer).post(address, form).status_code == 302
    choices = Case.objects.get(flow="policy.filing").content["choices"]
    assert choices["claim"] == {"loan": {"open": True}}
    assert choices["minimum"]
