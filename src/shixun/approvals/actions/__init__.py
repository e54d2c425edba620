"""What may be done: open, revise, move, undo a case; decide many; what deadlines do; set how levels are done."""

from shixun.approvals.actions.deadlines import escalate_due, remind_due
from shixun.approvals.actions.levels import set_level
from shixun.approvals.actions.many import Outcome, decide_many
from shixun.approvals.actions.moving import mark_changed, move_case
from shixun.approvals.actions.opening import open_case, revise_case
from shixun.approvals.actions.undoing import undo_step, undo_until, undoable_step

__all__ = [
    "Outcome", "decide_many", "escalate_due", "mark_changed", "move_case", "open_case", "remind_due", "revise_case",
    "set_level", "undo_step", "undo_until", "undoable_step",
]  # fmt: skip
