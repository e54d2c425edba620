"""Kinds of steps in the life of a case."""

from django.db.models import TextChoices


class StepKind(TextChoices):
    OPENED = "opened", "建立"
    REVISED = "revised", "修改"
    MOVED = "moved", "办理"
    PASSED = "passed", "本级不参与，直接转下一级"
    UNDONE = "undone", "撤销"
    REMINDED = "reminded", "提醒"
    ESCALATED = "escalated", "逾期上报"
    REASSIGNED = "reassigned", "改由承接单位办理"


# Steps after which something else holds than before; the others only tell.
TURNING = frozenset(
    {StepKind.OPENED, StepKind.REVISED, StepKind.MOVED, StepKind.PASSED, StepKind.UNDONE, StepKind.REASSIGNED}
)
