"""When claims may be handed in (RW-03), what an adjustment tells others, and a district's own rows (CL-05, CL-12)."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shixun.approvals.actions import move_case
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import a_photo
from shixun.ledger.testing import the_book
from shixun.people.testing import BUILDER, Cast, a_person, actor_for, client_of
from shixun.policy.actions import set_local_rules
from shixun.policy.queries import newest_policies
from shixun.recognition.actions.batch_submitting import submit_batch
from shixun.recognition.actions.batches import attach_to_batch, list_teachers, save_batch, start_batch
from shixun.recognition.actions.deciding import adjust_claim
from shixun.recognition.actions.drafting import save_draft, start_claim
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.choices import DECLARE
from shixun.recognition.facts import kinds_offered
from shixun.recognition.models import Claim, SamplingRound
from shixun.recognition.testing import RAW, a_claim, handed_in, moved
from shixun.terms.actions import close_window
from shixun.terms.models import Window
from shixun.terms.testing import a_window


@pytest.fixture(autouse=True)
def _monday(frozen_clock: object) -> None:
    """The thirteenth plan is in force."""


@pytest.fixture
def me(town: Cast) -> Any:
    return actor_for(town.teacher)


def _window(cast: Cast, opens_in: timedelta) -> Window:
    return a_window(cast.district, purpose=DECLARE, title="学分申报", opens_at=clock.now() + opens_in)


def test_without_any_window_claims_are_taken_at_all_times(town: Cast, me: Any) -> None:
    assert handed_in(me, me.person).window is None


@pytest.mark.parametrize(
    ("opens_in", "now", "said"),
    [(timedelta(days=3), "2019-10-14T09:00", "现在还没有开放"), (timedelta(), "2019-10-20T09:00", "截止")],
)
def test_outside_the_window_a_claim_stays_a_draft(
    town: Cast, me: Any, frozen_clock: Any, opens_in: timedelta, now: str, said: str
) -> None:
    window = _window(town, opens_in)
    frozen_clock(now)
    claim = a_claim(me, me.person)
    page = client_of(town.teacher).post(f"/claims/{claim.uuid}/submit/", RAW["digital-resource"])
    assert page.status_code == 409
    told = page.content.decode()
    assert said in told
    assert f"{window.opens_at:%Y}" in told
    assert "保存在草稿里" in told
    kept = Claim.objects.get(pk=claim.pk)
    assert (kept.submitted_at, kept.case, kept.values["hours"]) == (None, None, "10")


def test_what_is_handed_in_names_its_window_and_the_database_holds_it_there(town: Cast, me: Any) -> None:
    """RW-03: past every check of the application, a moment outside the window is refused."""
    window = _window(town, timedelta(hours=-1))
    claim = handed_in(me, me.person)
    assert claim.window == window
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(submitted_at=window.closes_at + timedelta(minutes=1))
    assert Claim.objects.get(pk=claim.pk).submitted_at == claim.submitted_at


def test_a_returned_claim_has_the_days_of_the_return(town: Cast, me: Any) -> None:
    window = _window(town, timedelta(hours=-1))
    claim = moved(handed_in(me, me.person), (actor_for(town.school_officer), "return"), reason="请补拍")
    later = clock.now() + timedelta(hours=1)
    close_window(actor=actor_for(town.district_officer), at=later, window=window, reason="提前结束")
    again = submit_claim(actor=me, at=later + timedelta(hours=1), claim=claim)
    assert (again.case.state, again.window) == ("school_pending", None)


def test_who_decides_on_figures_that_were_changed_meanwhile_is_told(town: Cast, me: Any) -> None:
    school, district = actor_for(town.school_officer), actor_for(town.district_officer)
    claim = moved(handed_in(me, me.person, "national-project"), (school, "school_pass"))
    seen = claim.case.version
    adjust_claim(actor=district, at=clock.now(), claim=claim, hours=4_000, memo="课表为 40 学时")
    with pytest.raises(Refusal, match="没有执行"):
        move_case(actor=district, at=clock.now(), case=claim.case, action="district_pass", expected=seen)
    with pytest.raises(Refusal):
        adjust_claim(actor=school, at=clock.now(), claim=claim, hours=5_000, memo="校级不再办理")
    assert Claim.objects.get(pk=claim.pk).case.version == seen + 1
    moved(claim, (district, "district_pass"))


def _own_rows(cast: Cast, at: datetime) -> None:
    rows = [
        {"table": "senior", "name": "区级课题研究（主持）", "unit": "项", "credits": "3", "cap": "4",
         "category": "knowledge", "tag": "senior_core"},
        {"table": "principal", "name": "跨区挂职锻炼", "unit": "月", "credits": "2", "category": "practice",
         "tag": "release"},
    ]  # fmt: skip
    set_local_rules(
        actor=BUILDER,
        at=at,
        organisation=cast.district,
        policy=newest_policies()["shanghai-2016"],
        choices={"conversion": rows},
        valid_from=datetime(2019, 1, 1).date(),
        reason="本区折算办法",
    )


def test_a_row_a_district_wrote_is_declared_and_posted_like_any_kind(town: Cast, me: Any) -> None:
    """CL-05: the district's own table says the amount, its article stands beside it, its cap bites."""
    _own_rows(town, clock.now())
    own = {kind.name: kind for kind in kinds_offered(town.school, "teacher", clock.today()) if kind.id[:4] == "own-"}
    assert {name: kind.account for name, kind in own.items()} == {
        "区级课题研究（主持）": "teacher",
        "跨区挂职锻炼": "principal",
    }
    kind = own["区级课题研究（主持）"]
    assert kind.article == "shanghai-2016:学分管理办法:二.4"
    raw = {"title": "作业设计研究", "starts_on": "2019-03-01", "ends_on": "2019-06-30", "units": "2"}
    RAW[kind.id] = raw
    claim = handed_in(me, me.person, kind.id)
    del RAW[kind.id]
    assert (claim.uncapped, claim.credits, claim.tags) == (600, 400, "senior_core")
    moved(claim, (actor_for(town.school_officer), "school_pass"), (actor_for(town.district_officer), "district_pass"))
    assert the_book().get().credits == 400
    elsewhere = kinds_offered(town.other_school, "teacher", clock.today())
    assert not [row for row in elsewhere if row.id.startswith("own-")]
    draft = start_claim(actor=me, at=clock.now(), person=me.person, kind=kind.id)
    assert save_draft(actor=me, at=clock.now(), claim=draft, raw=raw).credits == 0


def test_a_row_a_district_wrote_is_declared_for_many_and_sampled_by_its_name(town: Cast) -> None:
    """One upload for many (CL-05): each teacher with her own number, in the amounts of the district's table."""
    _own_rows(town, clock.now())
    officer, people = actor_for(town.school_officer), [a_person(town.school, name=f"教师{place}") for place in range(5)]
    offered = kinds_offered(town.school, "school_officer", clock.today(), for_many=True)
    kind = next(row for row in offered if row.name == "区级课题研究（主持）")
    batch = start_batch(actor=officer, at=clock.now(), kind=kind.id)
    raw = {"title": "作业设计研究", "starts_on": "2019-03-01", "ends_on": "2019-06-30", "units": "1"}
    save_batch(actor=officer, at=clock.now(), batch=batch, raw=raw)
    listed = {people[0]: {"units": "2"}, **{person: {} for person in people[1:]}}
    list_teachers(actor=officer, at=clock.now(), batch=batch, teachers=listed)
    content = a_photo(1)
    attach_to_batch(
        actor=officer, at=clock.now(), batch=batch, upload=io.BytesIO(content), name="证明.jpg", size=len(content)
    )
    page = client_of(town.school_officer).get(reverse("recognition:batch", args=[batch.uuid])).content.decode()
    assert "逐人填写数量（项）" in page
    assert submit_batch(actor=officer, at=clock.now(), batch=batch) == 5
    assert sorted(Claim.objects.filter(batch=batch).values_list("credits", flat=True)) == [300, 300, 300, 300, 400]
    reviewer = client_of(town.district_officer)
    assert f'value="{kind.id}">区级课题研究（主持）' in reviewer.get(reverse("recognition:claims")).content.decode()
    reviewer.post(reverse("recognition:new-round"), {"of": f"district_pending:{kind.id}", "share": "20"})
    assert SamplingRound.objects.get().title == "区县待审：区级课题研究（主持） 5 项"
