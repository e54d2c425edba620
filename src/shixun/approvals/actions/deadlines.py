"""What a deadline does: a reminder some days before, and the level above told, and able to act, once it has passed."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from shixun.approvals.actions.moving import locked
from shixun.approvals.actions.steps import write_step
from shixun.approvals.choices import StepKind
from shixun.approvals.models import Case
from shixun.approvals.queries.deadlines import cases_past_due, cases_to_remind
from shixun.approvals.queries.levels import level_rules, place_of_level
from shixun.approvals.telling import tell_of_escalation
from shixun.people.acting import system_actor

CLOCKWORK = system_actor("审核期限")


def remind_due(at: datetime) -> int:
    """Remind whoever may act of each case whose deadline is near; each once. The number of cases."""
    return _each(cases_to_remind(at), at, _remind)


def escalate_due(at: datetime) -> int:
    """Tell the level above of each case past its deadline, which may act too from then on; each once. The number."""
    return _each(cases_past_due(at), at, _escalate)


def _each(rows: QuerySet[Case], at: datetime, act: Callable[[Case, datetime], None]) -> int:
    done = 0
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            case = locked(Case(pk=pk))
            # Somebody may have decided it since the list was read.
            if rows.filter(pk=pk).exists():
                act(case, at)
                done += 1
    return done


def _remind(case: Case, at: datetime) -> None:
    case.remind_at = None
    case.save(update_fields=["remind_at"])
    write_step(actor=CLOCKWORK, at=at, case=case, kind=StepKind.REMINDED, from_state=case.state, level=case.level)


def _escalate(case: Case, at: datetime) -> None:
    flow = case.declared
    above = flow.level(case.level).escalates_to if case.level else ""
    if above:
        rule = level_rules(flow, case.organisation.path)[above]
        case.escalated_place = place_of_level(case, flow.level(above), rule, localtime(at).date())
        case.escalated_level = above if case.escalated_place else ""
    case.escalated_at, case.remind_at = at, None
    case.save(update_fields=["escalated_at", "escalated_level", "escalated_place", "remind_at"])
    step = write_step(
        actor=CLOCKWORK, at=at, case=case, kind=StepKind.ESCALATED, from_state=case.state, level=case.escalated_level
    )
    tell_of_escalation(case, step, at)
