"""The job of the room: reminders before deadlines and escalation after them, every minute where there is something."""

import structlog
from django_tasks import task

from shixun.approvals.actions import escalate_due, remind_due
from shixun.approvals.queries.deadlines import cases_past_due, cases_to_remind
from shixun.kernel import clock

_log = structlog.get_logger(__name__)


@task()
def follow_deadlines() -> int:
    """Remind and escalate what is due; the number of cases."""
    at = clock.now()
    reminded, escalated = remind_due(at), escalate_due(at)
    _log.info("deadlines follow", reminded=reminded, escalated=escalated)
    return reminded + escalated


def is_called_for() -> bool:
    """Does any deadline call for something now? Two cheap questions."""
    at = clock.now()
    return cases_to_remind(at).exists() or cases_past_due(at).exists()
