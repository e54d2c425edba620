"""The officer's button (统一登记): results of a project that wait for it become credits, all at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shixun.kernel import audit, clock
from shixun.kernel.access import demand
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor, actor_restored
from shixun.recognition.actions.settling import Gathered, settle_records
from shixun.recognition.choices import CreationMode
from shixun.recognition.models import ReportedProject, TrainingRecord
from shixun.recognition.permissions import can_release_results

RELEASE = "results.release"
_CHUNK, _SMALL_ROWS = 1_000, 300


def start_release(*, actor: Actor, at: datetime, project: ReportedProject) -> Job:
    """A job that enters every result of a project; asked for twice it is one job, and nothing is entered twice.

    Raises ``Refusal`` for a project whose results become credits in another way.
    """
    demand(can_release_results, actor, project)
    if project.mode != CreationMode.BUTTON:
        raise Refusal(f"这个项目的学分“{project.get_mode_display()}”，不需要统一登记。", status=409)
    return start_job(
        actor=actor,
        at=at,
        kind=RELEASE,
        title=f"统一登记 {project.name}"[:160],
        arguments={"project": project.pk, "grant": str(actor.authority) if actor.authority else None},
        key=f"{RELEASE}:{project.pk}",
        at_once=TrainingRecord.objects.filter(project=project).count() <= _SMALL_ROWS,
    )


def release_results(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker in one transaction: cancelled half-way, nothing is entered."""
    grant = job.arguments["grant"]
    actor, at = actor_restored(UUID(grant) if grant else None, clock.today()), clock.now()
    project = _released(actor, at, job.arguments["project"])
    rows = TrainingRecord.objects.filter(project=project).select_for_update(of=("self",))
    records = list(rows.select_related("person", "organisation", "project__organisation").order_by("pk"))
    counts, gathered = {"posted": 0, "corrected": 0, "waiting": 0}, Gathered()
    work.report(0, len(records), "正在登记学分")
    for start in range(0, len(records), _CHUNK):
        chunk = records[start : start + _CHUNK]
        for key, number in settle_records(actor=actor, at=at, records=chunk, gathered=gathered).items():
            counts[key] += number
        work.report(start + len(chunk))
    return counts


@transaction.atomic
def _released(actor: Actor, at: datetime, pk: int) -> ReportedProject:
    """The project, marked as released from now on; results that come in later are entered at once."""
    project = ReportedProject.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    demand(can_release_results, actor, project)
    if project.released_at is None:
        project.released_at = at
        project.save(update_fields=["released_at"])
        audit.record(
            actor=actor,
            at=at,
            action="reported_project.released",
            subject_kind="recognition.project",
            subject_uuid=project.uuid,
            organisation=project.organisation,
            after={"name": project.name},
        )
    return project
