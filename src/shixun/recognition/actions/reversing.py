"""Taking posted credits back: asked for with a ground, decided in a chain of its own, entered once as a reversal."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from rulebook.amounts import show_amount
from shixun.approvals.actions import move_case, open_case
from shixun.approvals.flows import Transition
from shixun.approvals.models import Case
from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.ledger.actions import reverse_entry
from shixun.ledger.content import Recognition
from shixun.ledger.queries import entry_of_key
from shixun.people.acting import Actor
from shixun.recognition.actions.holding import locked_claim
from shixun.recognition.actions.settlements import take_back_settlement
from shixun.recognition.choices import REPAYMENT_FLOW, REVERSAL_FLOW, ReversalGround
from shixun.recognition.models import Claim, ReversalRequest
from shixun.recognition.permissions import can_ask_reversal, can_repay_loan


@transaction.atomic
def request_reversal(*, actor: Actor, at: datetime, claim: Claim, ground: str, reason: str) -> ReversalRequest:
    """Ask for posted credits to be taken back, or pay a loan back; one open request of a claim at a time.

    Raises ``Refusal`` where nothing is posted, it is taken back already, or a request is open.
    """
    is_repaid = ground == ReversalGround.REPAID
    demand(can_repay_loan if is_repaid else can_ask_reversal, actor, claim)
    held = locked_claim(claim)
    if held.posted_at is None or held.reversed_at is not None:
        raise Refusal("这项申报没有登记着的学分，不能更正。", status=409)
    if not reason.strip():
        raise Refusal("请写明理由，没有提出。", status=409)
    open_one = ReversalRequest.objects.filter(claim=held, case__closed_at=None).exclude(case=None).first()
    if open_one is not None:
        raise Refusal("这项申报已经有一份更正申请在办理。", who_can="请等待其结论。", status=409)
    row = ReversalRequest(
        claim=held, ground=ground, reason=reason.strip()[:400], requested_by=actor.user, created_at=at
    )
    row.save(force_insert=True)
    row.case = open_case(
        actor=actor,
        at=at,
        flow=REPAYMENT_FLOW if is_repaid else REVERSAL_FLOW,
        subject_kind="recognition.reversal",
        subject_uuid=row.uuid,
        title=f"{held.person.name}：{row.get_ground_display()}“{held.title}”"[:200],
        organisation=held.organisation,
        person=held.person,
        content={
            "shown": {
                "教师": held.person.name,
                "学分": show_amount(held.credits),
                "事由": row.get_ground_display(),
                "理由": row.reason,
            }
        },
    )
    row.save(update_fields=["case"])
    row.case = move_case(actor=actor, at=at, case=row.case, action="submit")
    audit.record(
        actor=actor,
        at=at,
        action="reversal.requested",
        subject_kind="recognition.claim",
        subject_uuid=held.uuid,
        organisation=held.organisation,
        after={"ground": ground, "reason": row.reason},
    )
    return row


def check_move(*, case: Case, transition: Transition, actor: Actor, at: datetime) -> None:
    """A claim whose credits are gone by now cannot be taken back again. Raises ``Refusal``."""
    if transition.key == "reverse" and request_of_case(case).claim.reversed_at is not None:
        raise Refusal("这笔学分已经更正过，不能再次更正。", status=409)


def request_of_case(case: Case) -> ReversalRequest:
    """The request a case is about."""
    rows = ReversalRequest.objects.select_related("claim__person", "claim__organisation", "claim__case")
    return rows.get(uuid=case.subject_uuid)


def reverse_posted(*, case: Case, actor: Actor, at: datetime) -> None:
    """Enter the reversal of a claim's entry, once; a settlement still open falls away, one made is corrected."""
    request = request_of_case(case)
    claim = locked_claim(request.claim)
    if claim.reversed_at is not None:
        return
    entry = entry_of_key(claim.posting_key)
    if entry is None:
        raise Refusal("没有找到这项申报登记的明细，不能更正。", who_can="请联系系统管理员。", status=409)
    organisation = actor.organisation or case.organisation
    reverse_entry(
        actor=actor,
        at=at,
        entry=entry,
        reason=f"{request.get_ground_display()}：{request.reason}"[:400],
        idempotency_key=claim.reversal_key,
        recognition=Recognition(organisation, localtime(at).date(), str(case.uuid)),
    )
    claim.reversed_at = at
    claim.save(update_fields=["reversed_at"])
    take_back_settlement(actor=actor, at=at, claim=claim)
    audit.record(
        actor=actor,
        at=at,
        action="claim.reversed",
        subject_kind="recognition.claim",
        subject_uuid=claim.uuid,
        organisation=claim.organisation,
        after={"ground": request.ground, "reason": request.reason, "key": claim.reversal_key},
    )
