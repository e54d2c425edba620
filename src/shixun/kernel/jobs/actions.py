"""Starting, doing, cancelling and burying jobs."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from shixun.kernel import clock
from shixun.kernel.access import demand
from shixun.kernel.jobs import board
from shixun.kernel.jobs.kinds import NO_TRACE, job_kind
from shixun.kernel.jobs.models import OPEN_STATES, Job, JobState
from shixun.kernel.jobs.permissions import can_cancel_job
from shixun.kernel.jobs.work import Cancelled, Pulse, Work
from shixun.kernel.refusals import Refusal

DEAD_AFTER = timedelta(seconds=90)
_log = structlog.get_logger(__name__)


def start_job(
    *,
    actor: Any,
    at: datetime,
    kind: str,
    title: str,
    arguments: dict[str, Any],
    key: str = "",
    at_once: bool = False,
) -> Job:
    """Have work done in the worker, or ``at_once`` in this process when it takes less than a second.

    While a job with the same ``key`` is open, that one is returned and nothing else is started: a double click, or two
    officers at the same moment, start one.
    """
    from shixun.kernel.jobs.tasks import run_job

    job_kind(kind)
    job = Job(
        kind=kind,
        key=key,
        title=title,
        arguments=arguments,
        started_by=actor.user_uuid,
        started_by_label=actor.label,
        acting_role=actor.role,
        acting_path=actor.acting_path,
        created_at=at,
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            if not at_once:
                run_job.enqueue(str(job.uuid))
    except IntegrityError:
        twin = Job.objects.filter(key=key, state__in=OPEN_STATES).first() if key else None
        if twin is None:
            raise
        return twin
    if at_once:
        perform(job.uuid)
        job.refresh_from_db()
    return job


def cancel_job(*, actor: Any, at: datetime, job: Job) -> None:
    """Cancel: a waiting job at once, a running one as soon as it looks up. Raises ``Refusal`` when it has ended."""
    demand(can_cancel_job, actor, job)
    job.refresh_from_db()
    # Asked first and not updated at once: on SQLite a running job holds the only right to write.
    if job.state == JobState.WAITING:
        ended = {"state": JobState.CANCELLED, "finished_at": at, "message": f"开始前已取消，{NO_TRACE}"}
        if Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(**ended):
            return
        job.refresh_from_db()
    if job.state != JobState.RUNNING:
        raise Refusal(f"任务{job.get_state_display()}，不能再取消。", status=409)
    board.ask_to_cancel(job)


def perform(uuid: UUID) -> None:
    """Do a waiting job, here and now; whatever happens, its row says how it ended."""
    started = {"state": JobState.RUNNING, "started_at": clock.now(), "heartbeat_at": timezone.now()}
    if not Job.objects.filter(uuid=uuid, state=JobState.WAITING).update(**started):
        return
    job = Job.objects.get(uuid=uuid)
    work = Work(uuid)
    try:
        with Pulse(work):
            _do(job, work)
    except Cancelled:
        _end(job, JobState.CANCELLED, f"已取消，{job_kind(job.kind).trace}")
    except Refusal as refusal:
        _end(job, JobState.FAILED, f"{refusal.sentence}{refusal.who_can}")
    except Exception:
        _log.exception("a job failed", job=str(uuid), kind=job.kind)
        _end(
            job,
            JobState.FAILED,
            f"执行中出错，{job_kind(job.kind).trace}请重试；仍不成功时请联系系统管理员，并告知任务编号。",
        )
    finally:
        board.wipe(uuid)


def _do(job: Job, work: Work) -> None:
    kind = job_kind(job.kind)
    with transaction.atomic() if kind.atomic else nullcontext():
        result = kind.run(job, work)
        work.heed()
        _end(job, JobState.DONE, result=result, done=work.done, total=work.total)


def _end(job: Job, state: JobState, message: str = "", **more: Any) -> None:
    """Write how it ended. A job buried meanwhile stays buried, and its transaction is undone with the exception."""
    values = {"message": message[:300], **more, "state": state, "finished_at": clock.now()}
    if not Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(**values):
        _log.warning("a job came back after it was given up", job=str(job.uuid))
        if state == JobState.DONE:
            raise Cancelled


def bury_dead_jobs(now: datetime) -> int:
    """Running jobs that gave no sign of life for a while have lost their process: say so. ``now``: the real clock."""
    buried = 0
    for job in Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - DEAD_AFTER):
        seen = board.reading_of(job).heartbeat_at
        if seen is not None and seen >= now - DEAD_AFTER:
            continue
        buried += Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
            state=JobState.FAILED,
            finished_at=clock.now(),
            message=f"执行任务的进程中断了，{job_kind(job.kind).trace}请重新发起。",
        )
        board.wipe(job.uuid)
    return buried


def revive_lost_jobs(now: datetime) -> int:
    """Jobs whose worker took the task and died before it began with them: enqueue them again. ``now``: the real clock.

    Without this such a job would wait for ever, and keep every other one of its key away.
    """
    from shixun.kernel.jobs.tasks import run_job

    taken = DBTaskResult.objects.filter(
        task_path=run_job.module_path, status=TaskResultStatus.RUNNING, started_at__lt=now - DEAD_AFTER
    )
    revived = 0
    for result in taken:
        (uuid,) = result.args_kwargs["args"]
        with transaction.atomic():
            waiting = Job.objects.select_for_update().filter(uuid=uuid, state=JobState.WAITING)
            if not waiting.exists():
                continue
            lost = DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.RUNNING)
            if lost.update(status=TaskResultStatus.FAILED, finished_at=now):
                run_job.enqueue(uuid)
                revived += 1
    return revived
