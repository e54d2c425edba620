"""Who takes an exported file: whoever had it written."""

from typing import Any

from shixun.kernel.access import permission
from shixun.kernel.jobs.models import Job


def _starter(job: Job) -> object:
    return job.started_by


@permission(
    what="取走这份导出的文件",
    who_can="只有发起导出的人可以取走；其他有权的管理员请自行导出。",
    user=_starter,
)
def can_take_export(actor: Any, job: Job) -> bool:
    return True
