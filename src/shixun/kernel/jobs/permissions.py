"""Who sees a job: whoever started it, and the officers of her place and above."""

from typing import Any

from shixun.kernel.access import permission
from shixun.kernel.jobs.models import Job

_STARTER = "发起人本人以及其所在单位和上级的管理员可以。"


def is_hers_or_below(actor: Any, started_by: object, acting_path: str) -> bool:
    """The starter herself, or an officer in whose scope it was started."""
    if actor.user_uuid is not None and actor.user_uuid == started_by:
        return True
    return bool(actor.is_officer and actor.scope.holds(acting_path))


@permission(what="查看这项任务", who_can=_STARTER)
def can_see_job(actor: Any, job: Job) -> bool:
    return is_hers_or_below(actor, job.started_by, job.acting_path)


@permission(what="取消这项任务", who_can=_STARTER)
def can_cancel_job(actor: Any, job: Job) -> bool:
    return is_hers_or_below(actor, job.started_by, job.acting_path)


@permission(what="查看任务", who_can="师训专管员、区县管理员和市级管理员可以。")
def can_list_jobs(actor: Any) -> bool:
    return bool(actor is not None and actor.is_officer)
