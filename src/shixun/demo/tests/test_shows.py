"""The demo shows what it says: every base, every reason to be short or met, local choices, batch equal to single."""

import pytest

from shixun.approvals.flows import flow_of
from shixun.approvals.models import Case, Step
from shixun.approvals.queries import inbox_of
from shixun.demo.history import shanghai_reasons, zhejiang_programmes
from shixun.demo.history.reason import Reason
from shixun.demo.local_rules import CHOSEN
from shixun.demo.places.shanghai import DISTRICTS, HUANGPU, XUHUI
from shixun.demo.places.zhejiang import PUTUO
from shixun.demo.tests.conftest import TODAY, Demo
from shixun.kernel import clock
from shixun.people.models import Organisation, Person, User
from shixun.people.testing import actor_for
from shixun.policy.queries import policy_in_force
from shixun.recognition.certificates.sealing import seals_hold
from shixun.recognition.choices import CLAIM_FLOW, REVERSAL_FLOW
from shixun.recognition.models import Claim, ClaimBatch, SamplingRound, Settlement, Suspicion
from shixun.recognition.queries.batches import with_progress
from shixun.standing.queries import (
    AccountStanding,
    differences_of,
    persons_to_check,
    standings_for,
    stored_figures,
    stored_within,
)

pytestmark = pytest.mark.django_db

CITY_REASONS = list(shanghai_reasons.REASONS.values())
# Those whose point lies beside the verdict: a missed year, a late certificate, days, a prolonged probation.
BESIDE = {"trainer_year", "it_late", "enterprise_done", "probation"}
ACCOUNTS = {"principal": "principal", "principal_designate": "principal_designate", "probation": "probation"}


def standing_of_reason(demo: Demo, reason: Reason) -> AccountStanding:
    """The standing of the first person of a reason, in the account it is about."""
    career = next(career for career in demo.careers.values() if career.reason == reason.id)
    apart = next((kind for base, kind in ACCOUNTS.items() if base in reason.profiles), "teacher")
    found = standings_for(demo.person(career.code), TODAY)
    return next(item for item in found if item.subject.kind == apart)


def short_of(item: AccountStanding) -> set[str]:
    return {row.id for row in item.standing.requirements if row.short}


def test_everybody_is_judged_by_the_profiles_her_career_was_written_for(demo: Demo) -> None:
    apart = {"principal", "principal_designate"}
    for career in demo.careers.values():
        found = standings_for(demo.person(career.code), TODAY)
        judged = {name for item in found for name in item.subject.facts.profiles}
        assert judged == career.profiles, career
        assert {item.subject.kind for item in found} - {"teacher", "probation"} == career.profiles & apart


def test_every_base_and_every_addition_is_there(demo: Demo) -> None:
    policy = policy_in_force(Organisation.objects.get(code=HUANGPU), TODAY).policy
    held = {name for career in demo.careers.values() for name in career.profiles}
    assert set(policy.profiles) <= held


@pytest.mark.parametrize("reason", [r for r in CITY_REASONS if r.short], ids=lambda reason: reason.id)
def test_short_for_this_reason_alone(demo: Demo, reason: Reason) -> None:
    item = standing_of_reason(demo, reason)
    assert not item.standing.met
    assert short_of(item) >= reason.short
    # Levels and totals fall with their parts; nothing else is missing.
    parts = {"total", "city", "district", "school", "knowledge", "practice", "ethics_literacy", "district.knowledge"}
    assert short_of(item) - reason.short <= parts


@pytest.mark.parametrize("reason", [r for r in CITY_REASONS if r.moved], ids=lambda reason: reason.id)
def test_met_only_by_an_offset(demo: Demo, reason: Reason) -> None:
    item = standing_of_reason(demo, reason)
    assert item.standing.met, short_of(item)
    assert reason.moved in {article for move in item.standing.moves for article in move.article.split(";")}


def test_a_gap_that_only_halves_explain(demo: Demo) -> None:
    item = standing_of_reason(demo, shanghai_reasons.REASONS["halves"])
    assert item.standing.reason is not None
    weights = {name: str(weight) for name, weight in item.standing.reason.weights.items()}
    assert weights == {"district.knowledge": "1/2", "class_teacher": "1/2", "college_head": "1/2"}
    assert item.standing.shortfall == 55


def test_a_missed_year_stays_missed(demo: Demo) -> None:
    yearly = standing_of_reason(demo, shanghai_reasons.REASONS["trainer_year"]).standing.yearly
    assert [(row.year, row.state) for row in yearly if not row.met] == [(2017, "missed"), (2019, "open")]


@pytest.mark.parametrize(
    ("reason", "row", "state"), [("it_late", "it_hours", "missed"), ("enterprise_done", "enterprise_practice", "met")]
)
def test_dated_requirements(demo: Demo, reason: str, row: str, state: str) -> None:
    dated = standing_of_reason(demo, shanghai_reasons.REASONS[reason]).standing.dated
    assert {item.id: item.state for item in dated}[row] == state


def test_probation_may_be_prolonged(demo: Demo) -> None:
    item = standing_of_reason(demo, shanghai_reasons.REASONS["probation"])
    assert item.standing.total_counted == 800
    assert item.standing.shortfall == 400


def test_met_by_what_the_district_has_reduced(demo: Demo) -> None:
    item = standing_of_reason(demo, shanghai_reasons.REASONS["reduced"])
    assert item.standing.met
    assert item.standing.total_need < 3600


def test_every_reason_has_somebody_and_is_tested(demo: Demo) -> None:
    shown = {career.reason for career in demo.careers.values()}
    assert set(shanghai_reasons.REASONS) | set(zhejiang_programmes.REASONS) <= shown
    tested = {r.id for r in CITY_REASONS if r.short or r.moved} | BESIDE | {"reduced"}
    assert tested == set(shanghai_reasons.REASONS)


@pytest.mark.parametrize(
    ("reason", "short", "missed"),
    [
        ("zj_met", set(), set()),
        ("zj_two_gaps", {"online"}, {2018}),
        ("zj_year", None, {2018}),
        ("zj_ethics", None, None),
    ],
)
def test_the_province_has_its_own_ways_of_being_short(
    demo: Demo, reason: str, short: set[str] | None, missed: set[int] | None
) -> None:
    standing = (item := standing_of_reason(demo, zhejiang_programmes.REASONS[reason])).standing
    assert short is None or short_of(item) == short
    assert missed is None or {row.year for row in standing.yearly if row.state == "missed"} == missed
    counted = {row.id: row.counted for row in standing.requirements}
    assert reason != "zj_ethics" or counted.get("ethics_required", 0) == 0


def test_districts_have_chosen_differently(demo: Demo) -> None:
    found = {code: policy_in_force(Organisation.objects.get(code=code), TODAY) for code in (HUANGPU, XUHUI, PUTUO)}
    assert found[HUANGPU].local.minimum == {"teacher/city": 500, "teacher/district.knowledge": 1050}
    assert found[HUANGPU].local.switch == {"autonomous_in_level": True}
    assert found[XUHUI].local.switch == {"reduction_by_entry_year": True}
    assert found[PUTUO].policy.id == "zhejiang-2016"
    assert sorted(found[PUTUO].local.minimum.values()) == [800, 3600, 5000]
    assert {chosen.place for chosen in CHOSEN} == {HUANGPU, XUHUI}


def test_stored_standings_equal_the_single_computation(demo: Demo) -> None:
    assert list(differences_of(persons_to_check(TODAY, samples=150), TODAY)) == []


def test_most_are_on_their_way_some_have_met_everything(demo: Demo) -> None:
    figures = stored_figures(stored_within(Organisation.objects.get(code="310000").scope))
    assert figures.share is not None
    assert 0.1 < figures.share < 0.5


def test_the_city_has_its_sixteen_districts() -> None:
    assert len(DISTRICTS) == len({code for code, *_ in DISTRICTS}) == 16
    assert sum(schools for *_, schools in DISTRICTS) >= 300
    assert max(DISTRICTS, key=lambda row: row[3])[1] == "浦东新区"


def test_claims_stand_in_every_state_with_evidence_twins_and_what_is_asked_back(demo: Demo) -> None:
    """RW-01, RW-05: each state of the three chains, a draft, an appeal upheld and one dismissed, a settlement."""
    for key in (CLAIM_FLOW, REVERSAL_FLOW):
        found = set(Case.objects.filter(flow=key).values_list("state", flat=True))
        assert found == {state.key for state in flow_of(key).states} - {"draft"}
    claims = Claim.objects.filter(batch=None)
    assert claims.filter(submitted_at=None).count() == 2
    assert not claims.filter(submitted_at__isnull=False, evidence=None).exists()
    assert claims.filter(adjustments__isnull=False).exists()
    grounds = set(Suspicion.objects.values_list("ground", flat=True))
    assert {"number", "photo"} <= grounds
    assert set(Settlement.objects.values_list("state", flat=True)) == {"open", "accepted", "queried", "settled", "void"}
    assert set(Step.objects.filter(case__claim__isnull=False).values_list("action", flat=True)) >= {"uphold", "dismiss"}
    mine = claims.filter(person__users__username="teacher")
    assert sorted(claim.case.state if claim.case else "draft" for claim in mine) == [
        "draft",
        "returned",
        "school_pending",
    ]


def test_batches_rounds_and_records_stand_in_every_state(demo: Demo) -> None:
    """RW-05, AR-01: a batch in every state, a round of every end, a record sealed and added to."""
    batches = with_progress(ClaimBatch.objects.all())
    ended = [batch for batch in batches if batch.submitted_at and batch.ended == batch.number]
    assert [batch.title for batch in ended if batch.recognised] == ["命题与评价专题研讨"]
    assert batches.filter(submitted_at=None).count() == 1
    rounds = {(row.state, row.closed_at is not None) for row in SamplingRound.objects.all()}
    assert rounds == {("open", False), ("passed", True), ("dropped", True), ("faulty", False), ("faulty", True)}
    faulty = SamplingRound.objects.get(state="faulty", closed_at__isnull=False)
    assert set(faulty.items.values_list("verdict", flat=True)) == {"right", "wrong"}
    seals = seals_hold(Person.objects.get(users__username="teacher-degree"))
    assert [held.holds for held in seals] == [True, True]


def test_filings_stand_in_every_state_one_overdue_and_one_undone(demo: Demo) -> None:
    """PR-19, CL-05, CL-12, RW-07: each state of the chain, what a deadline did, what an undo did."""
    cases = Case.objects.filter(flow="policy.filing")
    assert set(cases.values_list("state", flat=True)) == {state.key for state in flow_of("policy.filing").states}
    kinds = set(Step.objects.filter(case__in=cases).values_list("kind", flat=True))
    assert {"undone", "escalated"} <= kinds
    city = actor_for(User.objects.get(username="city"), on=TODAY)
    waiting = inbox_of(city, clock.demo_start()).filter(flow="policy.filing")
    assert sorted(case.organisation.name for case in waiting) == ["徐汇区", "黄浦区"]
