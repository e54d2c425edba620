"""Sampled rounds: drawn as anyone can recompute, looked at in full, the rest with one key, or all of it (RW-05)."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rulebook.draws import draw
from rulebook.sampling import error_bound
from shixun.approvals.actions import decide_many, move_case
from shixun.approvals.actions.undoing import undo_step
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import at_once
from shixun.ledger.testing import the_book
from shixun.people.choices import Role
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for, client_of, statuses
from shixun.recognition.actions.deciding import adjust_claim
from shixun.recognition.actions.sampling import decide_item, drop_round, open_round, pass_rest
from shixun.recognition.models import Claim, SamplingItem, SamplingRound
from shixun.recognition.queries.rounds import (
    bound_of,
    bound_words,
    cases_to_sample,
    items_left,
    items_of,
    items_to_see,
)
from shixun.recognition.testing import handed_in, moved

pytestmark = pytest.mark.usefixtures("frozen_clock")
SEED = bytes(range(32))


def claims_at_the_district(town: Cast, number: int, kind: str = "digital-resource") -> list[Claim]:
    """So many claims of teachers of one school that wait for the district."""
    made: list[Claim] = []
    before = Claim.objects.count()
    for place in range(before, before + number):
        user = a_user(a_person(town.school, name=f"教师{place}"))
        a_grant(user, Role.TEACHER, town.school)
        claim = handed_in(actor_for(user), user.person, kind, number=f"SJ-{place:04d}")
        made.append(moved(claim, (actor_for(town.school_officer), "school_pass")))
    return made


def a_round(town: Cast, number: int = 6, share: int = 50, kind: str = "digital-resource") -> SamplingRound:
    claims_at_the_district(town, number, kind)
    return open_round(
        actor=actor_for(town.district_officer), at=clock.now(), state="district_pending", share=share, seed=SEED
    )


def _see(town: Cast, item: SamplingItem, action: str = "district_pass", **more: Any) -> SamplingItem:
    return decide_item(actor=actor_for(town.district_officer), at=clock.now(), item=item, action=action, **more)


def test_a_clean_sample_lets_the_rest_pass_with_one_key(town: Cast) -> None:
    row = a_round(town)
    assert (row.number, row.drawn) == (6, 3)
    keys = [str(item.claim.uuid) for item in items_of(row)]
    again = draw(bytes.fromhex(row.seed), sorted(keys), row.drawn)
    assert (list(again.order), again.digest) == (keys, row.digest)
    with pytest.raises(Refusal, match="还有 3 项没有核查"):
        pass_rest(actor=actor_for(town.district_officer), at=clock.now(), row=row)
    first, *others = items_to_see(row)
    with pytest.raises(Refusal, match="抽查审核"):
        move_case(actor=actor_for(town.district_officer), at=clock.now(), case=first.claim.case, action="district_pass")
    for item in (first, *others):
        _see(town, item)
    bound = bound_of(row)
    assert bound == error_bound(6, 3, 0)
    assert f"不超过 {bound.most} 项" in bound_words(bound)
    assert pass_rest(actor=actor_for(town.district_officer), at=clock.now(), row=row) == {"passed": 3, "kept": 0}
    assert the_book().count() == 6
    with pytest.raises(Refusal, match="已完成"):
        pass_rest(actor=actor_for(town.district_officer), at=clock.now(), row=row)


def test_as_many_as_can_be_sampled_are_not_passed_without_a_sample(town: Cast) -> None:
    """RW-05: five claims chosen in the inbox are not passed with one key; four are."""
    cases = [claim.case for claim in claims_at_the_district(town, 5)]
    client, versions = client_of(town.district_officer), [f"{case.uuid}:{case.version}" for case in cases]
    field = "action:recognition.claim:district_pending"
    page = client.post(reverse("approvals:decide"), {"case": versions, field: "district_pass"})
    assert page.status_code == 422
    assert "须先抽查" in page.content.decode()
    with pytest.raises(Refusal, match="须先抽查"):
        decide_many(actor=actor_for(town.district_officer), at=clock.now(), cases=cases, action="district_pass")
    assert the_book().count() == 0
    outcomes = decide_many(
        actor=actor_for(town.district_officer), at=clock.now(), cases=cases[:4], action="district_pass"
    )
    assert [outcome.is_done for outcome in outcomes] == [True] * 4


@pytest.mark.parametrize("how", ["return", "adjusted", "said"])
def test_one_error_and_the_whole_round_is_to_be_looked_at(town: Cast, how: str) -> None:
    row, officer = a_round(town), actor_for(town.district_officer)
    first = items_to_see(row)[0]
    if how == "adjusted":
        adjust_claim(actor=officer, at=clock.now(), claim=first.claim, hours=800, memo="课表为 8 学时")
    action = how if how == "return" else "district_pass"
    with pytest.raises(Refusal, match="写明"):
        _see(town, first, action, is_wrong=how == "said")
    _see(town, first, action, reason="学时与证书不符", is_wrong=how == "said")
    row.refresh_from_db()
    assert row.state == "faulty"
    assert items_to_see(row).count() == 5
    for refused in (
        partial(pass_rest, actor=officer, at=clock.now(), row=row),
        partial(drop_round, actor=officer, at=clock.now(), row=row, reason="重抽"),
    ):
        with pytest.raises(Refusal, match="差错"):
            refused()
    for item in items_to_see(row):
        _see(town, item)
    row.refresh_from_db()
    assert row.closed_at is not None
    assert (bound_of(row).seen, bound_of(row).wrong, bound_of(row).most) == (6, 1, 1)


def test_other_figures_for_a_claim_that_was_not_drawn_are_an_error_found(town: Cast) -> None:
    row, officer = a_round(town), actor_for(town.district_officer)
    undrawn = items_left(row)[0]
    address = reverse("recognition:round-item", args=[row.uuid, undrawn.position])
    assert "核定就是发现差错" in client_of(town.district_officer).get(address).content.decode()
    adjust_claim(actor=officer, at=clock.now(), claim=undrawn.claim, hours=800, memo="课表为 8 学时")
    row.refresh_from_db()
    assert row.state == "faulty"
    assert items_to_see(row).count() == 6
    for item in items_to_see(row):
        _see(town, item, reason="课表为 8 学时" if item.pk == undrawn.pk else "")
    row.refresh_from_db()
    assert row.closed_at is not None
    assert (bound_of(row).seen, bound_of(row).wrong) == (6, 1)


def test_nobodys_own_and_nothing_suspected_comes_into_a_round(town: Cast) -> None:
    officer = actor_for(town.district_officer)
    claims = claims_at_the_district(town, 6)
    own = handed_in(officer, town.teacher.person, "national-project", number="GP-9")
    twin = handed_in(actor_for(town.teacher), town.teacher.person, number="SJ-0000")
    moved(twin, (actor_for(town.school_officer), "school_pass"))
    found = {case.subject_uuid for case in cases_to_sample(officer, clock.now(), "district_pending")}
    assert found == {claim.uuid for claim in claims[1:]}
    assert own.uuid not in found
    with pytest.raises(Refusal, match="少于 5 项"):
        open_round(actor=officer, at=clock.now(), state="district_pending", share=20, kind="national-project")
    row = open_round(actor=officer, at=clock.now(), state="district_pending", share=20)
    assert row.number == 5
    assert not cases_to_sample(officer, clock.now(), "district_pending").exists()


def test_what_was_withdrawn_leaves_the_sample_and_a_round_can_be_given_up(town: Cast) -> None:
    row, officer = a_round(town), actor_for(town.district_officer)
    gone = items_to_see(row)[0]
    teacher = gone.claim.declared_by
    move_case(actor=actor_for(teacher), at=clock.now(), case=gone.claim.case, action="withdraw")
    with pytest.raises(Refusal, match="不在本级"):
        _see(town, gone)
    for item in items_to_see(row):
        _see(town, item)
    bound = bound_of(row)
    assert (bound.number, bound.seen) == (5, 2)
    with pytest.raises(Refusal, match="写明为什么"):
        drop_round(actor=officer, at=clock.now(), row=row, reason=" ")
    drop_round(actor=officer, at=clock.now(), row=row, reason="先开会统一口径")
    assert items_left(row).count() == 3
    assert cases_to_sample(officer, clock.now(), "district_pending").count() == 3


def test_nothing_is_passed_on_a_sample_that_was_withdrawn(town: Cast) -> None:
    """RW-05: all that was drawn is withdrawn before anybody looked: the sample says nothing of the rest."""
    row = a_round(town)
    for item in list(items_to_see(row)):
        move_case(actor=actor_for(item.claim.declared_by), at=clock.now(), case=item.claim.case, action="withdraw")
    assert (
        "重新发起"
        in client_of(town.district_officer).get(reverse("recognition:round", args=[row.uuid])).content.decode()
    )
    with pytest.raises(Refusal, match="少于 3 项"):
        pass_rest(actor=actor_for(town.district_officer), at=clock.now(), row=row)
    assert the_book().count() == 0


def test_a_decision_taken_back_is_looked_at_anew(town: Cast) -> None:
    """What was undone does not count as seen, and cannot be returned behind the back of the round."""
    row, officer = a_round(town, kind="national-project"), actor_for(town.district_officer)
    item = items_to_see(row)[0]
    _see(town, item)
    case = Claim.objects.get(pk=item.claim_id).case
    undo_step(actor=officer, at=clock.now(), case=case)
    assert (items_to_see(row).count(), bound_of(row)) == (3, None)
    case.refresh_from_db()
    with pytest.raises(Refusal, match="抽查审核"):
        move_case(actor=officer, at=clock.now(), case=case, action="return", reason="缺课表")
    _see(town, items_to_see(row)[0], "return", reason="缺课表")
    row.refresh_from_db()
    assert row.state == "faulty"


def test_a_faulty_round_ends_when_the_rest_has_left(town: Cast) -> None:
    row, officer = a_round(town), actor_for(town.district_officer)
    _see(town, items_to_see(row)[0], "return", reason="学时与证书不符")
    row.refresh_from_db()
    for item in list(items_to_see(row)):
        move_case(actor=actor_for(item.claim.declared_by), at=clock.now(), case=item.claim.case, action="withdraw")
    client = client_of(town.district_officer)
    assert "结束这次抽查" in client.get(reverse("recognition:round", args=[row.uuid])).content.decode()
    drop_round(actor=officer, at=clock.now(), row=row, reason="")
    row.refresh_from_db()
    assert (row.state, row.gone, bound_of(row).number) == ("faulty", 5, 1)


def test_pages_are_for_reviewers_of_the_place_and_above(town: Cast) -> None:
    row = a_round(town)
    nobody = {"teacher": 403, "stranger_teacher": 403, "anonymous": 302}
    everybody = {"school_officer": 200, "district_officer": 200, "city_officer": 200, "stranger_officer": 200}
    for name in ("rounds", "new-round"):
        assert statuses(town, reverse(f"recognition:{name}")) == {**nobody, **everybody}
    first = items_to_see(row)[0]
    above = {**nobody, "school_officer": 403, "district_officer": 200, "city_officer": 200, "stranger_officer": 403}
    assert statuses(town, reverse("recognition:round", args=[row.uuid])) == above
    assert statuses(town, reverse("recognition:round-item", args=[row.uuid, first.position])) == above
    for name in ("pass-rest", "drop-round"):
        address = reverse(f"recognition:{name}", args=[row.uuid])
        assert client_of(town.city_officer).post(address).status_code == 403


def test_a_round_goes_through_its_pages(town: Cast) -> None:
    claims_at_the_district(town, 6)
    client = client_of(town.district_officer)
    assert "发起抽查审核" in client.get(reverse("approvals:inbox")).content.decode()
    started = client.post(reverse("recognition:new-round"), {"of": "district_pending:digital-resource", "share": "20"})
    row = SamplingRound.objects.get()
    assert started["Location"] == reverse("recognition:round", args=[row.uuid])
    for item in items_to_see(row):
        address = reverse("recognition:decide-item", args=[row.uuid, item.position])
        assert client.post(address, {"action": "district_pass"}).status_code == 302
        assert client.post(address, {"action": "district_pass"}).status_code == 409
    page = client.get(started["Location"]).content.decode()
    assert "通过其余 3 项" in page
    client.post(reverse("recognition:pass-rest", args=[row.uuid]))
    row.refresh_from_db()
    assert (row.state, the_book().count()) == ("passed", 6)
    assert client.get(started["Location"]).status_code == 200


def _queries(cast: Cast, address: str) -> int:
    client = client_of(cast.district_officer)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_a_round_asks_the_same_however_many_claims_it_has(town: Cast) -> None:
    small, address = a_round(town, 5), reverse("recognition:rounds")
    found = _queries(town, reverse("recognition:round", args=[small.uuid])), _queries(town, address)
    large = a_round(town, 8)
    assert (_queries(town, reverse("recognition:round", args=[large.uuid])), _queries(town, address)) == found


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_open_one_round_and_decide_each_claim_once(town: Cast) -> None:
    claims_at_the_district(town, 6)
    colleague = a_user(a_person(town.organisations["310101-C"], name="另一位审核员"))
    a_grant(colleague, Role.REVIEWER, town.organisations["310101-C"])
    actors = [actor_for(town.district_officer), actor_for(colleague)]
    opened = at_once(
        [partial(open_round, actor=one, at=clock.now(), state="district_pending", share=20) for one in actors]
    )
    assert sorted(type(result).__name__ for result in opened) == ["Refusal", "SamplingRound"]
    row = SamplingRound.objects.get()
    item = items_to_see(row)[0]
    decided = at_once(
        [partial(decide_item, actor=one, at=clock.now(), item=item, action="district_pass") for one in actors]
    )
    assert sorted(type(result).__name__ for result in decided) == ["Refusal", "SamplingItem"]
    for rest in items_to_see(row):
        _see(town, rest)
    passed = at_once([partial(pass_rest, actor=one, at=clock.now(), row=row) for one in actors])
    assert sorted(type(result).__name__ for result in passed) == ["Refusal", "dict"]
    assert the_book().count() == 6


def test_figures_that_no_column_holds_are_refused_with_a_sentence(town: Cast) -> None:
    claim = claims_at_the_district(town, 1)[0]
    sent = {"memo": "核定", "credits": "999999999999"}
    page = client_of(town.district_officer).post(reverse("recognition:adjust", args=[claim.uuid]), sent)
    assert (page.status_code, "核定学分太大" in page.content.decode()) == (409, True)
