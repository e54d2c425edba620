"""Which policy is in force where and when, with the choices of city and district over one another (PR-18)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from rulebook.parameters import BadChoices
from shixun.kernel.refusals import Refusal
from shixun.people.testing import Cast
from shixun.policy.actions import adopt, set_local_rules
from shixun.policy.queries import articles_found, newest_policies, policies_in_force, policy_in_force
from shixun.policy.testing import BUILDER, an_adoption

ON = date(2019, 10, 14)


def choose(organisation: Any, choices: dict[str, Any], valid_from: date = date(2016, 1, 1)) -> None:
    set_local_rules(
        actor=BUILDER,
        at=timezone.now(),
        organisation=organisation,
        policy=newest_policies()["shanghai-2016"],
        choices=choices,
        valid_from=valid_from,
        reason="测试",
    )


def test_a_place_goes_by_the_nearest_adoption_above_it(cast: Cast) -> None:
    an_adoption(cast.city, "shanghai-2016")
    an_adoption(cast.other_district, "shanghai-2021")
    assert policy_in_force(cast.school, ON).policy.id == "shanghai-2016"
    assert policy_in_force(cast.other_school, ON).policy.id == "shanghai-2021"


def test_without_any_adoption_it_is_said_who_can_help(cast: Cast) -> None:
    with pytest.raises(Refusal, match="还没有登记"):
        policy_in_force(cast.school, ON)
    assert policies_in_force([cast.school.path], ON) == {cast.school.path: None}


def test_after_the_last_policy_it_stays_in_force_with_a_notice(cast: Cast) -> None:
    an_adoption(cast.city)
    found = policy_in_force(cast.school, date(2021, 3, 1))
    assert found.policy.id == "shanghai-2016"
    assert found.notice is not None
    assert "执行到 2020年12月31日 为止" in found.notice
    assert policy_in_force(cast.school, date(2020, 12, 31)).notice is None


def test_a_later_policy_follows_on_its_day(cast: Cast) -> None:
    an_adoption(cast.city)
    an_adoption(cast.city, "shanghai-2021", valid_from=date(2021, 1, 1))
    ids = [policy_in_force(cast.school, day).policy.id for day in (date(2020, 12, 31), date(2021, 1, 1))]
    assert ids == ["shanghai-2016", "shanghai-2021"]


def test_two_adoptions_never_cover_the_same_day(cast: Cast) -> None:
    an_adoption(cast.city, valid_until=date(2021, 1, 1))
    with pytest.raises(Refusal, match="已经登记"):
        an_adoption(cast.city, "shanghai-2021", valid_from=date(2020, 1, 1))


def test_before_the_first_adoption_the_first_is_used_and_said(cast: Cast) -> None:
    an_adoption(cast.city)
    found = policy_in_force(cast.school, date(2015, 5, 1))
    assert found.notice is not None
    assert "暂按最早登记的" in found.notice


def test_the_narrower_choice_wins_and_the_rest_is_inherited(cast: Cast) -> None:
    an_adoption(cast.city)
    choose(cast.city, {"minimum": {"city": "5", "district": "12"}})
    choose(cast.district, {"minimum": {"city": "6"}, "switch": {"autonomous_in_level": True}})
    local = policy_in_force(cast.school, ON).local
    assert local.minimum == {"teacher/city": 600, "teacher/district": 1200}
    assert local.switch == {"autonomous_in_level": True}
    assert policy_in_force(cast.other_school, ON).local.minimum == {"teacher/city": 500, "teacher/district": 1200}


def test_any_past_day_is_rebuilt(cast: Cast) -> None:
    an_adoption(cast.city)
    choose(cast.district, {"minimum": {"city": "5"}}, date(2016, 3, 1))
    choose(cast.district, {"minimum": {"city": "7"}}, date(2018, 9, 1))
    days = (date(2016, 2, 29), date(2016, 3, 1), date(2018, 8, 31), date(2018, 9, 1))
    found = [policy_in_force(cast.school, day).local.minimum.get("teacher/city") for day in days]
    assert found == [None, 500, 500, 700]


def test_choices_out_of_range_are_refused_all_together_with_their_articles(cast: Cast) -> None:
    an_adoption(cast.city)
    with pytest.raises(BadChoices) as refused:
        choose(cast.district, {"minimum": {"city": "8", "total": "40", "school": "16"}})
    assert [(error.key, error.article) for error in refused.value.errors] == [
        ("city", "shanghai-2016:学分管理办法:一.1"),
        ("total", "shanghai-2016:学分管理办法:一.1"),
    ]
    assert policy_in_force(cast.school, ON).local.minimum == {}


def test_a_page_of_places_costs_three_queries(cast: Cast, django_assert_num_queries: Callable[..., Any]) -> None:
    an_adoption(cast.city)
    newest_policies()
    for paths in ([cast.school.path], [cast.school.path, cast.sister_school.path, cast.other_school.path]):
        with django_assert_num_queries(3):
            policies_in_force(paths, ON)


def test_an_unknown_policy_cannot_be_adopted(cast: Cast) -> None:
    with pytest.raises(Refusal, match="没有编号为"):
        adopt(actor=BUILDER, at=timezone.now(), organisation=cast.city, policy_id="mars-2099", valid_from=ON)


@pytest.mark.django_db
def test_an_article_is_found_by_its_number_first_and_in_the_policy_in_force(frozen_clock: Any) -> None:
    found = [(hit.title.split()[1], hit.detail) for hit in articles_found(None, ["一.1"], 20)]
    assert found[0] == ("一.1", "上海“十三五”")
    frozen_clock("2022-05-01")
    assert articles_found(None, ["三.2"], 1)[0].detail == "上海“十四五”"
