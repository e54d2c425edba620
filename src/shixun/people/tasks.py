"""Jobs of the room: codes for forgotten passwords, and sessions whose time is over."""

import structlog
from django_tasks import task

from shixun.kernel import clock
from shixun.people.accounts.reset import send_reset_code
from shixun.people.accounts.session_store import SessionStore

_log = structlog.get_logger(__name__)


@task()
def send_code_for_reset(typed: str, token: str) -> int:
    """Look for the account in the background, and send it a code; to how many places."""
    return send_reset_code(typed=typed, token=token, at=clock.now())


@task()
def clear_sessions() -> None:
    """Remove the rows of sessions that have expired."""
    SessionStore.clear_expired()
    _log.info("expired sessions removed")
