"""The ledger's nightly job: run every check, say so in the log and in the audit trail."""

import structlog
from django_tasks import task

from shixun.kernel import audit, clock
from shixun.ledger.checks import run_checks
from shixun.people.acting import system_actor

_log = structlog.get_logger(__name__)


@task()
def nightly_check() -> bool:
    """Run all checks over the whole book; True when every one holds. Findings go to the log, counts to the trail."""
    counts = {}
    for result in run_checks():
        counts[result.name] = result.found
        if not result.ok:
            _log.error("ledger check failed", check=result.name, found=result.found, findings=result.findings)
    ok = not any(counts.values())
    _log.info("ledger checked", ok=ok)
    audit.record(
        actor=system_actor("夜间核对"),
        at=clock.now(),
        action="ledger.checked",
        subject_kind="ledger",
        subject_uuid=None,
        after={"ok": ok, "found": counts},
    )
    return ok
