"""Taking the roster away as a file: whole numbers leave the platform, so it is written down."""

from datetime import datetime
from typing import BinaryIO

from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.exports import write_xlsx
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.roster.permissions import can_import_roster
from shixun.roster.queries import HEADINGS, main_appointments, roster_rows

PERSONS_LIMIT = 30_000


def export_roster(*, actor: Actor, at: datetime, file: BinaryIO) -> int:
    """Write the roster of the actor's scope as it stands; returns the number of persons. It can be sent in again."""
    demand(can_import_roster, actor)
    on = localtime(at).date()
    persons = main_appointments(actor.scope, on).count()
    if persons > PERSONS_LIMIT:
        raise Refusal(
            f"您管理范围内有 {persons:,} 人，一次最多导出 {PERSONS_LIMIT:,} 人。",
            who_can="请由各区县管理员分别导出。",
            status=409,
        )
    write_xlsx(file, title="教师名册", headings=HEADINGS, rows=roster_rows(actor.scope, on))
    audit.record(
        actor=actor,
        at=at,
        action="roster.taken",
        subject_kind="organisation",
        subject_uuid=actor.organisation.uuid if actor.organisation else None,
        organisation=actor.organisation,
        after={"persons": persons, "on": on},
    )
    return persons
