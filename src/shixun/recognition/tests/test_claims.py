"""A claim from draft to ledger: worth, chain, return, adjustment, appeal, posting once (RW-01, RW-05, CL-18)."""

from typing import Any

import pytest
from django.utils import timezone

from shixun.approvals.actions import move_case
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.ledger.testing import the_book
from shixun.people.choices import Duty, Role
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_user, actor_for
from shixun.policy.actions import set_local_rules
from shixun.policy.queries import newest_policies
from shixun.recognition.actions.deciding import adjust_claim, post_recognised
from shixun.recognition.actions.drafting import discard_claim, save_draft, start_claim
from shixun.recognition.actions.registers import merge_registered, organiser_named, region_of
from shixun.recognition.actions.reversing import request_reversal
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.models import Claim, Organiser, OutsideProgramme, Settlement
from shixun.recognition.testing import RAW, a_claim, a_project, handed_in, moved
from shixun.standing.queries import main_standing


@pytest.fixture(autouse=True)
def _monday(frozen_clock: object) -> None:
    """The thirteenth plan is in force."""


@pytest.fixture
def me(town: Cast) -> Any:
    return actor_for(town.teacher)


def _second_reviewer(cast: Cast) -> Any:
    person = a_person(cast.organisations["310101-C"], name="另一位审核员")
    user = a_user(person)
    a_grant(user, Role.REVIEWER, cast.organisations["310101-C"])
    return actor_for(user)


def _district_claim(cast: Cast) -> Claim:
    """A claim that lies with the district."""
    claim = handed_in(actor_for(cast.teacher), cast.teacher.person)
    return moved(claim, (actor_for(cast.school_officer), "school_pass"))


def test_a_draft_keeps_what_was_typed_and_says_what_it_is_worth(town: Cast, me: Any) -> None:
    claim = start_claim(actor=me, at=clock.now(), person=me.person, kind="digital-resource")
    worth = save_draft(actor=me, at=clock.now(), claim=claim, raw={"hours": "zehn", "programme": "暑期"})
    assert worth.missing == ("类别", "结束日期", "学时")
    assert claim.values["hours"] == "zehn"
    save_draft(actor=me, at=clock.now(), claim=claim, raw=RAW["digital-resource"])
    assert (claim.credits, claim.level, claim.category, claim.form) == (100, "district", "ethics", "autonomous")
    discard_claim(actor=me, at=clock.now(), claim=claim)
    assert Claim.objects.count() == 0


def test_everything_that_is_missing_is_told_together(town: Cast, me: Any) -> None:
    claim = start_claim(actor=me, at=clock.now(), person=me.person, kind="digital-resource")
    save_draft(actor=me, at=clock.now(), claim=claim, raw={"hours": "zehn", "ends_on": "2030-01-01"})
    with pytest.raises(Refusal) as refused:
        submit_claim(actor=me, at=clock.now(), claim=claim)
    for said in ("研修项目：请填写", "学时：应是数字", "2030-01-01 还没有到", "还没有上传佐证材料"):
        assert said in refused.value.sentence
    assert claim.case is None


def test_the_whole_way_with_a_return_and_a_correction_posts_once(town: Cast, me: Any) -> None:
    claim = handed_in(me, me.person, "national-project")
    assert claim.case.state == "school_pending"
    claim = moved(claim, (actor_for(town.school_officer), "return"), reason="证书不清楚")
    assert claim.case.state == "returned"
    save_draft(actor=me, at=clock.now(), claim=claim, raw={**RAW["national-project"], "hours": "50"})
    claim = submit_claim(actor=me, at=clock.now(), claim=claim)
    claim = moved(claim, (actor_for(town.school_officer), "school_pass"))
    district = actor_for(town.district_officer)
    adjust_claim(actor=district, at=clock.now(), claim=claim, hours=4_000, memo="课表为 40 学时")
    claim = moved(claim, (district, "district_pass"))
    assert (claim.case.state, claim.credits) == ("city_pending", 400)
    before = main_standing(me.person, clock.today())
    claim = moved(claim, (actor_for(town.city_officer), "recognise"))
    post_recognised(case=claim.case, actor=actor_for(town.city_officer), at=clock.now())
    with pytest.raises(Refusal, match="已于"):
        moved(claim, (actor_for(town.city_officer), "recognise"))
    entry = the_book().get()
    assert (entry.level, entry.category, entry.credits, entry.hours) == ("national", "knowledge", 400, 4_000)
    assert (entry.idempotency_key, entry.source_kind) == (claim.posting_key, "claim")
    assert (entry.decision, entry.recogniser) == (str(claim.case.uuid), town.organisations["310000-C"])
    after = main_standing(me.person, clock.today())
    assert before is not None
    assert after is not None
    # CL-07, NT-12: a national result arrives as national and covers the city's credits.
    assert {move.article for move in after.standing.moves} >= {"shanghai-2016:学分管理办法:三.1"}
    assert before.standing.shortfall - after.standing.shortfall == 400


def test_a_second_click_hands_in_nothing_new(town: Cast, me: Any) -> None:
    claim = a_claim(me, me.person)
    submit_claim(actor=me, at=clock.now(), claim=claim)
    with pytest.raises(Refusal):
        submit_claim(actor=me, at=clock.now(), claim=Claim.objects.get(pk=claim.pk))
    assert Claim.objects.get().case.state == "school_pending"


def test_a_chain_without_the_city_ends_at_the_district(town: Cast) -> None:
    claim = moved(_district_claim(town), (actor_for(town.district_officer), "district_pass"))
    assert claim.case.state == "recognised"
    assert the_book().get().recogniser == town.organisations["310101-C"]


def test_nobody_decides_her_own_and_a_school_does_not_confirm_what_it_declared(town: Cast) -> None:
    officer = actor_for(town.school_officer)
    claim = handed_in(officer, town.teacher.person, "school-hours")
    assert claim.case.state == "district_pending"
    both = a_user(a_person(town.school, name="兼任审核员"))
    a_grant(both, Role.TEACHER, town.school)
    a_grant(both, Role.REVIEWER, town.organisations["310101-C"])
    own = handed_in(actor_for(both, Role.TEACHER), both.person, number="SJ-3")
    own = moved(own, (officer, "school_pass"))
    with pytest.raises(Refusal, match="不能由您自己审核"):
        moved(own, (actor_for(both, Role.REVIEWER), "district_pass"))


def test_an_appeal_goes_to_somebody_else(town: Cast, me: Any) -> None:
    district = actor_for(town.district_officer)
    claim = moved(_district_claim(town), (district, "district_refuse"), reason="不属于自主研修")
    assert claim.case.declared_state.title == "区县不通过"
    claim = moved(claim, (me, "appeal"), reason="平台证书齐全")
    with pytest.raises(Refusal, match="由另一位审核员复核"):
        moved(claim, (district, "uphold"))
    claim = moved(claim, (_second_reviewer(town), "uphold"))
    assert claim.case.state == "recognised"
    assert the_book().get().credits == 100


def test_an_appeal_has_its_time(town: Cast, me: Any) -> None:
    claim = moved(_district_claim(town), (actor_for(town.district_officer), "district_refuse"))
    claim.case.closed_at = clock.now() - timezone.timedelta(days=31)
    claim.case.save()
    with pytest.raises(Refusal, match="30 天内"):
        moved(claim, (me, "appeal"))


def test_a_reversal_is_decided_by_the_city_and_entered_once(town: Cast, me: Any) -> None:
    claim = moved(_district_claim(town), (actor_for(town.district_officer), "district_pass"))
    request = request_reversal(
        actor=actor_for(town.district_officer), at=clock.now(), claim=claim, ground="mistake", reason="类别有误"
    )
    with pytest.raises(Refusal, match="已经有一份"):
        request_reversal(actor=me, at=clock.now(), claim=claim, ground="twice", reason="重复")
    move_case(actor=actor_for(town.city_officer), at=clock.now(), case=request.case, action="reverse")
    claim.refresh_from_db()
    assert claim.reversed_at
    assert [entry.credits for entry in the_book()] == [100, -100]


def test_a_cap_counts_what_is_under_way(town: Cast, me: Any) -> None:
    """4 credits of digital study a cycle: three claims of 40 hours are 4.00, 0 and 0."""
    assert handed_in(me, me.person, hours="40").credits == 400
    with pytest.raises(Refusal, match="每周期最多 4"):
        handed_in(me, me.person, hours="40", number="SJ-2", programme="寒假教师研修")


def test_credits_of_another_district_are_confirmed_there_and_settled(town: Cast, me: Any) -> None:
    """CL-04, CL-14."""
    claim = handed_in(me, me.person, "cross-region", host=str(town.other_district.uuid))
    claim = moved(
        claim, (actor_for(town.school_officer), "school_pass"), (actor_for(town.district_officer), "district_pass")
    )
    assert (claim.case.state, claim.case.place) == ("host_pending", town.other_district)
    claim = moved(
        claim, (actor_for(town.stranger_officer), "host_confirm"), (actor_for(town.city_officer), "recognise")
    )
    settlement = Settlement.objects.get()
    assert (settlement.home, settlement.host, settlement.credits) == (town.district, town.other_district, 200)


def test_a_closed_kind_is_declared_only_where_it_was_opened_and_a_loan_is_paid_back(town: Cast, me: Any) -> None:
    with pytest.raises(Refusal, match="没有开通"):
        start_claim(actor=me, at=clock.now(), person=me.person, kind="loan")
    set_local_rules(
        actor=BUILDER,
        at=clock.now(),
        organisation=town.district,
        policy=newest_policies()["shanghai-2016"],
        choices={"claim": {"loan": {"open": True}}},
        valid_from=clock.today(),
        reason="本区开通学分借贷",
    )
    claim = moved(
        handed_in(me, me.person, "loan"),
        (actor_for(town.school_officer), "school_pass"),
        (actor_for(town.district_officer), "district_pass"),
        (actor_for(town.city_officer), "recognise"),
    )
    request = request_reversal(actor=me, at=clock.now(), claim=claim, ground="repaid", reason="已取得学分")
    move_case(actor=actor_for(town.district_officer), at=clock.now(), case=request.case, action="reverse")
    assert [entry.credits for entry in the_book()] == [200, -200]


def test_a_principals_credits_go_to_her_account_and_count_for_the_teacher_never_the_reverse(town: Cast) -> None:
    """CL-09."""
    principal = a_person(town.school, name="校长", duty=Duty.PRINCIPAL)
    raw = {"level": "district", "tag": "principal"}
    claim = handed_in(actor_for(town.district_officer), principal, "principal-training", **raw)
    assert claim.account == "principal"
    teacher = handed_in(actor_for(town.district_officer), town.teacher.person, "principal-training", **raw)
    assert teacher.account == "teacher"


def test_what_is_reported_is_not_declared_by_hand(town: Cast, me: Any) -> None:
    project = a_project(actor_for(town.district_officer), mode="automatic")
    claim = start_claim(actor=me, at=clock.now(), person=me.person, kind="class-result")
    save_draft(actor=me, at=clock.now(), claim=claim, raw={"project": str(project.uuid)})
    with pytest.raises(Refusal, match="报送后自动登记"):
        submit_claim(actor=me, at=clock.now(), claim=claim)


def test_organisers_are_registered_once_and_merged(town: Cast, me: Any) -> None:
    handed_in(me, me.person)
    assert [row.name for row in Organiser.objects.all()] == ["国家智慧教育平台"]
    region, at = region_of(town.school), clock.now()
    other = organiser_named(actor=me, at=at, region=region, name="国家中小学智慧教育平台")
    first = Organiser.objects.get(name="国家智慧教育平台")
    assert merge_registered(actor=actor_for(town.district_officer), at=at, row=first, into=other) == 1
    assert organiser_named(actor=me, at=at, region=region, name="国家智慧教育平台 ") == other
    assert OutsideProgramme.objects.get().organiser == other
