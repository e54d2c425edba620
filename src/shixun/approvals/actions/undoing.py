"""Undoing one's own last move: until somebody acts after it, and for half an hour at most."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.dateparse import parse_datetime

from shixun.approvals.actions.moving import locked
from shixun.approvals.actions.steps import write_step
from shixun.approvals.choices import TURNING, StepKind
from shixun.approvals.flows import Flow
from shixun.approvals.models import Case, Step
from shixun.approvals.permissions import users_behind
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor

UNDO_WITHIN = timedelta(minutes=30)
_MOMENTS = ("state_since", "due_at", "remind_at", "escalated_at", "closed_at")


def undoable_step(actor: Actor, case: Case, at: datetime) -> Step | None:
    """The actor's own move of this case that she may still undo."""
    turns = _last_turns(case)
    return turns[0] if turns and _why_not(actor, case, turns, at) is None else None


def undo_until(step: Step) -> datetime:
    """Until when a step may be undone."""
    return step.at + UNDO_WITHIN


@transaction.atomic
def undo_step(*, actor: Actor, at: datetime, case: Case) -> Case:
    """Put a case back to where the actor's last move found it; the step stays, with another one that undoes it.

    Raises ``Refusal`` when somebody has acted since, when half an hour is over, or when the move has taken effect.
    """
    case = locked(case)
    turns = _last_turns(case)
    refused = _why_not(actor, case, turns, at)
    if refused is not None:
        raise refused
    step, passed = turns[0], turns[1:]
    from_state = case.state
    for effect in reversed([done.action for done in turns]):
        _take_back(case.declared, effect, case=case, actor=actor, at=at)
    for name, value in (step.before or {}).items():
        setattr(case, name, parse_datetime(value) if name in _MOMENTS and isinstance(value, str) else value)
    case.version += 1
    case.save()
    write_step(
        actor=actor,
        at=at,
        case=case,
        kind=StepKind.UNDONE,
        move=case.declared.transition(step.action),
        from_state=from_state,
        level=step.level,
        revision=step.revision,
        undoes=step,
        before={"passed": [row.number for row in passed]} if passed else None,
    )
    if case.declared.undone is not None:
        case.declared.undone(case=case, actor=actor, at=at)
    return locked(case)


def _last_turns(case: Case) -> list[Step]:
    """The last move, and the levels it passed over by itself after it; nothing where the last turn was another."""
    turns = list(Step.objects.filter(case=case, kind__in=TURNING).order_by("-number")[:8])
    passed: list[Step] = []
    for step in turns:
        if step.kind == StepKind.PASSED:
            passed.append(step)
            continue
        return [step, *reversed(passed)] if step.kind == StepKind.MOVED else []
    return []


def _why_not(actor: Actor, case: Case, turns: list[Step], at: datetime) -> Refusal | None:
    if not turns:
        return Refusal("这件事项没有可以撤销的操作。", status=409)
    step = turns[0]
    users = {user.pk for user in users_behind(actor)}
    if step.user_id not in users and step.on_behalf_of_id not in users:
        return Refusal(f"最后一步由{step.acting_words()}办理，只能由其本人撤销。", status=409)
    if step.role != actor.role or step.organisation_id != (actor.organisation.pk if actor.organisation else None):
        return Refusal("您办理时用的是另一个角色，请切换到当时的角色后再撤销。", status=409)
    if at >= undo_until(step):
        return Refusal(
            "办理已超过 30 分钟，不能再撤销。", who_can="需要改变结果的，请与下一环节的办理人联系退回。", status=409
        )
    if any(_has_taken_effect(case.declared, turn.action) for turn in turns):
        return Refusal("这个决定已经生效，不能撤销，只能另行更正。", status=409)
    return None


def _has_taken_effect(flow: Flow, action: str) -> bool:
    move = flow.transition(action)
    return bool(move and move.effect and move.effect not in flow.undo_effects)


def _take_back(flow: Flow, action: str, *, case: Case, actor: Actor, at: datetime) -> None:
    move = flow.transition(action)
    if move is not None and move.effect:
        flow.undo_effects[move.effect](case=case, actor=actor, at=at)
