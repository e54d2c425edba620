"""What a claim may become is asked of what it is now: after its lock, at its posting, and of what was taken back."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import a_photo
from shixun.ledger.testing import the_book
from shixun.people.choices import Role
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for
from shixun.recognition.actions.batch_submitting import submit_batch, withdraw_batch
from shixun.recognition.actions.batches import attach_to_batch, copy_batch, list_teachers, save_batch, start_batch
from shixun.recognition.actions.deciding import adjust_claim
from shixun.recognition.actions.drafting import attach_evidence, detach_evidence, save_draft
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.actions.suspecting import compare_photos
from shixun.recognition.models import Claim, Evidence, ImagePrint, Settlement, Suspicion
from shixun.recognition.permissions import can_see_evidence
from shixun.recognition.queries.prints import forget_prints
from shixun.recognition.testing import RAW, a_claim, handed_in, moved


@pytest.fixture(autouse=True)
def _monday(frozen_clock: object) -> None:
    """The thirteenth plan is in force, and no print of another test is remembered."""
    forget_prints()


@pytest.fixture
def me(town: Cast) -> Any:
    return actor_for(town.teacher)


def _recognised(town: Cast, claim: Claim) -> Claim:
    return moved(claim, (actor_for(town.school_officer), "school_pass"), (_district(town), "district_pass"))


def _district(town: Cast) -> Any:
    return actor_for(town.district_officer)


def _second_reviewer(town: Cast) -> Any:
    user = a_user(a_person(town.organisations["310101-C"], name="另一位审核员"))
    a_grant(user, Role.REVIEWER, town.organisations["310101-C"])
    return actor_for(user)


def test_an_autosave_that_comes_late_does_not_write_into_a_claim_under_review(town: Cast, me: Any) -> None:
    claim = a_claim(me, me.person)
    shown = Claim.objects.get(pk=claim.pk)
    assert shown.case is None
    submit_claim(actor=me, at=clock.now(), claim=claim)
    photo = a_photo(9)
    with pytest.raises(Refusal, match="现在是“校级待审”，不能修改"):
        save_draft(actor=me, at=clock.now(), claim=shown, raw={**RAW["digital-resource"], "hours": "40"})
    with pytest.raises(Refusal):
        attach_evidence(actor=me, at=clock.now(), claim=shown, upload=io.BytesIO(photo), name="a.jpg", size=len(photo))
    with pytest.raises(Refusal):
        detach_evidence(actor=me, at=clock.now(), claim=shown, evidence=Evidence.objects.get())
    assert Claim.objects.get().credits == 100
    assert claim.evidence.count() == 1


def test_adjusted_hours_count_what_is_used_of_a_cap(town: Cast, me: Any) -> None:
    """4 credits of digital study a cycle: 3.00 are in the book."""
    _recognised(town, handed_in(me, me.person, hours="30"))
    second = moved(handed_in(me, me.person, hours="5", number="SJ-2"), (actor_for(town.school_officer), "school_pass"))
    adjust_claim(actor=_district(town), at=clock.now(), claim=second, hours=4_000, memo="平台记录为40学时")
    assert second.credits == 100
    with pytest.raises(Refusal, match=r"本次计 1.00 学分") as refused:
        adjust_claim(actor=_district(town), at=clock.now(), claim=second, credits=150, memo="另算")
    assert "不超过 1.00 学分" in refused.value.who_can


def test_an_upheld_appeal_posts_no_more_than_the_cap_leaves(town: Cast, me: Any) -> None:
    first = moved(handed_in(me, me.person, hours="30"), (actor_for(town.school_officer), "school_pass"))
    first = moved(first, (_district(town), "district_refuse"))
    _recognised(town, handed_in(me, me.person, hours="30", number="SJ-2", programme="寒假教师研修"))
    first = moved(first, (me, "appeal"))
    reviewer = _second_reviewer(town)
    with pytest.raises(Refusal, match=r"每周期最多 4.00 学分，已有 3.00，本次计 1.00 学分"):
        moved(first, (reviewer, "uphold"))
    assert Claim.objects.get(pk=first.pk).posted_at is None
    adjust_claim(actor=reviewer, at=clock.now(), claim=first, credits=100, memo="本周期只余1学分")
    first = moved(first, (reviewer, "uphold"))
    assert first.case.state == "recognised"
    assert sorted(entry.credits for entry in the_book()) == [100, 300]


def test_a_host_is_kept_only_of_a_kind_that_crosses(town: Cast, me: Any) -> None:
    claim = _recognised(town, handed_in(me, me.person, host=str(town.other_district.uuid)))
    assert claim.host is None
    assert Settlement.objects.count() == 0


def _a_batch(town: Cast, officer: Any) -> Any:
    batch = start_batch(actor=officer, at=clock.now(), kind="school-hours")
    save_batch(actor=officer, at=clock.now(), batch=batch, raw=RAW["school-hours"])
    photo = a_photo(3)
    attach_to_batch(
        actor=officer, at=clock.now(), batch=batch, upload=io.BytesIO(photo), name="签到.jpg", size=len(photo)
    )
    teachers = {a_person(town.school, name=f"教师{name}"): {} for name in "甲乙"}
    list_teachers(actor=officer, at=clock.now(), batch=batch, teachers=teachers)
    return batch


def test_a_batch_taken_back_and_copied_is_no_twin_of_itself(town: Cast, me: Any) -> None:
    officer = actor_for(town.school_officer)
    batch = _a_batch(town, officer)
    submit_batch(actor=officer, at=clock.now(), batch=batch)
    withdraw_batch(actor=officer, at=clock.now(), batch=batch)
    copy = copy_batch(actor=officer, at=clock.now(), batch=batch)
    assert submit_batch(actor=officer, at=clock.now(), batch=copy) == 2
    assert Suspicion.objects.count() == 0
    # The same file sent by somebody else is one, whether or not what it repeats was taken back.
    handed_in(me, me.person, "school-hours", photo=a_photo(3))
    assert {row.ground for row in Suspicion.objects.all()} == {"file"}
    assert Suspicion.objects.count() == 4


def test_what_she_took_back_herself_is_no_twin(town: Cast, me: Any) -> None:
    moved(handed_in(me, me.person, photo=a_photo(3)), (me, "withdraw"))
    handed_in(me, me.person, photo=a_photo(3))
    assert Suspicion.objects.count() == 0


def test_a_broken_photo_stops_no_other_and_is_not_tried_again(town: Cast, me: Any) -> None:
    broken, whole = handed_in(me, me.person), handed_in(me, me.person, number="SJ-2")
    spoilt = broken.evidence.get()
    default_storage.delete(spoilt.file.path)
    default_storage.save(spoilt.file.path, io.BytesIO(b"\xff\xd8 nothing"))  # type: ignore[arg-type]
    ImagePrint.objects.all().delete()
    assert compare_photos(clock.now(), most=1) == 0
    assert compare_photos(clock.now()) == 2
    spoilt.refresh_from_db()
    assert spoilt.unreadable_at
    assert [row.evidence for row in ImagePrint.objects.all()] == [whole.evidence.get()]
    assert not Claim.objects.filter(compared_at=None).exists()


def test_who_may_see_a_file_is_asked_of_all_claims_behind_it_at_once(town: Cast) -> None:
    """A batch of many: the last teacher on it, her officers, a stranger; the same number of queries each."""
    officer = actor_for(town.school_officer)
    batch = _a_batch(town, officer)
    submit_batch(actor=officer, at=clock.now(), batch=batch)
    evidence = batch.evidence.get()
    teacher = a_user(a_person(town.school, name="教师丙"))
    a_grant(teacher, Role.TEACHER, town.school)
    users = {"teacher": teacher, "district": town.district_officer, "stranger": town.stranger_officer}

    def asked(**expected: bool) -> dict[str, int]:
        counts = {}
        for name, user in users.items():
            actor = actor_for(user)
            with CaptureQueriesContext(connection) as seen:
                assert can_see_evidence(actor, evidence) is expected[name], name
            counts[name] = len(seen)
        return counts

    before = asked(teacher=False, district=True, stranger=False)
    first = Claim.objects.filter(batch=batch).first()
    assert first
    for number in range(25):
        claim = Claim.objects.get(pk=first.pk)
        claim.pk, claim.uuid, claim.case, claim.person = (
            None,
            uuid4(),
            None,
            a_person(town.school, name=f"教师{number}"),
        )
        claim.save(force_insert=True)
        claim.evidence.add(evidence)
    assert asked(teacher=False, district=True, stranger=False) == before
    claim.person = teacher.person
    claim.save()
    assert asked(teacher=True, district=True, stranger=False)["teacher"] < before["teacher"]
