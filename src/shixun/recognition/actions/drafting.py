"""A claim before it is handed in: begun, saved as it is typed, its evidence, put away again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import localtime

from rulebook.claims import ClaimWorth, is_open
from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.attachments import Attachment, store_attachment
from shixun.kernel.files import remove
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.models import Organisation, Person
from shixun.people.queries import main_appointment
from shixun.recognition.actions.holding import held_evidence, locked_claim
from shixun.recognition.actions.prints import take_print
from shixun.recognition.actions.reading import claim_ground, described, put_in
from shixun.recognition.facts import kinds_offered
from shixun.recognition.models import Claim, ClaimBatch, Evidence
from shixun.recognition.permissions import can_declare_for, can_edit_claim, can_see_claim
from shixun.recognition.queries.claims import evidence_of

MOST_FILES = 12


def start_claim(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    kind: str,
    batch: ClaimBatch | None = None,
    uuid: UUID | None = None,
) -> Claim:
    """Begin a claim of a kind for somebody. Raises ``Refusal`` for a kind that the actor may not declare there."""
    demand(can_declare_for, actor, person)
    today = localtime(at).date()
    held = main_appointment(person, today)
    if held is None:
        raise Refusal(
            f"{person.name}目前没有任职，不能申报学分。", who_can="请由学校师训专管员先登记任职。", status=409
        )
    offered = {row.id: row for row in kinds_offered(held.organisation, actor.role, today, for_many=batch is not None)}
    if kind not in offered:
        raise _not_offered(held.organisation, kind, today)
    claim = Claim(
        uuid=uuid or uuid4(),
        person=person,
        organisation=held.organisation,
        kind=kind,
        policy_id=offered[kind].article.partition(":")[0],
        account=offered[kind].account,
        batch=batch,
        declared_by=actor.user,
        declared_as=actor.role,
        created_at=at,
        saved_at=at,
    )
    with transaction.atomic():
        claim.save(force_insert=True)
        audit.record(
            actor=actor,
            at=at,
            action="claim.begun",
            subject_kind="recognition.claim",
            subject_uuid=claim.uuid,
            organisation=claim.organisation,
            after={"kind": kind, "person": str(person.uuid)},
        )
    return claim


def _not_offered(organisation: Organisation, kind: str, today: Any) -> Refusal:
    ground = claim_ground(organisation, kind, today)
    if ground is not None and not is_open(ground.kind, ground.local):
        return Refusal(
            f"本地区没有开通“{ground.kind.name}”。", basis=ground.kind.article, who_can="由区县在本区规则中开通。"
        )
    who = {"teacher": "教师本人", "school_officer": "学校", "district_officer": "区县", "institution": "培训机构"}
    named = "、".join(who[row] for row in ground.kind.declared_by) if ground else ""
    return Refusal(
        f"“{ground.kind.name}”由{named}申报。" if ground else "现行政策没有这种申报。", who_can="请换一种申报。"
    )


def save_draft(*, actor: Actor, at: datetime, claim: Claim, raw: Mapping[str, Any]) -> ClaimWorth:
    """Keep what was typed so far, whatever is still missing or wrong, and say what it would be worth.

    No event for each key that is pressed: what is handed in is recorded when it is.
    """
    with transaction.atomic():
        held = held_to_edit(actor, claim)
        worth = put_in(held, raw, localtime(at).date())
        held.saved_at = at
        held.save()
    claim.refresh_from_db()
    return worth


def held_to_edit(actor: Actor, claim: Claim) -> Claim:
    """The claim held for a change; whether it may be changed is asked of what it is now, not of what a page showed."""
    held = locked_claim(claim)
    if held.case is not None and held.case.state != "returned" and can_see_claim(actor, held):
        raise Refusal(
            f"这项申报现在是“{held.case.declared_state.title}”，不能修改，没有保存。",
            who_can="请刷新页面，看过最新情况；需要改的，等退回补充，或撤回后重新申报。",
            status=409,
        )
    demand(can_edit_claim, actor, held)
    return held


def attach_evidence(*, actor: Actor, at: datetime, claim: Claim, upload: BinaryIO, name: str, size: int) -> Evidence:
    """Keep a photo or PDF behind a claim. Raises ``Refusal`` for another kind of file, or one too many."""
    with transaction.atomic():
        held = held_to_edit(actor, claim)
        if held.evidence.count() >= MOST_FILES:
            raise Refusal(f"佐证材料最多 {MOST_FILES} 份。", who_can="请先删去不需要的。", status=409)
        evidence = keep_evidence(actor=actor, at=at, kept=store_attachment(upload, name=name, size=size, at=at))
        held.evidence.add(evidence)
        _tell(held, actor, at, "evidence.stored", evidence)
    return evidence


def keep_evidence(*, actor: Actor, at: datetime, kept: Attachment) -> Evidence:
    """A row for a stored attachment, with its print where it is a photo."""
    evidence = Evidence.objects.create(
        file=kept.file,
        owner=actor.user,
        received=kept.received,
        width=kept.width,
        height=kept.height,
        created_at=at,
    )
    take_print(evidence)
    return evidence


def detach_evidence(*, actor: Actor, at: datetime, claim: Claim, evidence: Evidence) -> None:
    """Take a file away from a claim; its content goes where no other claim and no earlier review needs it."""
    with transaction.atomic():
        held = held_to_edit(actor, claim)
        held_evidence(Evidence.objects.filter(pk=evidence.pk))
        held.evidence.remove(evidence)
        _tell(held, actor, at, "evidence.removed", evidence)
        shared = evidence.claims.exists() or evidence.batches.exists()
        if not shared and held.case is None:
            remove(evidence.file, at=at)


def _tell(claim: Claim, actor: Actor, at: datetime, action: str, evidence: Evidence) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="recognition.claim",
        subject_uuid=claim.uuid,
        organisation=claim.organisation,
        after={"file": evidence.file.name, "sha256": evidence.file.sha256},
    )


@transaction.atomic
def discard_claim(*, actor: Actor, at: datetime, claim: Claim) -> None:
    """Remove a draft that was never handed in. Raises ``Refusal`` once it was."""
    held = held_to_edit(actor, claim)
    if held.submitted_at is not None:
        raise Refusal("已经提交过的申报不能删除。", who_can="可以撤回，记录会留存。", status=409)
    for evidence in evidence_of(held):
        detach_evidence(actor=actor, at=at, claim=held, evidence=evidence)
    audit.record(
        actor=actor,
        at=at,
        action="claim.discarded",
        subject_kind="recognition.claim",
        subject_uuid=held.uuid,
        organisation=held.organisation,
        before=described(held),
    )
    held.delete()


def is_own(actor: Actor, claim: Claim) -> bool:
    """Does a teacher declare for herself?"""
    return actor.role == Role.TEACHER and actor.person is not None and actor.person.pk == claim.person_id
