"""An officer asks for her scope to be computed now; a job does it, tells how far it is, and may be cancelled."""

from datetime import datetime
from typing import Any

from django.db import transaction

from shixun.kernel import audit, clock
from shixun.kernel.access import Scope, demand
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.people.acting import Actor, system_actor
from shixun.standing.actions.refreshing import refresh_standings
from shixun.standing.permissions import can_list_standings
from shixun.standing.queries.freshness import refresh_key

REFRESH = "standing.refresh"
REFRESHER = system_actor("学分完成情况更新")


@transaction.atomic
def ask_for_refresh(*, actor: Actor, at: datetime) -> tuple[Job, bool]:
    """The refresh of the actor's scope that is under way, or a new one; and whether it is new."""
    demand(can_list_standings, actor)
    organisation = actor.organisation
    assert organisation is not None, "an officer acts for an organisation"  # noqa: S101 - held by the permission
    job = start_job(
        actor=actor,
        at=at,
        kind=REFRESH,
        title=f"更新{organisation.name}的学分完成情况",
        arguments={"path": actor.scope.path},
        key=refresh_key(actor.scope),
    )
    is_new = (job.started_by, job.created_at) == (actor.user_uuid, at)
    if is_new:
        audit.record(
            actor=actor,
            at=at,
            action="standing.refresh_asked",
            subject_kind="kernel.job",
            subject_uuid=job.uuid,
            organisation=organisation,
        )
    return job, is_new


def run_refresh(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker; each few hundred persons are a transaction, so what is done stays when it is cancelled."""
    scope = Scope(job.arguments["path"])
    work.report(0, message="正在计算")
    persons = refresh_standings(actor=REFRESHER, at=clock.now(), scope=scope, on=clock.today(), progress=work.report)
    return {"persons": persons}
