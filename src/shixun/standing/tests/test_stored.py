"""Stored standings equal the single computation, are the same however often they are written, and follow changes."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from shixun.kernel import clock
from shixun.kernel.schedule import enqueue_due
from shixun.ledger.actions import reverse_entry
from shixun.ledger.queries import entries_of
from shixun.people import actions as people
from shixun.people.choices import DesignationKind, Duty, Title
from shixun.people.models import Person
from shixun.people.testing import Cast, a_person, an_appointment
from shixun.policy.actions import set_local_rules
from shixun.policy.models import LocalRules
from shixun.policy.queries import newest_policies
from shixun.policy.testing import BUILDER, an_adoption
from shixun.standing.actions import refresh_standings
from shixun.standing.models import Measure, StandingGap, StoredStanding, Watermark
from shixun.standing.queries import (
    Difference,
    differences_of,
    differing_sums,
    is_behind,
    judged_of,
    outlook_of_rules,
    persons_to_check,
    stored_figures,
    stored_within,
)
from shixun.standing.testing import ENOUGH, computed, some_entries

pytestmark = pytest.mark.usefixtures("frozen_clock")
ON = date(2019, 10, 14)
Queries = Callable[..., Any]


@pytest.fixture(autouse=True)
def _in_force(cast: Cast) -> None:
    an_adoption(cast.city)


def a_population(cast: Cast) -> None:
    random = Random(5)
    choose(cast, {"minimum": {"city": "5"}})
    for number in range(12):
        school = random.choice([cast.school, cast.other_school])
        duty = random.choice([Duty.TEACHER, Duty.MIDDLE_MANAGER, Duty.PROBATION, Duty.PRINCIPAL])
        title = random.choice([Title.MIDDLE, Title.SENIOR])
        person = a_person(school, name=f"教师{number}", duty=duty, title=title)
        some_entries(person, cast.city, sorted(random.sample(ENOUGH, 9)))
        some_entries(person, cast.city, sorted(random.sample(ENOUGH, 3)), kind="principal")


def choose(cast: Cast, choices: dict[str, Any]) -> None:
    set_local_rules(
        actor=BUILDER,
        at=timezone.now(),
        organisation=cast.district,
        policy=newest_policies()["shanghai-2016"],
        choices=choices,
        valid_from=date(2016, 1, 1),
        reason="测试",
    )


def differing() -> list[str]:
    assert differing_sums() == []
    return [found.name for found in _differences()]


def _differences() -> list[Difference]:
    return list(differences_of(persons_to_check(ON, samples=None), ON))


def shortfall(person: Person) -> int:
    return StoredStanding.objects.get(person=person, is_main=True).person_short


def contents() -> list[Any]:
    rows = StoredStanding.objects.order_by("person", "kind").values_list("person", "kind", "shortfall", "measure__key")
    gaps = StandingGap.objects.order_by("person", "kind", "requirement").values_list("person", "kind", "short", "path")
    return [*rows, *gaps]


def test_stored_standings_equal_the_single_computation(cast: Cast) -> None:
    """AR-01: accounts apart, several profiles, local rules of one district."""
    a_population(cast)
    assert computed() == 18
    assert StoredStanding.objects.filter(is_main=True).count() == 18
    assert StoredStanding.objects.filter(kind="principal").exists()
    assert differing() == []


def test_the_same_refresh_twice_writes_the_same(cast: Cast) -> None:
    a_population(cast)
    computed()
    first, measures = contents(), Measure.objects.count()
    refresh_standings(actor=BUILDER, at=clock.now(), scope=cast.city.scope, on=ON)
    assert contents() == first
    assert Measure.objects.count() == measures


def test_a_wrong_row_is_found_by_name(cast: Cast) -> None:
    computed()
    StoredStanding.objects.filter(person=cast.teacher.person).update(shortfall=1)
    StandingGap.objects.filter(person=cast.stranger_teacher.person, requirement="city").delete()
    StandingGap.objects.filter(person=cast.district_officer.person).delete()
    StoredStanding.objects.filter(person=cast.district_officer.person).delete()
    assert {(path, requirement) for path, _, requirement in differing_sums()} >= {(cast.other_school.path, "city")}
    assert sorted(found.name for found in _differences()) == sorted(["张敏", "刘洋", "王芳"])
    refresh_standings(actor=BUILDER, at=clock.now(), scope=cast.city.scope, on=ON)
    assert differing() == []


def test_a_posting_a_reversal_and_nothing_else_is_followed(cast: Cast) -> None:
    computed()
    assert not is_behind()
    entry = some_entries(cast.teacher.person, cast.district, ENOUGH)[0]
    assert is_behind()
    assert computed() == 1
    assert shortfall(cast.teacher.person) == 0
    posted = entries_of(cast.teacher.person).get(uuid=entry)
    reverse_entry(actor=BUILDER, at=timezone.now(), entry=posted, reason="重复登记", idempotency_key="again")
    assert computed() == 1
    assert shortfall(cast.teacher.person) == 100
    assert not is_behind()


def test_who_moves_is_followed_and_who_leaves_goes(cast: Cast) -> None:
    computed()
    person = cast.teacher.person
    held = person.appointments.get()
    people.end_appointment(actor=BUILDER, at=timezone.now(), appointment=held, on=ON)
    assert computed() == 1
    assert not StoredStanding.objects.filter(person=person).exists()
    assert not StandingGap.objects.filter(person=person).exists()
    an_appointment(person, cast.other_school, valid_from=ON)
    computed()
    assert StoredStanding.objects.get(person=person).home == cast.other_school
    assert differing() == []


def test_rules_and_qualities_concern_their_place(cast: Cast) -> None:
    for user in cast.everyone().values():
        some_entries(user.person, cast.district, ENOUGH)
    computed()
    assert [stored_figures(stored_within(place.scope)).met for place in (cast.district, cast.other_district)] == [3, 2]
    choose(cast, {"minimum": {"city": "5"}})
    assert computed() >= 3
    assert [stored_figures(stored_within(place.scope)).met for place in (cast.district, cast.other_district)] == [0, 2]
    people.designate(
        actor=BUILDER,
        at=timezone.now(),
        organisation=cast.other_school,
        kind=DesignationKind.PD_SCHOOL,
        valid_from=date(2016, 1, 1),
    )
    computed()
    assert StoredStanding.objects.get(person=cast.stranger_teacher.person).measure.profiles == "pd_school"
    assert differing() == []


def test_a_new_day_is_a_new_standing_for_everybody(cast: Cast, frozen_clock: Callable[[str], Any]) -> None:
    computed()
    frozen_clock("2019-10-15")
    assert is_behind()
    assert computed() == 6
    assert set(StoredStanding.objects.values_list("on", flat=True)) == {date(2019, 10, 15)}


def test_what_was_being_written_at_the_last_reading_is_read_again(cast: Cast) -> None:
    """A number is given out before its transaction ends, so a later reading goes back by a quarter of an hour."""
    computed()
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    latest = Watermark.objects.latest("pk")
    Watermark.objects.create(
        entry=latest.entry + 99,
        event=latest.event,
        on=ON,
        at=latest.at,
        read_at=latest.read_at + timedelta(minutes=1),
    )
    assert is_behind()
    assert computed() == 1
    assert shortfall(cast.teacher.person) == 0


def test_the_tick_calls_the_worker_once(cast: Cast) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=1)
    assert "shixun.standing.tasks.follow" in enqueue_due(midnight)
    assert "shixun.standing.tasks.follow" not in enqueue_due(midnight)


def test_a_thousand_cost_as_many_queries_as_one(cast: Cast, django_assert_num_queries: Queries) -> None:
    newest_policies()
    persons = [cast.teacher.person.pk, cast.school_officer.person.pk, cast.stranger_teacher.person.pk]
    for asked in (persons[:1], persons):
        with django_assert_num_queries(8):
            judged_of(asked, ON)


def test_what_filed_rules_would_make_of_the_people(cast: Cast) -> None:
    """Beside the decision of a filing: who would newly fall short, who would newly be met (PR-18, CL-12)."""
    before, after = a_person(cast.school), a_person(cast.school)
    some_entries(before, cast.city, ENOUGH)
    some_entries(after, cast.city, ENOUGH[:1])
    rules = LocalRules(
        organisation=cast.district,
        policy_id="shanghai-2016",
        version=1,
        valid_from=date(2020, 1, 1),
        choices={"minimum": {"city": "5"}},
        reason="区局会议",
    )
    outlook = outlook_of_rules(rules, ON)
    assert (outlook.newly_short, outlook.newly_met, outlook.met_before, outlook.met_after) == (1, 0, 1, 0)
    others = LocalRules(organisation=cast.other_district, policy_id="shanghai-2016", version=1, choices={})
    elsewhere = outlook_of_rules(others, ON)
    assert (elsewhere.newly_short, elsewhere.newly_met) == (0, 0)
    choose(cast, {"minimum": {"city": "5"}})
    back = LocalRules(organisation=cast.district, policy_id="shanghai-2016", version=2, choices={}, reason="恢复")
    assert (outlook_of_rules(back, ON).newly_met, outlook_of_rules(back, ON).newly_short) == (1, 0)
