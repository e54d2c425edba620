"""Questions about jobs."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from shixun.kernel.jobs.models import OPEN_STATES, Job

_FRESH, _SHOWN = timedelta(days=1), 5


def jobs_seen_by(actor: Any) -> QuerySet[Job]:
    """The jobs an officer started, and those started within her scope."""
    return Job.objects.filter(Q(started_by=actor.user_uuid) | actor.scope.within("acting_path"))


def fresh_jobs_of(actor: Any, at: datetime) -> QuerySet[Job]:
    """The jobs somebody started that are under way, or ended within a day; the latest first."""
    fresh = Q(state__in=OPEN_STATES) | Q(finished_at__gte=at - _FRESH)
    return Job.objects.filter(fresh, started_by=actor.user_uuid).order_by("-created_at")[:_SHOWN]


def last_job_of(key: str) -> Job | None:
    """The job that was started last under a key, open or ended."""
    return Job.objects.filter(key=key).order_by("-created_at", "-pk").first()
