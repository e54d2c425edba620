"""Writing a step with its audit event, and putting a case where it arrives: level, body, deadline, reminder."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Max
from django.utils.timezone import localtime

from shixun.approvals.choices import StepKind
from shixun.approvals.flows import Flow, State, Transition
from shixun.approvals.models import Case, Revision, Step
from shixun.approvals.permissions import represented
from shixun.approvals.queries.levels import LevelRule, level_rules, place_of_level
from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor

LAST_MINUTE = time(23, 59)
# What an undo restores of a case, besides its state.
RESTORED = (
    "state", "state_since", "level", "place_id", "due_at", "remind_at", "escalated_at", "escalated_level",
    "escalated_place_id", "closed_at",
)  # fmt: skip
# What a reassignment may change of a case.
_PLACED = ("organisation", "place", "escalated_level", "escalated_place", "version")
_ROWS_PER_STATEMENT = 500


def kept_of(case: Case) -> dict[str, Any]:
    """Where a case is, for a later undo."""
    return {name: getattr(case, name) for name in RESTORED}


def write_step(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    kind: StepKind,
    move: Transition | None = None,
    from_state: str = "",
    level: str = "",
    reason: str = "",
    revision: int = 1,
    before: Mapping[str, Any] | None = None,
    undoes: Step | None = None,
) -> Step:
    """One step and its event; the case is already where the step leads."""
    last = Step.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first() or 0
    step = Step(
        case=case,
        number=last + 1,
        kind=kind,
        action=move.key if move else "",
        by_applicant=kind in (StepKind.OPENED, StepKind.REVISED) or (move is not None and move.by == "applicant"),
        from_state=from_state,
        to_state=case.state,
        level=level,
        user=actor.user,
        on_behalf_of=represented(actor),
        role=actor.role,
        organisation=actor.organisation,
        reason=reason,
        revision=revision,
        at=at,
        due_at=case.due_at,
        before=dict(before) if before else None,
        undoes=undoes,
    )
    step.save(force_insert=True)
    audit.record_many([_event(actor, case, step)])
    return step


def write_reassignments(
    moved: Sequence[tuple[Case, Mapping[str, Any]]], *, actor: Actor, at: datetime, reason: str
) -> None:
    """Cases that were put with another place, each with what an undo restores: saved, with a step and an event each.

    A handful of statements whatever their number, for a large school has hundreds of them.
    """
    cases = [case for case, _ in moved]
    for case in cases:
        case.version += 1
    Case.objects.bulk_update(cases, _PLACED, batch_size=_ROWS_PER_STATEMENT)
    numbers = dict(Step.objects.filter(case__in=cases).values_list("case").annotate(last=Max("number")))
    revisions = dict(Revision.objects.filter(case__in=cases).values_list("case").annotate(last=Max("number")))
    steps = [
        Step(
            case=case,
            number=numbers.get(case.pk, 0) + 1,
            kind=StepKind.REASSIGNED,
            from_state=case.state,
            to_state=case.state,
            level=case.level,
            user=actor.user,
            on_behalf_of=represented(actor),
            role=actor.role,
            organisation=actor.organisation,
            reason=reason[: Step._meta.get_field("reason").max_length],
            revision=revisions.get(case.pk, 1),
            at=at,
            due_at=case.due_at,
            before=dict(before),
        )
        for case, before in moved
    ]
    Step.objects.bulk_create(steps, batch_size=_ROWS_PER_STATEMENT)
    audit.record_many(_event(actor, step.case, step) for step in steps)


def _event(actor: Actor, case: Case, step: Step) -> AuditEvent:
    acting_for = represented(actor)
    return audit.event(
        actor=actor,
        at=step.at,
        action=f"case.{step.kind}",
        subject_kind="approvals.case",
        subject_uuid=case.uuid,
        organisation=case.organisation,
        before={"state": step.from_state} if step.from_state else None,
        after={
            "flow": case.flow,
            "action": step.action,
            "state": case.state,
            "reason": step.reason,
            "revision": step.revision,
            **({"on_behalf_of": str(acting_for.uuid)} if acting_for else {}),
        },
    )


def arrive(case: Case, flow: Flow, state: State, at: datetime, due_at: datetime | None = None) -> bool:
    """Put a case into a state. False where the state's level takes no part, so that the case has to go on.

    Raises ``Refusal`` where a level that must take part has nobody's body to lie with.
    """
    case.state, case.state_since = state.key, at
    case.level, case.place, case.due_at, case.remind_at = "", None, None, None
    case.escalated_at, case.escalated_level, case.escalated_place = None, "", None
    case.closed_at = at if state.final else None
    if not state.level:
        case.due_at = due_at or (_end_of(at, state.days) if state.days else None)
        case.remind_at = case.due_at - timedelta(days=2) if case.due_at else None
        return True
    rule = level_rules(flow, case.organisation.path)[state.level]
    return _lie(case, flow, state, rule, at, due_at)


def _lie(case: Case, flow: Flow, state: State, rule: LevelRule, at: datetime, due_at: datetime | None) -> bool:
    level = flow.level(state.level)
    takes_part = rule.takes_part and (level.applies is None or level.applies(case))
    place = place_of_level(case, level, rule, localtime(at).date()) if takes_part else None
    if place is None and level.required:
        raise Refusal(
            f"没有找到办理“{state.title}”的单位，没有提交。",
            who_can="请联系市级管理员核对机构和审核层级的设置。",
            status=409,
        )
    if place is None:
        return False
    case.level, case.place = state.level, place
    case.due_at = due_at or _end_of(at, rule.days)
    case.remind_at = case.due_at - timedelta(days=rule.remind_days)
    return True


def _end_of(at: datetime, days: int) -> datetime:
    """The last minute of the day so many days after."""
    local = localtime(at)
    return datetime.combine(local.date() + timedelta(days=days), LAST_MINUTE, tzinfo=local.tzinfo)
