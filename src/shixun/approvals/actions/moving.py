"""Moving a case: the one place where a decision is checked, written and takes effect, in one transaction."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from shixun.approvals.actions.steps import arrive, kept_of, write_step
from shixun.approvals.choices import StepKind
from shixun.approvals.flows import Flow, Transition
from shixun.approvals.models import Case, Revision
from shixun.approvals.permissions import demand_move
from shixun.approvals.queries.ways import last_turn
from shixun.approvals.telling import tell_of_move
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor, system_actor

PASSING = system_actor("审核层级")


def locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    rows = Case.objects.select_related("organisation", "place", "escalated_place", "person", "opened_by__person")
    return rows.select_for_update(of=("self",)).get(pk=case.pk)


@transaction.atomic
def move_case(
    *, actor: Actor, at: datetime, case: Case, action: str, reason: str = "", expected: int | None = None
) -> Case:
    """Make a move of a case: lock, check, move, write the step, run the effect, tell whom it concerns.

    ``expected`` is ``case.version`` as the person saw it: whoever comes second meets a ``Refusal`` that names who
    decided what and when. Raises ``Refusal`` also for a wrong state, level, body or role, a party, a missing reason,
    and whatever the flow's own check forbids.
    """
    case = locked(case)
    flow = case.declared
    move = flow.transition(action)
    if (expected is not None and expected != case.version) or move is None or case.state not in move.sources:
        raise _overtaken(case, flow, move)
    demand_move(actor, case, move)
    if move.needs_reason and not reason.strip():
        raise Refusal(f"“{move.title}”需要写明理由，没有办理。", who_can="请写明理由后再办理。", status=409)
    if flow.check is not None:
        flow.check(case=case, transition=move, actor=actor, at=at)
    before, level, from_state = kept_of(case), flow.level_of_move(move, case.state), case.state
    settled = arrive(case, flow, flow.state(move.target), at)
    case.version += 1
    case.save()
    step = write_step(
        actor=actor,
        at=at,
        case=case,
        kind=StepKind.MOVED,
        move=move,
        from_state=from_state,
        level=level,
        reason=reason.strip(),
        revision=newest_revision(case),
        before=before,
    )
    run_effect(flow, move, case=case, actor=actor, at=at)
    if not settled:
        pass_levels(case, flow, actor=actor, at=at)
    tell_of_move(case, step, at)
    return case


def mark_changed(case: Case) -> Case:
    """Something that lies beside the decision was changed in the caller's transaction: whoever decides on what she saw
    before meets the refusal of one who comes second. The case, held until the transaction ends.
    """
    held = locked(case)
    held.version += 1
    held.save(update_fields=["version"])
    return held


def pass_levels(case: Case, flow: Flow, *, actor: Actor, at: datetime) -> None:
    """Carry a case over the levels that take no part in its region, each with a step of its own."""
    settled = False
    while not settled:
        from_state, level = case.state, flow.state(case.state).level
        move = flow.way_on(from_state)
        settled = arrive(case, flow, flow.state(move.target), at)
        case.save()
        write_step(
            actor=PASSING,
            at=at,
            case=case,
            kind=StepKind.PASSED,
            move=move,
            from_state=from_state,
            level=level,
            revision=newest_revision(case),
        )
        run_effect(flow, move, case=case, actor=actor, at=at)


def run_effect(flow: Flow, move: Transition, *, case: Case, actor: Actor, at: datetime) -> None:
    """What the move does beyond the case: the declaring room's function, in this transaction."""
    if move.effect:
        flow.effects[move.effect](case=case, actor=actor, at=at)


def newest_revision(case: Case) -> int:
    """The number of the revision a case stands at."""
    return Revision.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first() or 1


def _overtaken(case: Case, flow: Flow, wanted: Transition | None) -> Refusal:
    """Somebody was faster, or the state does not allow the move: what happened last, and how the case stands now."""
    step = last_turn(case)
    title = f"“{wanted.title}”" if wanted else "这项操作"
    told = ""
    if step is not None and step.action:
        done = flow.transition(step.action)
        when = f"{localtime(step.at):%Y-%m-%d %H:%M}"
        told = f"{step.acting_words()}已于 {when} 办理“{done.title if done else step.action}”，"
    return Refusal(
        f"{told}这件事项现在是“{flow.state(case.state).title}”，您的{title}没有执行。",
        who_can="请刷新页面，看过最新情况后再办理。",
        status=409,
    )
