"""Who takes an exported file: whoever had it written, as long as she acts in the role that it was written for."""

from typing import Any

from shixun.kernel.access import permission
from shixun.kernel.jobs.models import Job


def _starter(job: Job) -> object:
    return job.started_by


@permission(
    what="取走这份导出的文件",
    who_can="只有发起导出的人，以发起时的角色，可以取走；其他有权的管理员请自行导出。",
    user=_starter,
    also="以发起时的角色",
)
def can_take_export(actor: Any, job: Job) -> bool:
    """Not after the role has ended: what stands in the file is what the role could see."""
    return bool(actor.role == job.acting_role and actor.acting_path == job.acting_path)
