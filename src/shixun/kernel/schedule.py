"""Jobs of every day: a room registers its task at start-up, the minute tick enqueues it once a day.

Whether today's job was enqueued is read from the task table itself, so nothing else has to be kept in step. The real
clock counts here, not the demo's: jobs belong to the machine.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult


@dataclass(frozen=True)
class DailyJob:
    """A task without arguments and the local time of day from which it is due."""

    task: Task[[], Any]
    at: time


_jobs: dict[str, DailyJob] = {}


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
    return [path for path in due if path not in known]
