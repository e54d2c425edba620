"""The record file: everything by year, claims with evidence and decisions, sealed at the end of a cycle (AR-01)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shixun.kernel import clock, triggers
from shixun.people.choices import Role
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_user, actor_for, client_of, statuses
from shixun.recognition.actions.deciding import adjust_claim
from shixun.recognition.certificates.record_file import record_of
from shixun.recognition.certificates.sealing import GRACE, seal_ended_cycles, seals_hold
from shixun.recognition.models import Claim
from shixun.recognition.testing import RAW, handed_in, moved
from shixun.standing.testing import ENOUGH, some_entries

END = timezone.make_aware(datetime(2020, 12, 31, 9)) + GRACE + timedelta(days=1)


@pytest.fixture
def region(town: Cast, frozen_clock: Any) -> Cast:
    """The teacher has entries of four years and two claims of 2019: one recognised after an adjustment, one refused."""
    some_entries(town.teacher.person, town.district, ENOUGH)
    me, school, district = (actor_for(user) for user in (town.teacher, town.school_officer, town.district_officer))
    good = moved(handed_in(me, me.person), (school, "school_pass"))
    frozen_clock("2019-10-14T09:10:00+08:00")
    adjust_claim(actor=district, at=clock.now(), claim=good, hours=800, memo="证书为 8 学时")
    frozen_clock("2019-10-14T09:20:00+08:00")
    moved(good, (district, "district_pass"))
    bad = handed_in(me, me.person, number="SJ-2", programme="寒假教师研修")
    moved(bad, (school, "school_refuse"), reason="证书不清楚")
    return town


def test_a_claim_stands_in_its_year_with_evidence_and_decisions(region: Cast) -> None:
    person = region.teacher.person
    years = {year.year: year for year in record_of(person, actor_for(region.teacher))}
    assert sorted(years) == [2016, 2017, 2018, 2019]
    bad, good = sorted(years[2019].claims, key=lambda told: told.claim.credits > 0 and told.claim.posted_at is not None)
    assert [one.title for one in good.decisions] == ["提交", "校级通过", "核定为 8.00 学时、0.80 学分", "区县通过"]
    assert [one.reason for one in bad.decisions][-1] == "证书不清楚"
    assert [piece.file.name for piece in good.evidence] == ["证书.jpg"]
    assert good.may_open


def test_the_page_asks_the_same_number_of_questions(region: Cast, django_assert_num_queries: Any) -> None:
    client = client_of(region.teacher)
    client.get("/record/")
    with django_assert_num_queries(18) as asked:
        page = client.get("/record/").content.decode()
    for words in (RAW["digital-resource"]["programme"], "证书.jpg", "证书为 8 学时", "登记到学分账户", "校级不通过"):
        assert words in page
    me = actor_for(region.teacher)
    for number in ("SJ-3", "SJ-4"):
        handed_in(me, me.person, number=number, programme=f"研修{number}")
    with django_assert_num_queries(len(asked)):
        client.get("/record/")


def test_the_cast_of_four(region: Cast) -> None:
    assert statuses(region, f"/record/{region.teacher.person.uuid}/") == {
        "teacher": 200,
        "school_officer": 200,
        "district_officer": 200,
        "city_officer": 200,
        "stranger_teacher": 403,
        "stranger_officer": 403,
        "anonymous": 302,
    }


def test_a_seal_holds_claims_with_evidence_and_decisions(region: Cast) -> None:
    person = region.teacher.person
    assert seal_ended_cycles(actor=BUILDER, at=END) == 1
    (held,) = seals_hold(person)
    assert held.holds
    assert ["申报", "2 件"] in held.seal.content["facts"]
    assert seal_ended_cycles(actor=BUILDER, at=END) == 0
    claim = Claim.objects.exclude(posted_at=None).get()
    for table, change in (
        ("approvals_step", "reason = '别的理由'"),
        ("recognition_adjustment", "memo = '别的'"),
        ("kernel_storedfile", "sha256 = 'x'"),
        ("recognition_claim", "hours = 1"),
    ):
        with transaction.atomic():
            if table in ("approvals_step", "recognition_adjustment"):
                triggers.remove(connection, table)
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {change}")  # noqa: S608 - our own words
            (held,) = seals_hold(person)
            assert f"申报“{claim.title}”与封存时不同。" in held.differs
            transaction.set_rollback(True)


def test_a_claim_decided_after_the_seal_gets_one_of_its_own(region: Cast) -> None:
    me = actor_for(region.teacher)
    late = handed_in(me, me.person, number="SJ-5", programme="另一次研修")
    assert seal_ended_cycles(actor=BUILDER, at=END) == 1
    moved(late, (actor_for(region.school_officer), "school_refuse"), reason="证书不清楚")
    assert seal_ended_cycles(actor=BUILDER, at=END + timedelta(days=1)) == 1
    first, second = seals_hold(me.person)
    assert (first.holds, second.holds, second.seal.supersedes) == (True, True, first.seal)
    assert ["申报", "1 件"] in second.seal.content["facts"]


def test_an_officer_asks_the_same_whatever_the_number_of_claims(region: Cast, django_assert_num_queries: Any) -> None:
    person = region.teacher.person
    officer = actor_for(region.district_officer)
    with django_assert_num_queries(8):
        assert all(told.may_open for year in record_of(person, officer) for told in year.claims)
    me = actor_for(region.teacher)
    handed_in(me, person, number="SJ-6", programme="研修之三")
    with django_assert_num_queries(8):
        assert all(told.may_open for year in record_of(person, officer) for told in year.claims)


def test_a_refusal_is_sealed_once_no_appeal_can_change_it(region: Cast, frozen_clock: Any) -> None:
    me, district = actor_for(region.teacher), actor_for(region.district_officer)
    late = handed_in(me, me.person, number="SJ-5", programme="另一次研修")
    assert seal_ended_cycles(actor=BUILDER, at=END) == 1
    frozen_clock(END.isoformat())
    late = moved(late, (actor_for(region.school_officer), "school_pass"), (district, "district_refuse"))
    assert seal_ended_cycles(actor=BUILDER, at=END + timedelta(days=29)) == 0
    late = moved(late, (me, "appeal"))
    reviewer = a_user(a_person(region.organisations["310101-C"], name="另一位审核员"))
    a_grant(reviewer, Role.REVIEWER, region.organisations["310101-C"])
    adjust_claim(actor=actor_for(reviewer), at=clock.now(), claim=late, hours=500, memo="证书为 5 学时")
    moved(late, (actor_for(reviewer), "uphold"))
    assert seal_ended_cycles(actor=BUILDER, at=END + timedelta(days=31)) == 1
    assert [held.holds for held in seals_hold(me.person)] == [True, True]
