"""Appointments, duties, titles and designations of a day become profiles (PR-07, PR-08, PR-10 … PR-17, PR-20)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from rulebook.policy import shipped_policy
from shixun.people import actions
from shixun.people.choices import DesignationKind, Duty, Title
from shixun.people.models import Organisation, Person
from shixun.people.testing import BUILDER, Cast, a_person, a_school, an_appointment
from shixun.policy.queries import newest_policies
from shixun.policy.testing import an_adoption
from shixun.standing.facts import person_facts_of, subjects_of

ON = date(2019, 10, 14)
POLICY = "shanghai-2016"


@pytest.fixture(autouse=True)
def _in_force(cast: Cast) -> None:
    an_adoption(cast.city)


def profiles(person: Person, on: date = ON, kind: str = "teacher") -> tuple[str, ...]:
    return next(subject.facts.profiles for subject in subjects_of([person], on)[person.pk] if subject.kind == kind)


def kinds(person: Person, on: date = ON) -> list[str]:
    return [subject.kind for subject in subjects_of([person], on)[person.pk]]


def designate(school: Organisation, kind: str, valid_until: date | None = None) -> None:
    since = date(2016, 1, 1)
    actions.designate(
        actor=BUILDER,
        at=timezone.now(),
        organisation=school,
        kind=kind,
        valid_from=since,
        valid_until=valid_until,
    )


def test_a_teacher_is_a_teacher(cast: Cast) -> None:
    assert profiles(cast.teacher.person) == ("teacher",)
    assert kinds(cast.teacher.person) == ["teacher"]


def test_a_professional_development_school_makes_the_base_as_long_as_it_is_one(cast: Cast) -> None:
    designate(cast.school, DesignationKind.PD_SCHOOL, date(2019, 1, 1))
    assert profiles(cast.teacher.person, date(2018, 12, 31)) == ("pd_school",)
    assert profiles(cast.teacher.person, date(2019, 1, 1)) == ("teacher",)


def test_a_vocational_school_makes_the_base(cast: Cast) -> None:
    person = a_person(a_school(cast.district, stage="vocational"))
    assert profiles(person) == ("vocational",)
    designate(cast.school, DesignationKind.VOCATIONAL)
    assert profiles(cast.teacher.person) == ("vocational",)


def test_duties_and_a_senior_title_add_up(cast: Cast) -> None:
    person = a_person(cast.school, title=Title.SENIOR)
    for duty in (Duty.CLASS_TEACHER, Duty.TRAINER, Duty.MIDDLE_MANAGER, Duty.COLLEGE_HEAD, Duty.DUAL_QUALIFIED):
        an_appointment(person, cast.school, duty=duty, is_main=False)
    assert set(profiles(person)) == {
        "teacher",
        "class_teacher",
        "trainer",
        "middle_manager",
        "college_head",
        "dual_qualified",
        "senior",
    }


def test_a_duty_counts_on_its_days_only(cast: Cast) -> None:
    person = cast.teacher.person
    an_appointment(
        person,
        cast.school,
        duty=Duty.CLASS_TEACHER,
        is_main=False,
        valid_from=date(2018, 9, 1),
        valid_until=date(2019, 7, 1),
    )
    assert profiles(person, date(2018, 8, 31)) == ("teacher",)
    assert profiles(person, date(2018, 9, 1)) == ("teacher", "class_teacher")
    assert profiles(person, date(2019, 7, 1)) == ("teacher",)


def test_senior_since_the_first_senior_title(cast: Cast) -> None:
    person = a_person(cast.school, title=Title.MIDDLE, valid_until=date(2017, 9, 1))
    an_appointment(person, cast.school, title=Title.SENIOR, valid_from=date(2017, 9, 1), valid_until=date(2019, 1, 1))
    an_appointment(person, cast.school, title=Title.FULL_SENIOR, valid_from=date(2019, 1, 1))
    assert subjects_of([person], ON)[person.pk][0].facts.senior_on == date(2017, 9, 1)
    assert subjects_of([person], date(2017, 8, 31))[person.pk][0].facts.senior_on is None


def test_released_for_study(cast: Cast) -> None:
    person = cast.teacher.person
    assert not subjects_of([person], ON)[person.pk][0].facts.released
    an_appointment(person, cast.school, duty=Duty.RELEASED_STUDY, is_main=False)
    assert subjects_of([person], ON)[person.pk][0].facts.released


def test_a_principal_is_judged_in_two_accounts(cast: Cast) -> None:
    person = a_person(cast.school, duty=Duty.PRINCIPAL)
    assert kinds(person) == ["teacher", "principal"]
    assert profiles(person, kind="principal") == ("principal",)
    assert profiles(person) == ("teacher",)


def test_on_probation_only_the_probation_account_is_judged(cast: Cast) -> None:
    person = a_person(cast.school, duty=Duty.PROBATION)
    assert kinds(person) == ["probation"]
    assert profiles(person, kind="probation") == ("probation",)


def test_whoever_has_left_is_judged_where_she_was_last(cast: Cast) -> None:
    person = a_person(cast.school, valid_until=date(2018, 7, 1))
    assert [subject.home for subject in subjects_of([person], ON)[person.pk]] == [cast.school]
    assert subjects_of([person], date(2015, 12, 31)) == {person.pk: []}


def test_a_policy_that_does_not_know_a_profile_asks_nothing_for_it(cast: Cast) -> None:
    person = a_person(cast.school, title=Title.SENIOR)
    an_appointment(person, cast.school, duty=Duty.CLASS_TEACHER, is_main=False)
    assert person_facts_of(person, shipped_policy("kunming-2015"), ON).profiles == ("teacher",)
    assert person_facts_of(person, shipped_policy(POLICY), ON).profiles == ("teacher", "class_teacher", "senior")
    with pytest.raises(LookupError):
        person_facts_of(person, shipped_policy(POLICY), date(2015, 1, 1))


def test_many_persons_cost_as_many_queries_as_one(cast: Cast, django_assert_num_queries: Callable[..., Any]) -> None:
    newest_policies()
    persons = [cast.teacher.person, cast.school_officer.person, cast.stranger_teacher.person]
    for asked in (persons[:1], persons):
        with django_assert_num_queries(5):
            subjects_of(asked, ON)
