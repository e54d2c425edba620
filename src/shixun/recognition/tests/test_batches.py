"""One upload for many (RW-05, CL-18): one activity, a list of teachers, a claim for each, once, by whoever may."""

import io
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shixun.approvals.queries import inbox_of
from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.models import Import
from shixun.kernel.testing import a_photo, at_once
from shixun.people.acting import actor_of
from shixun.people.choices import Role
from shixun.people.models import Person
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for, client_of, statuses
from shixun.recognition.actions.batch_submitting import start_handing_in, submit_batch, withdraw_batch
from shixun.recognition.actions.batches import (
    attach_to_batch,
    copy_batch,
    discard_batch,
    list_teachers,
    remove_teachers,
    save_batch,
    set_own_values,
    start_batch,
)
from shixun.recognition.models import Claim, ClaimBatch, Organiser, OutsideProgramme
from shixun.recognition.queries.batches import batches_of, obstacles_of
from shixun.recognition.queries.claims import claims_of
from shixun.recognition.testing import RAW, handed_in, moved
from shixun.roster.testing import browser_of

pytestmark = pytest.mark.usefixtures("frozen_clock")


def a_batch(actor: Any, *persons: Person, kind: str = "school-hours", **changed: str) -> ClaimBatch:
    """A batch of a kind with one photo and these teachers on its list."""
    at = clock.now()
    batch = start_batch(actor=actor, at=at, kind=kind)
    save_batch(actor=actor, at=at, batch=batch, raw={**RAW[kind], **changed})
    content = a_photo(batch.pk)
    attach_to_batch(actor=actor, at=at, batch=batch, upload=io.BytesIO(content), name="签到表.jpg", size=len(content))
    if persons:
        list_teachers(actor=actor, at=at, batch=batch, teachers={person: {} for person in persons})
    return batch


def _three(town: Cast) -> list[Person]:
    return [town.teacher.person, a_person(town.school, name="周洁"), a_person(town.school, name="吴婷")]


def test_one_activity_gives_each_teacher_her_own_claim_once(town: Cast) -> None:
    officer, people = actor_for(town.school_officer), _three(town)
    batch = a_batch(officer, *people)
    first = Claim.objects.get(batch=batch, person=people[0])
    assert set_own_values(actor=officer, at=clock.now(), batch=batch, own={first.pk: {"hours": "4"}}) == 1
    assert [row.pk for row in claims_of(people[0])] == []
    assert submit_batch(actor=officer, at=clock.now(), batch=batch) == 3
    assert submit_batch(actor=officer, at=clock.now(), batch=batch) == 0
    assert start_handing_in(actor=officer, at=clock.now(), batch=batch) is None
    found = {claim.person: claim for claim in Claim.objects.filter(batch=batch).select_related("case")}
    assert {claim.case.state for claim in found.values()} == {"district_pending"}
    assert [found[person].hours for person in people] == [400, 800, 800]
    assert found[people[0]].values["title"] == RAW["school-hours"]["title"]
    assert {claim.evidence.count() for claim in found.values()} == {1}
    assert [row.pk for row in claims_of(people[0])] == [found[people[0]].pk]
    assert AuditEvent.objects.filter(action="claim_batch.submitted").count() == 1
    moved(found[people[1]], (actor_for(town.district_officer), "district_pass"))


def test_the_form_names_an_organiser_once_for_all(town: Cast) -> None:
    officer = actor_for(town.school_officer)
    batch = a_batch(officer, *_three(town), kind="digital-resource")
    submit_batch(actor=officer, at=clock.now(), batch=batch)
    assert (Organiser.objects.count(), OutsideProgramme.objects.count()) == (1, 1)


def test_a_cap_bites_for_whom_it_bites(town: Cast) -> None:
    me, officer, people = actor_for(town.teacher), actor_for(town.school_officer), _three(town)
    handed_in(me, me.person, hours="30", programme="寒假教师研修", number="SJ-1")
    batch = a_batch(officer, *people, kind="digital-resource", hours="20")
    found = {claim.person: (claim.credits, claim.uncapped) for claim in Claim.objects.filter(batch=batch)}
    assert found == {people[0]: (100, 200), people[1]: (200, 200), people[2]: (200, 200)}
    page = client_of(town.school_officer).get(reverse("recognition:batch", args=[batch.uuid])).content.decode()
    assert "1</span> 人受限额影响" in page
    assert "已有 3.00" in page


def test_everything_that_is_missing_is_told_together_and_nothing_goes_in(town: Cast) -> None:
    officer, people = actor_for(town.school_officer), _three(town)
    at = clock.now()
    batch = start_batch(actor=officer, at=at, kind="national-project")
    save_batch(actor=officer, at=at, batch=batch, raw={**RAW["national-project"], "number": "", "hours": "zehn"})
    list_teachers(actor=officer, at=at, batch=batch, teachers={people[0]: {"number": "GP-1"}, people[1]: {}})
    claims = list(Claim.objects.filter(batch=batch).select_related("person", "organisation"))
    found = {row.claim and row.claim.person: row.sentences for row in obstacles_of(batch, claims, clock.today())}
    assert any("佐证" in text for text in found[None])
    assert any("学时：应是数字" in text for text in found[None])
    assert found[people[1]] == ("结业证书编号：请填写。",)
    with pytest.raises(Refusal, match="处需要处理"):
        start_handing_in(actor=officer, at=at, batch=batch)
    with pytest.raises(Refusal):
        submit_batch(actor=officer, at=at, batch=batch)
    assert Claim.objects.filter(submitted_at__isnull=False).count() == 0
    discard_batch(actor=officer, at=at, batch=batch)
    assert (Claim.objects.count(), ClaimBatch.objects.count()) == (0, 0)


def test_the_same_activity_is_not_declared_twice(town: Cast) -> None:
    officer, people = actor_for(town.school_officer), _three(town)
    submit_batch(actor=officer, at=clock.now(), batch=a_batch(officer, *people[:2]))
    again = a_batch(officer, *people)
    claims = list(Claim.objects.filter(batch=again).select_related("person", "organisation"))
    found = obstacles_of(again, claims, clock.today())
    assert {row.claim.person for row in found if row.claim} == set(people[:2])
    remove_teachers(actor=officer, at=clock.now(), batch=again, claims=[row.claim for row in found if row.claim])
    assert submit_batch(actor=officer, at=clock.now(), batch=again) == 1


def test_who_declared_for_many_cannot_decide_and_a_colleague_can(town: Cast) -> None:
    officer = actor_for(town.district_officer)
    batch = a_batch(officer, town.teacher.person, kind="national-project")
    submit_batch(actor=officer, at=clock.now(), batch=batch)
    claim = Claim.objects.select_related("case").get(batch=batch)
    with pytest.raises(Refusal, match="不能由您自己审核"):
        moved(claim, (officer, "district_pass"))
    colleague = a_user(a_person(town.organisations["310101-C"], name="另一位审核员"))
    a_grant(colleague, Role.REVIEWER, town.organisations["310101-C"])
    assert moved(claim, (actor_for(colleague), "district_pass")).case.state == "city_pending"


def test_who_began_a_list_that_a_colleague_handed_in_decides_none_of_it(town: Cast) -> None:
    """Nobody decides her own: neither who wrote the list nor who handed it in, and each may take it back."""
    author, place = actor_for(town.district_officer), town.organisations["310101-C"]
    batch = a_batch(author, town.teacher.person, kind="national-project")
    others = [a_user(a_person(place, name=name)) for name in ("同事", "第三人")]
    for user in others:
        a_grant(user, Role.DISTRICT_OFFICER, place)
    colleague, third = map(actor_for, others)
    assert submit_batch(actor=colleague, at=clock.now(), batch=batch) == 1
    claim = Claim.objects.select_related("case").get(batch=batch)
    assert [inbox_of(one, clock.now()).count() for one in (author, colleague, third)] == [0, 0, 1]
    for one in (author, colleague):
        with pytest.raises(Refusal, match="不能由您自己审核"):
            moved(claim, (one, "district_pass"))
    assert withdraw_batch(actor=author, at=clock.now(), batch=batch).withdrawn == 1


def test_who_has_left_the_place_leaves_her_lists_to_it(town: Cast) -> None:
    officer = actor_for(town.school_officer)
    batch = a_batch(officer, town.teacher.person)
    moved_on = a_grant(town.school_officer, Role.SCHOOL_OFFICER, town.sister_school)
    elsewhere = actor_of(moved_on)
    assert not batches_of(elsewhere).exists()
    with pytest.raises(Refusal, match="批量申报"):
        submit_batch(actor=elsewhere, at=clock.now(), batch=batch)


def test_taken_back_what_is_decided_stays_and_the_rest_can_be_declared_anew(town: Cast) -> None:
    officer, people = actor_for(town.school_officer), _three(town)
    batch = a_batch(officer, *people)
    submit_batch(actor=officer, at=clock.now(), batch=batch)
    moved(Claim.objects.get(batch=batch, person=people[0]), (actor_for(town.district_officer), "district_pass"))
    with_city = Claim.objects.get(batch=batch, person=people[0]).case
    moved(Claim.objects.get(batch=batch, person=people[1]), (actor_for(town.district_officer), "district_refuse"))
    back = withdraw_batch(actor=officer, at=clock.now(), batch=batch, reason="日期有误")
    assert (back.withdrawn, back.kept) == ((1, 2) if with_city.closed_at else (2, 1))
    fresh = copy_batch(actor=officer, at=clock.now(), batch=batch)
    assert fresh.values == batch.values
    assert people[1] in {claim.person for claim in Claim.objects.filter(batch=fresh)}


def test_a_teacher_of_another_place_is_refused_by_name(town: Cast) -> None:
    officer = actor_for(town.school_officer)
    batch = a_batch(officer)
    with pytest.raises(Refusal, match="刘洋"):
        list_teachers(
            actor=officer,
            at=clock.now(),
            batch=batch,
            teachers={town.stranger_teacher.person: {}, town.teacher.person: {}},
        )
    assert Claim.objects.count() == 0


def test_a_pasted_list_goes_in_whole_or_not_at_all_and_twice_is_once(town: Cast) -> None:
    people = [*_three(town), a_person(town.school, name="周洁")]
    officer = actor_for(town.school_officer)
    batch = a_batch(officer)
    browser = browser_of(town.school_officer, "batch-teachers")
    address = reverse("recognition:batch-paste", args=[batch.uuid])

    def pasted(lines: str) -> Import:
        response = browser.client.post(address, {"lines": lines})
        return Import.objects.get(uuid=response["Location"].split("/")[-2])

    wrong = pasted("张敏\n周洁\n刘洋\n吴婷 X99999\n")
    said = {finding.title for finding in wrong.findings.all()}
    assert said == {"同名", "没有找到的人"}
    assert wrong.findings.count() == 3
    # Whose number it is, is not told of people elsewhere.
    strange = pasted(f"赵无\t{town.stranger_teacher.person.code}\n")
    assert {(row.title, "刘洋" in row.says) for row in strange.findings.all()} == {("没有找到的人", False)}
    assert Claim.objects.count() == 0
    right = f"姓名\t编号\t学时\n张敏\t\t4\n周洁\t{people[1].code}\t\n吴婷\t\t"
    assert browser.apply(pasted(right))["new"] == 3
    assert {claim.hours for claim in Claim.objects.filter(person=town.teacher.person)} == {400}
    again = pasted(right)
    assert (again.counts["new"], again.counts["changed"], again.counts["same"]) == (0, 0, 3)


def test_pages_are_for_whoever_declares_at_the_place(town: Cast) -> None:
    batch = a_batch(actor_for(town.school_officer), town.teacher.person)
    nobody = {"teacher": 403, "stranger_teacher": 403, "anonymous": 302, "city_officer": 403}
    for name in ("batches", "new-batch"):
        found = statuses(town, reverse(f"recognition:{name}"))
        assert found == {**nobody, "school_officer": 200, "district_officer": 200, "stranger_officer": 200}
    for name in ("batch", "batch-teachers", "batch-paste", "batch-own"):
        found = statuses(town, reverse(f"recognition:{name}", args=[batch.uuid]))
        assert found == {**nobody, "school_officer": 200, "district_officer": 403, "stranger_officer": 403}
    piece = batch.evidence.get()
    assert client_of(town.school_officer).get(reverse("recognition:evidence", args=[piece.uuid])).status_code == 200
    assert client_of(town.teacher).get(reverse("recognition:evidence", args=[piece.uuid])).status_code == 403
    assert [row.pk for row in batches_of(actor_for(town.school_officer))] == [batch.pk]


def test_nobody_else_changes_a_batch(town: Cast) -> None:
    """Officers who may declare for many, of another place or above: each verb is refused and nothing has changed."""
    batch = a_batch(actor_for(town.school_officer), town.teacher.person)
    piece, words = batch.evidence.get(), batch.values
    said = {"piece": str(piece.uuid), "lines": "张敏", "title": "另一项", "reason": "x"}
    names = [f"{verb}-batch" for verb in ("save", "submit", "withdraw", "discard", "copy")]
    names += ["batch-attach", "batch-detach"]
    for user in (town.stranger_officer, town.district_officer):
        client = client_of(user)
        found = {client.post(reverse(f"recognition:{name}", args=[batch.uuid]), said).status_code for name in names}
        assert found == {403}
    batch.refresh_from_db()
    assert (batch.values, batch.submitted_at, list(batch.evidence.all())) == (words, None, [piece])
    officer = client_of(town.school_officer)
    address = reverse("recognition:batch-detach", args=[batch.uuid])
    assert officer.post(address, {"piece": "not a number"}).status_code == 404
    assert officer.post(address, {"piece": str(piece.uuid)}).status_code == 302
    assert not batch.evidence.exists()


def _queries(cast: Cast, address: str) -> int:
    client = client_of(cast.school_officer)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_pages_ask_the_same_with_one_teacher_and_with_three(town: Cast) -> None:
    officer, people = actor_for(town.school_officer), _three(town)
    one, three = a_batch(officer, people[0]), a_batch(officer, *people)
    for name in ("batch", "batch-teachers", "batch-own"):
        counts = {_queries(town, reverse(f"recognition:{name}", args=[batch.uuid])) for batch in (one, three)}
        assert len(counts) == 1, name
    before = _queries(town, reverse("recognition:batches"))
    submit_batch(actor=officer, at=clock.now(), batch=three)
    a_batch(officer, people[0])
    assert _queries(town, reverse("recognition:batches")) == before
    assert _queries(town, reverse("recognition:batch", args=[three.uuid])) == 15


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_hand_the_same_list_in_once(town: Cast) -> None:
    officer, people = actor_for(town.school_officer), _three(town)
    batch = a_batch(officer, *people)
    one = partial(submit_batch, actor=officer, at=clock.now())
    results = at_once([lambda: one(batch=ClaimBatch.objects.get(pk=batch.pk)) for _ in range(3)])
    assert sorted(results) == [0, 0, 3]
    assert Claim.objects.filter(submitted_at__isnull=False).count() == 3
