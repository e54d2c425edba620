"""Standings from the database: accounts apart, any past day, and short ones that equal the long ones."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from shixun.kernel.access import Scope
from shixun.people.choices import Duty, Title
from shixun.people.models import Person
from shixun.people.testing import Cast, a_person, an_appointment
from shixun.policy.actions import set_local_rules
from shixun.policy.queries import newest_policies
from shixun.policy.testing import BUILDER, an_adoption
from shixun.standing.queries import briefs_for, figures_within, main_standing, standings_for, teachers_within
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


def test_short_standings_equal_the_long_ones(cast: Cast) -> None:
    random = Random(5)
    raise_city_minimum(cast, date(2016, 1, 1))
    for number in range(12):
        school = random.choice([cast.school, cast.other_school])
        duty = random.choice([Duty.TEACHER, Duty.MIDDLE_MANAGER, Duty.PROBATION, Duty.PRINCIPAL])
        title = random.choice([Title.MIDDLE, Title.SENIOR])
        person = a_person(school, name=f"教师{number}", duty=duty, title=title)
        some_entries(person, cast.city, sorted(random.sample(ENOUGH, 9)))
    persons = list(teachers_within(Scope(cast.city.path), ON))
    briefs = briefs_for(persons, ON)
    assert len(briefs) == 18
    for person in persons:
        found, brief = [account.standing for account in standings_for(person, ON)], briefs[person.pk]
        assert (brief.need, brief.counted) == (found[0].total_need, found[0].total_counted)
        assert brief.met == all(standing.met for standing in found)
        assert brief.shortfall == sum(standing.shortfall for standing in found)
        short = {(row.name, row.short) for standing in found for row in standing.requirements if row.short}
        assert set(brief.missing) <= short


def test_a_page_of_short_standings_costs_six_queries(cast: Cast, django_assert_num_queries: Callable[..., Any]) -> None:
    newest_policies()
    persons = [cast.teacher.person, cast.school_officer.person, cast.stranger_teacher.person]
    for asked in (persons[:1], persons):
        with django_assert_num_queries(6):
            briefs_for(asked, ON)


def test_figures_count_who_has_met_the_policy(cast: Cast) -> None:
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    figures = figures_within(Scope(cast.school.path), ON)
    assert (figures.teachers, figures.met, figures.short) == (2, 1, 1)


def test_without_a_policy_nobody_is_judged(cast: Cast) -> None:
    from shixun.policy.models import Adoption

    Adoption.objects.all().delete()
    assert standings_for(cast.teacher.person, ON) == []
    assert briefs_for([cast.teacher.person], ON) == {}
