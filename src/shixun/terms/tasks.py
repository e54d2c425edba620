"""Jobs of the room: reminders and escalations of the work calendar, at the tick that finds one due."""

import structlog
from django_tasks import task

from shixun.kernel import clock
from shixun.terms.actions.telling import tell_due
from shixun.terms.queries.calendars import escalations_due, reminders_due

_log = structlog.get_logger(__name__)


@task()
def tell() -> int:
    """Remind and escalate; the number of notices."""
    sent = tell_due(at=clock.now())
    _log.info("terms tell", notices=sent)
    return sent


def is_called_for() -> bool:
    """Is there anything to remind of or to tell somebody above?"""
    on = clock.today()
    return reminders_due(on).exists() or escalations_due(on).exists()
