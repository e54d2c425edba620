"""Settling credits between districts (CL-14): the home district accepts, either queries, the city settles."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.recognition.choices import SettlementState
from shixun.recognition.models import Claim, Settlement
from shixun.recognition.permissions import (
    can_accept_settlement,
    can_answer_settlement,
    can_query_settlement,
    can_settle,
)


def _held(row: Settlement) -> Settlement:
    rows = Settlement.objects.select_for_update(of=("self",)).select_related("home", "host", "claim", "queried_by")
    return rows.get(pk=row.pk)


def _refuse_unless(row: Settlement, *states: SettlementState, what: str) -> None:
    if row.state not in states:
        raise Refusal(
            f"这笔跨区结算现在是“{row.get_state_display()}”，不能{what}。", who_can="请刷新页面看最新情况。", status=409
        )


@transaction.atomic
def accept_settlements(*, actor: Actor, at: datetime, rows: Iterable[Settlement]) -> int:
    """The home district accepts what was provided to its teachers; what is queried stays. How many."""
    done = 0
    for row in sorted(rows, key=lambda row: row.pk):
        demand(can_accept_settlement, actor, row)
        held = _held(row)
        if held.state == SettlementState.OPEN:
            held.state, held.accepted_by, held.accepted_at = SettlementState.ACCEPTED, actor.user, at
            held.save(update_fields=["state", "accepted_by", "accepted_at"])
            _tell(held, actor, at, "settlement.accepted", {})
            done += 1
    return done


@transaction.atomic
def settle(*, actor: Actor, at: datetime, rows: Iterable[Settlement]) -> int:
    """The city settles what has been accepted; anything else stays as it is. How many."""
    done = 0
    for row in sorted(rows, key=lambda row: row.pk):
        demand(can_settle, actor, row)
        held = _held(row)
        if held.state == SettlementState.ACCEPTED:
            held.state, held.settled_by, held.settled_at = SettlementState.SETTLED, actor.user, at
            held.save(update_fields=["state", "settled_by", "settled_at"])
            _tell(held, actor, at, "settlement.settled", {"credits": held.credits, "hours": held.hours})
            done += 1
    return done


@transaction.atomic
def query_settlement(*, actor: Actor, at: datetime, row: Settlement, text: str) -> None:
    """One of the two districts says what is doubtful; it is not settled before somebody else has answered."""
    demand(can_query_settlement, actor, row)
    held = _held(row)
    _refuse_unless(held, SettlementState.OPEN, SettlementState.ACCEPTED, what="提出疑问")
    if not text.strip():
        raise Refusal("请写明有什么疑问，没有提出。", status=409)
    held.state, held.query, held.queried_by, held.queried_at = (
        SettlementState.QUERIED, text.strip()[:400], actor.user, at,
    )  # fmt: skip
    held.answer, held.answered_by, held.answered_at = "", None, None
    held.accepted_by, held.accepted_at = None, None
    held.save()
    _tell(held, actor, at, "settlement.queried", {"reason": held.query})


@transaction.atomic
def answer_settlement(*, actor: Actor, at: datetime, row: Settlement, text: str) -> None:
    """Answer a query; the home district then accepts, or asks again."""
    held = _held(row)
    demand(can_answer_settlement, actor, held)
    _refuse_unless(held, SettlementState.QUERIED, what="答复")
    if not text.strip():
        raise Refusal("请写明答复，没有保存。", status=409)
    held.state, held.answer = SettlementState.OPEN, text.strip()[:400]
    held.answered_by, held.answered_at = actor.user, at
    held.save()
    _tell(held, actor, at, "settlement.answered", {"reason": held.answer})


def take_back_settlement(*, actor: Actor, at: datetime, claim: Claim) -> None:
    """Follow a claim whose credits are taken back: what is not settled falls away, what is settled is deducted.

    The deduction goes the way of any settlement: accepted by the home district, settled by the city.
    """
    row = Settlement.objects.select_for_update(of=("self",)).filter(claim=claim, corrects=None).first()
    if row is None:
        return
    if row.state != SettlementState.SETTLED:
        row.state = SettlementState.VOID
        row.save(update_fields=["state"])
        _tell(row, actor, at, "settlement.void", {})
        return
    made = Settlement.objects.create(
        claim=claim,
        corrects=row,
        home=row.home,
        host=row.host,
        hours=-row.hours,
        credits=-row.credits,
        recognised_on=localtime(at).date(),
    )
    _tell(made, actor, at, "settlement.deducted", {"credits": made.credits, "hours": made.hours})


def _tell(row: Settlement, actor: Actor, at: datetime, action: str, said: dict[str, Any]) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="recognition.settlement",
        subject_uuid=row.uuid,
        organisation=row.home,
        after={"home": row.home.name, "host": row.host.name, "claim": str(row.claim.uuid), **said},
    )
