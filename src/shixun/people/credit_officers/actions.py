"""Naming the credit officer of a school, handing over on a day, leaving the place empty."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.people.acting import Actor
from shixun.people.credit_officers.models import CreditOfficer
from shixun.people.credit_officers.permissions import can_name_credit_officer
from shixun.people.credit_officers.queries import credit_officer_of
from shixun.people.credit_officers.validators import check_credit_officer
from shixun.people.models import Organisation, Person
from shixun.people.validators import refusing


@transaction.atomic
def name_credit_officer(
    *, actor: Actor, at: datetime, school: Organisation, person: Person | None, valid_from: date, reason: str
) -> CreditOfficer:
    """From ``valid_from`` on this person (or nobody) answers for the school's credits; the one before until that day.

    A handover still to come may be changed by naming somebody for the same day again.
    """
    demand(can_name_credit_officer, actor, school)
    Organisation.objects.select_for_update(of=("self",)).get(pk=school.pk)
    with refusing():
        check_credit_officer(school, person, valid_from, localtime(at).date())
    before = credit_officer_of(school, valid_from)
    row, _ = CreditOfficer.objects.update_or_create(
        organisation=school,
        valid_from=valid_from,
        defaults={"person": person, "reason": reason, "named_by": actor.user, "named_at": at},
    )
    audit.record(
        actor=actor,
        at=at,
        action="credit_officer.named",
        subject_kind="organisation",
        subject_uuid=school.uuid,
        organisation=school,
        before={"person": before.code if before else None},
        after={"person": person.code if person else None, "valid_from": valid_from, "reason": reason},
        person=person,
    )
    return row
