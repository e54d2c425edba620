"""Standings from the database: accounts apart, on any past day."""

from datetime import date

import pytest
from django.utils import timezone

from shixun.people.choices import Duty
from shixun.people.models import Person
from shixun.people.testing import Cast, a_person, an_appointment
from shixun.policy.actions import set_local_rules
from shixun.policy.queries import newest_policies
from shixun.policy.testing import BUILDER, an_adoption
from shixun.standing.queries import main_standing, standings_for
from shixun.standing.testing import ENOUGH, some_entries

ON = date(2019, 10, 14)


@pytest.fixture(autouse=True)
def _in_force(cast: Cast) -> None:
    an_adoption(cast.city)


def raise_city_minimum(cast: Cast, valid_from: date) -> None:
    set_local_rules(
        actor=BUILDER,
        at=timezone.now(),
        organisation=cast.district,
        policy=newest_policies()["shanghai-2016"],
        choices={"minimum": {"city": "5"}},
        valid_from=valid_from,
        reason="测试",
    )


def shortfall(person: Person, on: date = ON, kind: str = "teacher") -> int:
    return next(found.standing.shortfall for found in standings_for(person, on) if found.subject.kind == kind)


def test_a_teacher_who_has_everything_has_met_the_policy(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    found = main_standing(cast.teacher.person, ON)
    assert found is not None
    assert (found.standing.met, found.standing.total_counted) == (True, 3600)
    assert found.standing.sentence == "您已达标：累计 36.00 学分，20 项要求全部满足。"


def test_any_past_day_is_judged_by_what_was_earned_until_then(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    days = (date(2016, 1, 1), date(2016, 12, 31), date(2019, 9, 9), date(2019, 9, 10))
    assert [shortfall(cast.teacher.person, day) for day in days] == [3600, 3400, 100, 0]


def test_and_by_the_local_rules_of_that_day(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    raise_city_minimum(cast, date(2019, 10, 1))
    assert [shortfall(cast.teacher.person, day) for day in (date(2019, 9, 30), date(2019, 10, 1))] == [0, 100]


def test_a_principals_credits_cover_a_teachers_and_never_the_reverse(cast: Cast) -> None:
    """CL-09."""
    person = a_person(cast.school, duty=Duty.PRINCIPAL)
    some_entries(person, cast.district, ENOUGH[1:])
    assert shortfall(person) == 100
    principals = [("2018-03-01", "city", "ethics", "course", "18", "release")]
    some_entries(person, cast.city, principals, kind="principal")
    assert shortfall(person) == 0
    assert shortfall(person, kind="principal") == 1800
    # The very same kind of credit in the teacher's account does not count for the principal.
    some_entries(person, cast.city, [("2018-04-01", "city", "ethics", "course", "18", "principal")])
    assert shortfall(person, kind="principal") == 1800


def test_yearly_minima_ask_nothing_of_the_years_before_the_duty(cast: Cast) -> None:
    person = cast.teacher.person
    an_appointment(person, cast.school, duty=Duty.TRAINER, is_main=False, valid_from=date(2017, 9, 1))
    found = main_standing(person, ON)
    assert found is not None
    assert [(row.year, row.state) for row in found.standing.yearly] == [(2018, "missed"), (2019, "open")]


def test_without_a_policy_nobody_is_judged(cast: Cast) -> None:
    from shixun.policy.models import Adoption

    Adoption.objects.all().delete()
    assert standings_for(cast.teacher.person, ON) == []
