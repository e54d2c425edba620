"""Claims, rules, windows and calendars when a school or a whole district is merged (DX-01, CL-18, PR-18)."""

from datetime import date

import pytest
from django.urls import reverse

from shixun.approvals.actions import move_case
from shixun.approvals.actions.levels import set_level
from shixun.approvals.flows import flow_of
from shixun.approvals.models import Case
from shixun.approvals.queries import inbox_of
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.people.actions import open_organisation
from shixun.people.choices import Role
from shixun.people.models import Organisation, RoleGrant
from shixun.people.organisations.actions import change_organisations
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import outcomes_of
from shixun.people.organisations.plans import Plan
from shixun.people.organisations.queries import bodies_of
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_user, actor_for, client_of
from shixun.policy.actions import file_local_rules
from shixun.policy.models import LocalRules
from shixun.policy.queries import newest_policies, policy_in_force
from shixun.policy.testing import an_adoption
from shixun.recognition.actions.years import open_year
from shixun.recognition.choices import CLAIM_FLOW
from shixun.recognition.models import Claim, SamplingRound, SchoolFeedback, Settlement
from shixun.recognition.testing import a_claim, handed_in, moved
from shixun.standing.models import StoredStanding
from shixun.standing.testing import computed
from shixun.terms.queries.calendars import escalations_due, reminders_due
from shixun.terms.testing import a_calendar, a_window


@pytest.mark.usefixtures("frozen_clock")
def test_a_claim_goes_along_with_its_school(town: Cast) -> None:
    teacher = actor_for(town.teacher)
    assert teacher.person is not None
    claim = handed_in(teacher, teacher.person)
    draft = a_claim(teacher, teacher.person)
    computed()
    plan = Plan(Kind.MERGED, (town.school,), clock.today(), "两校合并", "文〔1〕", successor=town.sister_school)
    change_organisations(actor=actor_for(town.district_officer), at=clock.now(), plan=plan)
    assert set(Claim.objects.values_list("organisation__name", flat=True)) == {town.sister_school.name}
    officer = a_user(a_person(town.sister_school))
    a_grant(officer, Role.SCHOOL_OFFICER, town.sister_school)
    passed = moved(claim, (actor_for(officer), "school_pass"))
    assert passed.case is not None
    assert (passed.case.state, passed.case.place) == ("district_pending", town.district)
    assert client_of(officer).get(f"/claims/{claim.uuid}/").status_code == 200
    assert draft.case is None
    computed()
    assert StoredStanding.objects.get(person=teacher.person, is_main=True).home == town.sister_school


CHOICES = {"minimum": {"city": "5"}}


def _filed(town: Cast, **changed: object) -> Case:
    return file_local_rules(
        actor=actor_for(town.district_officer),
        at=clock.now(),
        organisation=town.district,
        policy=newest_policies()["shanghai-2016"],
        choices={**CHOICES, **changed},
        valid_from=clock.today(),
        reason="区局会议",
    )


def _merging(town: Cast) -> Plan:
    details = {"successor": town.other_district, "bodies": bodies_of(Kind.MERGED, [town.district])}
    return Plan(Kind.MERGED, (town.district,), clock.today(), "区划调整", "沪府〔1〕", **details)  # type: ignore[arg-type]


def _said(plan: Plan) -> list[str]:
    return [finding.sentence for outcome in outcomes_of(plan) for finding in outcome.findings]


@pytest.mark.usefixtures("frozen_clock")
def test_a_merged_district_leaves_its_rules_windows_and_calendar_behind(town: Cast) -> None:
    """Approved local rules, levels, a window, a calendar, a claim that waits with the district's college (PR-18)."""
    city, teacher = actor_for(town.city_officer), actor_for(town.teacher)
    move_case(actor=city, at=clock.now(), case=_filed(town), action="approve")
    district = actor_for(town.district_officer)
    level = {"takes_part": True, "body_kind": "college", "days": 9, "remind_days": 2, "reason": "由学院审核"}
    flow = flow_of(CLAIM_FLOW)
    set_level(actor=district, at=clock.now(), organisation=town.district, flow=flow, level="district", **level)  # type: ignore[arg-type]
    set_level(
        actor=actor_for(town.stranger_officer),
        at=clock.now(),
        organisation=town.other_district,
        flow=flow,
        level="district",
        **level,  # type: ignore[arg-type]
    )
    assert teacher.person is not None
    claim = moved(handed_in(teacher, teacher.person), (actor_for(town.school_officer), "school_pass"))
    college, other = town.organisations["310101-C"], town.organisations["310104-C"]
    assert claim.case is not None
    assert claim.case.place == college
    window = a_window(town.district)
    calendar = a_calendar(town.district)
    plan = _merging(town)
    told = _said(plan)
    for words in (
        "黄浦区的本区规则不再适用，教师以后按徐汇区的规则计算；原来的各版仍可查阅。",
        "教师的学分要求以后按徐汇区执行的",
        "黄浦区的审核层级设置不再使用，以徐汇区的为准。",
        "1 份工作日历不再使用，不再提醒和上报，以后以徐汇区的为准；已标记完成的记录保留。",
        "1 项还没有结束的开放时间提前结束，以后以徐汇区的为准。",
        f"{college.name}的 1 项管理角色自 2019年10月14日起结束：这些角色管到整个地区，以后的地区是徐汇区，由上一级",
    ):
        assert [sentence for sentence in told if sentence.startswith(words)], (words, told)
    change_organisations(actor=city, at=clock.now(), plan=plan)
    claim.case.refresh_from_db()
    window.refresh_from_db()
    assert claim.case.place == other, "the college that was there before acts for the area"
    assert window.closes_at == clock.now()
    assert policy_in_force(claim.case.organisation, clock.today()).local.minimum == {}
    assert LocalRules.objects.filter(organisation=town.district).count() == 1
    assert not RoleGrant.objects.in_force(clock.today()).filter(user=town.district_officer).exists()
    assert client_of(town.district_officer).get(f"/organisations/{town.school.uuid}/").status_code == 403
    assert client_of(town.stranger_officer).get(f"/organisations/{town.school.uuid}/").status_code == 200
    assert list(inbox_of(actor_for(town.stranger_officer), clock.now())) == [claim.case]
    due = {item.calendar_id for item in (*reminders_due(date(2019, 10, 31)), *escalations_due(date(2020, 8, 1)))}
    assert calendar.pk not in due


@pytest.mark.usefixtures("frozen_clock")
def test_a_district_is_not_merged_with_a_filing_under_way_or_into_one_without_a_policy(cast: Cast) -> None:
    an_adoption(cast.district)
    blocked = "徐汇区还没有登记执行的政策，并入以后无法计算学分完成情况。请先为它或它的上级登记。"
    assert blocked in _said(_merging(cast))
    with pytest.raises(Refusal, match="徐汇区还没有登记执行的政策"):
        change_organisations(actor=actor_for(cast.city_officer), at=clock.now(), plan=_merging(cast))
    an_adoption(cast.city)
    case = _filed(cast)
    with pytest.raises(Refusal, match="还有 1 件本区规则的备案没有办结"):
        change_organisations(actor=actor_for(cast.city_officer), at=clock.now(), plan=_merging(cast))
    move_case(actor=actor_for(cast.district_officer), at=clock.now(), case=case, action="withdraw")
    change_organisations(actor=actor_for(cast.city_officer), at=clock.now(), plan=_merging(cast))
    assert Organisation.objects.get(pk=cast.school.pk).parent == cast.other_district


@pytest.mark.usefixtures("frozen_clock")
def test_what_is_not_settled_goes_to_the_heir_and_nothing_is_owed_within_one_district(town: Cast) -> None:
    """CL-14: between a merged district and a third one it goes on; between the two that become one it falls away."""
    third = open_organisation(
        actor=BUILDER,
        at=clock.now(),
        code="310106",
        name="静安区",
        kind="district",
        area_code="310106",
        parent=town.city,
    )
    with_third, with_heir = (a_row_between(town, host) for host in (third, town.other_district))
    plan = _merging(town)
    assert "2 笔没有结算的跨区学分转到徐汇区；两区并为一区的不再结算。" in _said(plan)
    change_organisations(actor=actor_for(town.city_officer), at=clock.now(), plan=plan)
    found = {row.pk: (row.home.name, row.host.name, row.state) for row in Settlement.objects.all()}
    assert found == {
        with_third.pk: ("徐汇区", "静安区", "open"),
        with_heir.pk: ("黄浦区", "徐汇区", "void"),
    }


def a_row_between(town: Cast, host: Organisation) -> Settlement:
    """Credits of a teacher of the first district provided by another one, not settled yet."""
    teacher = actor_for(town.teacher)
    assert teacher.person is not None
    claim = a_claim(teacher, teacher.person)
    figures = {"hours": 800, "credits": 80, "recognised_on": clock.today()}
    return Settlement.objects.create(claim=claim, home=town.district, host=host, **figures)


@pytest.mark.usefixtures("frozen_clock")
def test_a_round_under_way_stands_in_the_way(town: Cast) -> None:
    """RW-05: nobody would end it any more."""
    SamplingRound.objects.create(
        organisation=town.district, level="district", title="抽查", share=20, seed="", commitment="", digest="",
        number=5, drawn=3, opened_at=clock.now(),
    )  # fmt: skip
    assert "1 次抽查审核没有结束，请先办完或放弃。" in _said(_merging(town))
    with pytest.raises(Refusal):
        change_organisations(actor=actor_for(town.city_officer), at=clock.now(), plan=_merging(town))


@pytest.mark.usefixtures("frozen_clock")
def test_the_heir_finishes_the_yearly_check_of_a_merged_school(town: Cast) -> None:
    """RW-03: what the school had not signed lies with the heir, whose officer opens it; a stranger does not."""
    open_year(actor=actor_for(town.district_officer), at=clock.now(), year=2018)
    feedback = SchoolFeedback.objects.get(school=town.school)
    plan = Plan(Kind.MERGED, (town.school,), clock.today(), "两校合并", "文〔1〕", successor=town.sister_school)
    assert f"1 份没有审定的年度核对由{town.sister_school.name}办完。" in _said(plan)
    change_organisations(actor=actor_for(town.district_officer), at=clock.now(), plan=plan)
    officer = a_user(a_person(town.sister_school))
    a_grant(officer, Role.SCHOOL_OFFICER, town.sister_school)
    address = reverse("recognition:school-year", args=[feedback.uuid])
    found = {user: client_of(user).get(address).status_code for user in (officer, town.stranger_officer)}
    assert found == {officer: 200, town.stranger_officer: 403}
    case = Case.objects.get(pk=feedback.case_id)
    assert move_case(actor=actor_for(officer), at=clock.now(), case=case, action="sign").state == "district_pending"
