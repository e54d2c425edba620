"""The task of the room: follow what has changed, every minute where there is something."""

import structlog
from django_tasks import task

from shixun.kernel import clock
from shixun.people.acting import system_actor
from shixun.standing.actions import pull_changes

_log = structlog.get_logger(__name__)
FOLLOWER = system_actor("学分完成情况更新")


@task()
def follow() -> int:
    """Bring the stored standings up to date; the number of persons computed."""
    persons = pull_changes(actor=FOLLOWER, at=clock.now(), on=clock.today())
    _log.info("standings follow", persons=persons)
    return persons
