"""The last decision somebody made, as long as it may be undone: shown on the pages of the inbox with its button."""

from dataclasses import dataclass
from datetime import datetime

from shixun.approvals.actions import undo_until, undoable_step
from shixun.approvals.actions.undoing import UNDO_WITHIN
from shixun.approvals.choices import StepKind
from shixun.approvals.models import Case, Step
from shixun.people.acting import Actor


@dataclass(frozen=True, slots=True)
class Recent:
    """A decision that may still be undone, and for how many minutes."""

    case: Case
    title: str
    until: datetime
    minutes: int


def recent_decision(actor: Actor, at: datetime) -> Recent | None:
    """The actor's last move within the time of an undo, if nothing stands against undoing it."""
    steps = Step.objects.filter(user=actor.user, kind=StepKind.MOVED, at__gt=at - UNDO_WITHIN)
    step = steps.select_related("case__organisation").order_by("-at", "-pk").first()
    return undo_offer(actor, step.case, at) if step is not None else None


def undo_offer(actor: Actor, case: Case, at: datetime) -> Recent | None:
    """The undo of a case, as a page offers it; None where there is none."""
    step = undoable_step(actor, case, at)
    if step is None:
        return None
    move = case.declared.transition(step.action)
    until = undo_until(step)
    return Recent(case, move.title if move else "", until, max(1, int((until - at).total_seconds() // 60)))
