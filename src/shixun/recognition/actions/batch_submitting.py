"""Handing in one activity declared for many: every claim in one transaction, once; and taking the whole of it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from shixun.approvals.actions import move_case
from shixun.approvals.models import Case
from shixun.kernel import audit, clock
from shixun.kernel.access import demand
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor, actor_restored
from shixun.recognition.actions.batches import locked_batch
from shixun.recognition.actions.holding import held_evidence, hold_persons
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.choices import DECLARE
from shixun.recognition.facts import merged_values
from shixun.recognition.models import ClaimBatch
from shixun.recognition.permissions import can_declare_for, can_use_batch
from shixun.recognition.queries.batches import batch_kind, claims_of_batch, obstacles_of
from shixun.terms.permissions import demand_open
from shixun.terms.queries import window_words

HAND_IN = "claims.batch"
# A list no longer than this is handed in while the person waits.
_SMALL = 30


def start_handing_in(*, actor: Actor, at: datetime, batch: ClaimBatch) -> Job | None:
    """A job that hands in every claim of a batch, all or nothing; None where that was done before.

    A double click or two colleagues at once start one job. Raises ``Refusal`` while anything is missing or wrong.
    """
    demand(can_use_batch, actor, batch)
    batch.refresh_from_db()
    if batch.submitted_at is not None:
        return None
    if window_words(DECLARE, batch.organisation, at).kind != "never":
        demand_open(purpose=DECLARE, organisation=batch.organisation, at=at)
    claims = list(claims_of_batch(batch))
    obstacles = obstacles_of(batch, claims, localtime(at).date())
    if obstacles:
        raise Refusal(
            f"还有 {sum(len(row.sentences) for row in obstacles)} 处需要处理，没有提交。",
            who_can="请看“提交以前”一栏，改好后再提交。",
            status=409,
        )
    return start_job(
        actor=actor,
        at=at,
        kind=HAND_IN,
        title=f"提交 {batch.title}（{len(claims)} 人）"[:160],
        arguments={"batch": str(batch.uuid), "grant": str(actor.authority) if actor.authority else None},
        key=f"{HAND_IN}:{batch.uuid}",
        at_once=len(claims) <= _SMALL,
    )


def hand_in_batch(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker in one transaction: cancelled or broken off half-way, nothing is handed in."""
    grant = job.arguments["grant"]
    actor = actor_restored(UUID(grant) if grant else None, clock.today())
    batch = ClaimBatch.objects.get(uuid=job.arguments["batch"])
    return {"submitted": submit_batch(actor=actor, at=clock.now(), batch=batch, work=work)}


@transaction.atomic
def submit_batch(*, actor: Actor, at: datetime, batch: ClaimBatch, work: Work | None = None) -> int:
    """Hand in every claim of a batch; how many. One that was handed in before stays as it is and gives 0.

    Raises ``Refusal`` with every claim that cannot go in; then none does.
    """
    demand(can_use_batch, actor, batch)
    held = locked_batch(batch)
    if held.submitted_at is not None:
        return 0
    kind = batch_kind(held, localtime(at).date())
    claims = list(claims_of_batch(held))
    hold_persons(claim.person_id for claim in claims)
    if kind is None or not claims:
        raise Refusal("名单上还没有教师，没有提交。", who_can="请先加入教师。", status=409)
    evidence = held_evidence(held.evidence.all())
    refused: list[str] = []
    for number, claim in enumerate(claims):
        if work is not None:
            work.report(number, len(claims), "正在提交")
        claim.values = merged_values(held, claim.values, kind)
        claim.save(update_fields=["values"])
        claim.evidence.set(evidence)
        try:
            demand(can_declare_for, actor, claim.person)
            with transaction.atomic():
                submit_claim(actor=actor, at=at, claim=claim)
        except Refusal as refusal:
            refused.append(f"{claim.person.name}：{refusal.sentence}")
    if refused:
        raise Refusal("".join(refused)[:2_000], who_can="改好后再提交，全部的申报都没有提交。", status=409)
    held.submitted_at = at
    held.save(update_fields=["submitted_at"])
    batch.submitted_at = at
    _tell(held, actor, at, "claim_batch.submitted", {"title": held.title, "claims": len(claims)})
    return len(claims)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of a batch taken back: how many claims were withdrawn, and those that were decided before."""

    withdrawn: int
    kept: int


def withdraw_batch(*, actor: Actor, at: datetime, batch: ClaimBatch, reason: str = "") -> TakenBack:
    """Withdraw every claim of a batch that is still under way; what is decided already stays as it is."""
    demand(can_use_batch, actor, batch)
    withdrawn = kept = 0
    with transaction.atomic():
        held = locked_batch(batch)
        if held.submitted_at is None:
            raise Refusal("这份批量申报还没有提交，可以直接删除。", status=409)
        for claim in claims_of_batch(held):
            if claim.case is None or claim.case.closed_at is not None:
                kept += 1
                continue
            try:
                with transaction.atomic():
                    move_case(actor=actor, at=at, case=claim.case, action="withdraw", reason=reason[:400])
            except Refusal:
                if not Case.objects.filter(pk=claim.case.pk, closed_at__isnull=False).exists():
                    raise
                # Decided between our look and our withdrawal: the decision stays.
                kept += 1
            else:
                withdrawn += 1
        if withdrawn:
            said = {"withdrawn": withdrawn, "kept": kept, "reason": reason[:400]}
            _tell(held, actor, at, "claim_batch.withdrawn", said)
    return TakenBack(withdrawn, kept)


def _tell(batch: ClaimBatch, actor: Actor, at: datetime, action: str, said: dict[str, Any]) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="recognition.claim_batch",
        subject_uuid=batch.uuid,
        organisation=batch.organisation,
        after=said,
    )
