"""The credit officers of many schools at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.people.acting import Actor
from shixun.people.bulk.rows import ROWS_PER_STATEMENT, CreditOfficerRow, event_about, uuid_below
from shixun.people.credit_officers.models import CreditOfficer
from shixun.people.models import Organisation, Person


@transaction.atomic
def name_credit_officers(
    rows: Iterable[CreditOfficerRow],
    *,
    actor: Actor,
    at: datetime,
    persons: Mapping[str, Person],
    organisations: Mapping[str, Organisation],
) -> int:
    """Name them all, for schools that had none before. Returns how many."""
    made = [
        CreditOfficer(
            uuid=uuid_below(organisations[row.organisation].uuid, f"credit officer {row.valid_from}"),
            organisation=organisations[row.organisation],
            person=persons[row.person],
            valid_from=row.valid_from,
            reason=row.reason,
            named_at=at,
        )
        for row in rows
    ]
    CreditOfficer.objects.bulk_create(made, batch_size=ROWS_PER_STATEMENT)
    audit.record_many(_named(row, actor, at) for row in made)
    return len(made)


def _named(row: CreditOfficer, actor: Actor, at: datetime) -> AuditEvent:
    person = row.person.code if row.person else None
    after = {"person": person, "valid_from": row.valid_from, "reason": row.reason}
    return event_about(actor, at, "credit_officer.named", row.organisation, row.organisation, after)
