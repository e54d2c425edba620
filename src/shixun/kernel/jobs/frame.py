"""What an officer's first page shows of her long work: a job that has ended is told of there."""

from typing import Any

from django.http import HttpRequest

from shixun.kernel import clock, slots
from shixun.kernel.jobs.queries import fresh_jobs_of


def fresh_jobs(request: HttpRequest) -> dict[str, Any] | None:
    """My jobs under way and those that ended within a day; nothing when there are none."""
    actor = slots.actor_of(request)
    jobs = list(fresh_jobs_of(actor, clock.now())) if actor else []
    return {"jobs": jobs} if jobs else None
