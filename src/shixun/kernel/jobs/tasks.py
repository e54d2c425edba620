"""The one task of all jobs: the worker calls it with the job's uuid."""

from uuid import UUID

from django_tasks import task

from shixun.kernel.jobs.actions import perform


@task()
def run_job(uuid: str) -> None:
    """Do the job, unless it was cancelled or done meanwhile."""
    perform(UUID(uuid))
