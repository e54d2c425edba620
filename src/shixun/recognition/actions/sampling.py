"""Sampled rounds (抽查审核): draw a share, look at it in full, pass the rest with one key, or look at all (RW-05)."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction

from rulebook.draws import SEED_BYTES, draw, sample_size
from shixun.approvals.actions import move_case
from shixun.approvals.flows import Transition, flow_of
from shixun.approvals.models import Case
from shixun.kernel import audit, clock
from shixun.kernel.access import demand
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor, actor_restored
from shixun.people.models import Organisation
from shixun.recognition.actions.holding import hold_persons
from shixun.recognition.choices import CLAIM_FLOW, RoundState, Verdict
from shixun.recognition.models import Adjustment, Claim, SamplingItem, SamplingRound
from shixun.recognition.permissions import can_sample, can_work_on_round
from shixun.recognition.queries.rounds import (
    STATES,
    cases_to_sample,
    items_gone,
    items_left,
    items_of,
    items_to_see,
    place_of,
)

REST = "claims.pass-rest"
SHARES = (5, 10, 20, 30, 50)
LEAST_CLAIMS, LEAST_DRAWN, MOST_CLAIMS = 5, 3, 2_000
# So few are passed while the person waits.
_SMALL = 25


def look_again(*, case: Case, actor: Actor, at: datetime) -> None:
    """A decision of a round was taken back: what it said of the sample is void, and the claim is looked at anew."""
    item = SamplingItem.objects.filter(claim__case=case, round__closed_at=None).exclude(verdict="").first()
    if item is None:
        return
    item.verdict, item.note, item.seen_by, item.seen_at, item.version = "", "", None, None, case.version
    item.save(update_fields=["verdict", "note", "seen_by", "seen_at", "version"])
    _tell(item.round, actor, at, "sampling.looked_again", {"position": item.position})


@transaction.atomic
def open_round(
    *, actor: Actor, at: datetime, state: str, share: int, kind: str = "", title: str = "", seed: bytes | None = None
) -> SamplingRound:
    """Draw ``share`` percent of the claims of a level that wait for the actor; those are to be looked at in full.

    Raises ``Refusal`` for too few claims, or another share than those stated.
    """
    demand(can_sample, actor)
    if state not in STATES or share not in SHARES or actor.organisation is None:
        raise Refusal("请选择审核级和抽查比例。", status=409)
    # Whoever opens a round at this place waits here, so that no claim comes into two.
    place = Organisation.objects.select_for_update(of=("self",)).get(pk=place_of(actor.organisation).pk)
    cases = {str(case.subject_uuid): case for case in cases_to_sample(actor, at, state, kind)[:MOST_CLAIMS]}
    if len(cases) < LEAST_CLAIMS:
        raise Refusal(
            f"可以抽查的只有 {len(cases)} 项，少于 {LEAST_CLAIMS} 项，没有发起。",
            who_can="请在“待办”中逐件审核。",
            status=409,
        )
    seed = seed or secrets.token_bytes(SEED_BYTES)
    take = sample_size(len(cases), Fraction(share, 100), LEAST_DRAWN)
    drawn = draw(seed, list(cases), take)
    words = flow_of(CLAIM_FLOW).state(state).title
    row = SamplingRound.objects.create(
        organisation=place,
        level=flow_of(CLAIM_FLOW).state(state).level,
        title=f"{words}：{title or '全部种类'} {len(cases)} 项"[:120],
        share=share,
        seed=seed.hex(),
        commitment=drawn.commitment,
        digest=drawn.digest,
        number=len(cases),
        drawn=take,
        opened_by=actor.user,
        opened_at=at,
    )
    claims = dict(Claim.objects.filter(uuid__in=list(cases)).values_list("uuid", "pk"))
    SamplingItem.objects.bulk_create(
        SamplingItem(
            round=row,
            claim_id=claims[UUID(key)],
            position=place_in_order,
            version=cases[key].version,
            is_drawn=place_in_order <= take,
        )
        for place_in_order, key in enumerate(drawn.order, start=1)
    )
    said = {"title": row.title, "share": share, "number": row.number, "drawn": take, "seed": row.seed}
    _tell(row, actor, at, "sampling.opened", {**said, "digest": row.digest})
    return row


def _held(actor: Actor, row: SamplingRound) -> SamplingRound:
    """The round as it is now, held. Raises ``Refusal`` once it is over."""
    demand(can_work_on_round, actor, row)
    rows = SamplingRound.objects.select_for_update(of=("self",)).select_related("organisation", "opened_by__person")
    held = rows.get(pk=row.pk)
    if held.closed_at is not None:
        raise Refusal(
            f"这次抽查{held.get_state_display()}，不能再办理。", who_can="请看结果，或发起新的一次。", status=409
        )
    return held


def pass_move(state: str) -> str:
    """The move by which a reviewer passes a claim out of a state."""
    return flow_of(CLAIM_FLOW).way_on(state).key


def refuse_many(move: Transition, number: int) -> Refusal | None:
    """Why so many claims cannot be passed with one key: from the number on that can be sampled, a sample comes first.

    Returning or refusing many at once needs no sample: nothing is posted by it.
    """
    if move.needs_reason or number < LEAST_CLAIMS:
        return None
    return Refusal(
        f"一次通过 {number} 项申报，须先抽查：按比例抽出的完整核查，没有差错的其余才能一键通过。",
        basis="抽查审核",
        who_can=f"请到“抽查审核”发起，或每次选不超过 {LEAST_CLAIMS - 1} 项，看过材料后通过。",
        status=409,
    )


@transaction.atomic
def decide_item(
    *, actor: Actor, at: datetime, item: SamplingItem, action: str, reason: str = "", is_wrong: bool = False
) -> SamplingItem:
    """Decide one claim that was looked at in full, and write down whether it was right.

    Anything but passing it as declared is an error found: a return, a refusal, other hours set at this level, or what
    the officer says herself. From the first error on, all of the round is to be looked at. Raises ``Refusal`` where
    somebody has looked at it before, it was not drawn, or it has left the level.
    """
    row = _held(actor, item.round)
    held = SamplingItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if held.verdict:
        raise Refusal(
            f"这一项已经由{held.seen_by or '系统'}核查过：{held.get_verdict_display()}。",
            who_can="请核查下一项。",
            status=409,
        )
    if not held.is_drawn and row.state != RoundState.FAULTY:
        raise Refusal("这一项没有抽中，不需要单独核查。", status=409)
    case = Claim.objects.select_related("case").get(pk=held.claim_id).case
    if case is None or case.version != held.version:
        raise Refusal("这项申报已经不在本级，可能刚刚撤回。", who_can="请核查下一项。", status=409)
    adjusted = Adjustment.objects.filter(claim=held.claim_id, level=row.level, at__gte=row.opened_at).exists()
    wrong = is_wrong or adjusted or action != pass_move(case.state)
    if wrong and not reason.strip():
        raise Refusal("有差错的须写明是什么差错，没有办理。", who_can="请写明理由后再办理。", status=409)
    held.verdict = Verdict.WRONG if wrong else Verdict.RIGHT
    held.note, held.seen_by, held.seen_at = reason.strip()[:200], actor.user, at
    # Written before the move: what was looked at in its round may be decided.
    held.save(update_fields=["verdict", "note", "seen_by", "seen_at"])
    move_case(actor=actor, at=at, case=case, action=action, reason=reason, expected=held.version)
    if wrong:
        _find_fault(row, held, actor, at, held.note)
    _close_if_all_seen(row, actor, at)
    item.verdict, item.round = held.verdict, row
    return held


def _find_fault(row: SamplingRound, item: SamplingItem, actor: Actor, at: datetime, note: str) -> None:
    if row.state == RoundState.OPEN:
        row.state = RoundState.FAULTY
        row.save(update_fields=["state"])
        _tell(row, actor, at, "sampling.faulty", {"position": item.position, "note": note})


def hold_round_of(claim: Claim) -> SamplingItem | None:
    """The claim's place in a round that is under way, the round held until the transaction ends."""
    item = SamplingItem.objects.filter(claim=claim, round__closed_at=None).first()
    if item is None:
        return None
    rows = SamplingRound.objects.select_for_update(of=("self",)).select_related("organisation")
    item.round = rows.get(pk=item.round_id)
    return item if item.round.closed_at is None else None


def note_adjusted(*, actor: Actor, at: datetime, item: SamplingItem, version: int, memo: str) -> None:
    """Other figures were set for a claim of a round, which ``hold_round_of`` holds: it is still the claim drawn.

    One that was not drawn is an error found all the same: nobody may say that none was, and pass the rest.
    """
    SamplingItem.objects.filter(pk=item.pk).update(version=version)
    if not item.is_drawn:
        _find_fault(item.round, item, actor, at, f"没有抽中的一项核定过：{memo}"[:200])


def _close_if_all_seen(row: SamplingRound, actor: Actor, at: datetime) -> None:
    """A round of which everything was looked at is over; one whose rest may be passed waits for the key."""
    if items_to_see(row).exists() or (row.state == RoundState.OPEN and items_left(row).exists()):
        return
    row.state = RoundState.PASSED if row.state == RoundState.OPEN else row.state
    _close(row, actor, at, {"seen": items_of(row).exclude(verdict="").count(), "passed": 0})


def _close(row: SamplingRound, actor: Actor, at: datetime, said: Mapping[str, Any]) -> None:
    row.gone, row.closed_at = items_gone(row).count(), at
    row.save(update_fields=["state", "gone", "closed_at"])
    _tell(row, actor, at, "sampling.closed", {"state": row.state, **said})


def start_passing(*, actor: Actor, at: datetime, row: SamplingRound) -> Job:
    """A job that passes the rest of a round; a double click or two officers at once start one.

    Raises ``Refusal`` while anything drawn has not been looked at, and where an error was found.
    """
    demand(can_work_on_round, actor, row)
    _refuse_unless_clean(row)
    return start_job(
        actor=actor,
        at=at,
        kind=REST,
        title=f"通过其余申报 {row.title}"[:160],
        arguments={"round": str(row.uuid), "grant": str(actor.authority) if actor.authority else None},
        key=f"{REST}:{row.uuid}",
        at_once=items_left(row).count() <= _SMALL,
    )


def may_pass(row: SamplingRound) -> bool:
    """Is everything there for the one key?"""
    try:
        _refuse_unless_clean(row)
    except Refusal:
        return False
    return items_left(row).exists()


def _refuse_unless_clean(row: SamplingRound) -> None:
    if row.state == RoundState.FAULTY:
        raise Refusal(
            "抽查发现了差错，其余的不能一键通过。", basis="发现差错的抽查须全部逐件审核。",
            who_can="请继续逐件核查。", status=409,
        )  # fmt: skip
    left = items_to_see(row).count()
    if left:
        raise Refusal(f"抽中的还有 {left} 项没有核查，不能一键通过。", who_can="请先核查完抽中的。", status=409)
    seen = items_of(row).exclude(verdict="").count()
    if seen < LEAST_DRAWN:
        raise Refusal(
            f"抽中的大多已经撤回，完整核查过的只有 {seen} 项，少于 {LEAST_DRAWN} 项，不能据此通过其余。",
            who_can="请放弃这次抽查，重新发起。",
            status=409,
        )


def pass_rest_of(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker in one transaction: broken off half-way, nothing is passed and the round goes on."""
    grant = job.arguments["grant"]
    actor = actor_restored(UUID(grant) if grant else None, clock.today())
    row = SamplingRound.objects.get(uuid=job.arguments["round"])
    return pass_rest(actor=actor, at=clock.now(), row=row, work=work)


@transaction.atomic
def pass_rest(*, actor: Actor, at: datetime, row: SamplingRound, work: Work | None = None) -> dict[str, int]:
    """Pass every claim of a clean round that was not drawn; those that may not pass stay in the inbox."""
    held = _held(actor, row)
    _refuse_unless_clean(held)
    items = list(items_left(held))
    hold_persons(item.claim.person_id for item in items)
    seen = items_of(held).exclude(verdict="").count()
    held.gone = items_gone(held).count()
    reason = f"抽查审核：{held.number - held.gone} 项中完整核查 {seen} 项，没有发现差错，其余一并通过。"
    # Closed first: from now on the claims are not held by the round.
    held.state, held.closed_at = RoundState.PASSED, at
    held.save(update_fields=["state", "gone", "closed_at"])
    passed = kept = 0
    for number, item in enumerate(items):
        if work is not None:
            work.report(number, len(items), "正在通过")
        case = item.claim.case
        if case is None:
            continue
        try:
            with transaction.atomic():
                action = pass_move(case.state)
                move_case(actor=actor, at=at, case=case, action=action, reason=reason, expected=item.version)
        except Refusal as refusal:
            SamplingItem.objects.filter(pk=item.pk).update(note=f"没有通过：{refusal.sentence}"[:200])
            kept += 1
        else:
            passed += 1
    _tell(held, actor, at, "sampling.closed", {"state": held.state, "seen": seen, "passed": passed, "kept": kept})
    row.state, row.closed_at = held.state, held.closed_at
    return {"passed": passed, "kept": kept}


@transaction.atomic
def drop_round(*, actor: Actor, at: datetime, row: SamplingRound, reason: str) -> None:
    """Give a round up; what was decided stays, the rest goes back to the inbox.

    Once an error was found only where nothing is left to look at, because the rest was withdrawn or decided elsewhere.
    """
    held = _held(actor, row)
    if held.state == RoundState.FAULTY:
        if items_to_see(held).exists():
            raise Refusal("已经发现差错的抽查不能放弃，须全部逐件审核。", who_can="请继续逐件核查。", status=409)
        _close(held, actor, at, {"seen": items_of(held).exclude(verdict="").count(), "passed": 0})
        row.state, row.closed_at = held.state, held.closed_at
        return
    if not reason.strip():
        raise Refusal("请写明为什么放弃，没有放弃。", status=409)
    held.state = RoundState.DROPPED
    _close(held, actor, at, {"reason": reason.strip()[:400]})
    row.state, row.closed_at = held.state, held.closed_at


def _tell(row: SamplingRound, actor: Actor, at: datetime, action: str, said: Mapping[str, Any]) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="recognition.round",
        subject_uuid=row.uuid,
        organisation=row.organisation,
        after=dict(said),
    )
