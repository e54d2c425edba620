"""Who sees a job: whoever started it, and the officers of her place and above."""

from typing import Any

from shixun.kernel.access import permission
from shixun.kernel.jobs.models import Job

_STARTER = "发起人本人以及其所在单位和上级的管理员可以。"


def _starter(job: Job) -> object:
    return job.started_by


def _place(job: Job) -> list[str]:
    return [job.acting_path]


@permission(what="查看这项任务", who_can=_STARTER, user=_starter, places=_place)
def can_see_job(actor: Any, job: Job) -> bool:
    return True


@permission(what="取消这项任务", who_can=_STARTER, user=_starter, places=_place)
def can_cancel_job(actor: Any, job: Job) -> bool:
    return True


@permission(what="查看任务", who_can="校长、师训专管员以及区县和市级的管理员可以。")
def can_list_jobs(actor: Any) -> bool:
    return True
