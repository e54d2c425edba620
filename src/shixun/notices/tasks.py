"""Jobs of the room: whatever is due to leave the site."""

import structlog
from django_tasks import task

from shixun.kernel import clock
from shixun.notices.actions.delivering import deliver_due

_log = structlog.get_logger(__name__)


@task()
def deliver() -> int:
    """Send what is due and clear up what was interrupted; the number of deliveries worked on."""
    worked = deliver_due(now=clock.now)
    _log.info("notices deliver", deliveries=worked)
    return worked
