"""Questions about jobs."""

from typing import Any

from django.db.models import Q, QuerySet

from shixun.kernel.jobs.models import OPEN_STATES, Job


def jobs_seen_by(actor: Any) -> QuerySet[Job]:
    """The jobs an officer started, and those started within her scope."""
    return Job.objects.filter(Q(started_by=actor.user_uuid) | actor.scope.within("acting_path"))


def open_jobs_of(actor: Any) -> QuerySet[Job]:
    """The jobs somebody started that are not done yet, the latest first."""
    return Job.objects.filter(started_by=actor.user_uuid, state__in=OPEN_STATES).order_by("-created_at")
