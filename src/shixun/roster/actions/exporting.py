"""Taking the roster away as a file: whole numbers leave the platform, so it is written down."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime

from shixun.kernel import clock
from shixun.kernel.access import demand
from shixun.kernel.exporting.files import keep_table
from shixun.kernel.files import XLSX
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.people.acting import Actor, actor_restored
from shixun.roster.permissions import can_import_roster
from shixun.roster.queries import HEADINGS, main_appointments, roster_rows

EXPORT = "roster.export"
_AT_ONCE = 1_000


def start_export(*, actor: Actor, at: datetime) -> Job:
    """A job that writes the roster of the actor's scope as it stands; a school's is done at once."""
    demand(can_import_roster, actor)
    persons = main_appointments(actor.scope, localtime(at).date()).count()
    return start_job(
        actor=actor,
        at=at,
        kind=EXPORT,
        title="导出教师名册",
        arguments={"grant": str(actor.authority) if actor.authority else None, "persons": persons},
        key=f"{EXPORT}:{actor.user_uuid}:{actor.acting_path}",
        at_once=persons <= _AT_ONCE,
    )


def write_export(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker. What it writes can be sent in again, under the headings of the template."""
    grant, on = job.arguments["grant"], clock.today()
    actor = actor_restored(UUID(grant) if grant else None, on)
    demand(can_import_roster, actor)
    work.report(0, job.arguments["persons"])
    return keep_table(
        job,
        work,
        actor=actor,
        kind=XLSX,
        name="教师名册",
        headings=HEADINGS,
        rows=roster_rows(actor.scope, on),
        action="roster.taken",
        after={"on": on},
        about={"内容": "含完整的身份证号，请妥善保管；改好后可以直接再导入"},
        back=reverse("roster:staff"),
    )
