"""What a decided move, correction or departure does to appointments, numbers, facts and roles."""

from datetime import date, datetime

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.fields import in_force
from shixun.people import bulk
from shixun.people.acting import Actor
from shixun.people.actions import grant_facts
from shixun.people.choices import Role
from shixun.people.models import Appointment, Organisation, Person, RoleGrant
from shixun.roster.models import Transfer


@transaction.atomic
def move(transfer: Transfer, *, actor: Actor, at: datetime) -> None:
    """Carry out a transfer: appointments and roles at the old place end, the new appointment and teacher role begin.

    The account goes along. Whatever she holds at a third place stays.
    """
    Person.objects.select_for_update().get(pk=transfer.person_id)
    held = Appointment.objects.filter(person=transfer.person, organisation=transfer.origin)
    ends = held.exclude(valid_until__lte=transfer.begins_on).select_related("organisation", "person")
    begins = bulk.AppointmentRow(
        transfer.destination.code,
        transfer.duty,
        transfer.begins_on,
        title=transfer.title,
        stage=transfer.stage,
        subject=transfer.subject,
    )
    change = bulk.PersonChange(transfer.person, transfer.begins_on, {}, ends=tuple(ends), begins=(begins,))
    bulk.change_persons([change], actor=actor, at=at, organisations={transfer.destination.code: transfer.destination})
    was_teacher = end_roles_at(
        transfer.person, transfer.origin, actor=actor, at=at, on=transfer.begins_on, reason="调出"
    )
    for user_id in was_teacher:
        _make_teacher(user_id, transfer.destination, actor=actor, at=at, on=transfer.begins_on)


def end_roles_at(
    person: Person, place: Organisation, *, actor: Actor, at: datetime, on: date, reason: str
) -> list[int]:
    """End all roles of a person's accounts at a place from a day on; returns the accounts that were teachers there."""
    grants = RoleGrant.objects.select_for_update(of=("self",)).filter(user__person=person, organisation=place)
    teachers = []
    for grant in grants.exclude(valid_until__lte=on).select_related("user", "organisation"):
        before = grant_facts(grant)
        grant.valid_until = max(on, grant.valid_from)
        grant.save(update_fields=["valid_until"])
        after = {**grant_facts(grant), "reason": reason}
        _record(actor, at, "role.ended", grant, before=before, after=after)
        if grant.role == Role.TEACHER:
            teachers.append(grant.user_id)
    return teachers


def _make_teacher(user_id: int, place: Organisation, *, actor: Actor, at: datetime, on: date) -> None:
    has = RoleGrant.objects.filter(user_id=user_id, role=Role.TEACHER, organisation=place, valid_until=None)
    if has.filter(in_force(on)).exists():
        return
    grant = RoleGrant.objects.create(
        user_id=user_id,
        role=Role.TEACHER,
        organisation=place,
        valid_from=on,
        granted_by=actor.user,
        reason="调入",
    )
    _record(actor, at, "role.granted", grant, before=None, after=grant_facts(grant))


def _record(
    actor: Actor,
    at: datetime,
    action: str,
    grant: RoleGrant,
    *,
    before: dict[str, object] | None,
    after: dict[str, object],
) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="user",
        subject_uuid=grant.user.uuid,
        organisation=grant.organisation,
        before=before,
        after=after,
    )
