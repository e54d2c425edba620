"""Jobs a room registers at start-up: those of every day, and those the minute tick enqueues when they are called for.

Whether today's job was enqueued is read from the task table itself, so nothing else has to be kept in step. The real
clock counts here, not the demo's: jobs belong to the machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult


@dataclass(frozen=True)
class DailyJob:
    """A task without arguments and the local time of day from which it is due."""

    task: Task[[], Any]
    at: time


@dataclass(frozen=True)
class CalledJob:
    """A task without arguments, and the cheap question that tells whether it has anything to do."""

    task: Task[[], Any]
    is_called_for: Callable[[], bool]


_jobs: dict[str, DailyJob] = {}
_called: dict[str, CalledJob] = {}
# A job whose worker died must not keep the next one away for ever.
_LOST_AFTER = timedelta(hours=2)
_UNDER_WAY = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


def register_called(task: Task[[], Any], *, when: Callable[[], bool]) -> None:
    """Have ``task`` enqueued at a tick that finds ``when()`` true, one at a time. Registering again replaces it."""
    _called[task.module_path] = CalledJob(task, when)


def register_daily(task: Task[[], Any], *, at: time) -> None:
    """Have ``task`` enqueued once a day, at the first tick from ``at`` on. Registering again changes the time."""
    _jobs[task.module_path] = DailyJob(task, at)


def enqueue_due(now: datetime) -> list[str]:
    """Enqueue each registered job that is due today and not yet enqueued; returns their module paths.

    ``now`` is aware. A job enqueued by hand today counts as today's.
    """
    local = timezone.localtime(now)
    due = [path for path, job in sorted(_jobs.items()) if local.time() >= job.at]
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    # values_list keeps the table's two JSON columns, which can be long, out of the answer.
    known = set(
        DBTaskResult.objects.filter(task_path__in=due, enqueued_at__gte=midnight).values_list("task_path", flat=True)
    )
    for path in due:
        if path not in known:
            _jobs[path].task.enqueue()
    return [path for path in due if path not in known] + _enqueue_called(now)


def _enqueue_called(now: datetime) -> list[str]:
    recent = DBTaskResult.objects.filter(status__in=_UNDER_WAY, enqueued_at__gte=now - _LOST_AFTER)
    under_way = set(recent.filter(task_path__in=list(_called)).values_list("task_path", flat=True))
    wanted = [path for path, job in sorted(_called.items()) if path not in under_way and job.is_called_for()]
    for path in wanted:
        _called[path].task.enqueue()
    return wanted
