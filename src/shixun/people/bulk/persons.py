"""Many persons at once, with their numbers and appointments."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from uuid import uuid4

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.people.acting import Actor
from shixun.people.actions import (
    OPENED_LONG_AGO,
    appointment_facts,
    new_identifier,
    person_facts,
)
from shixun.people.bulk.rows import (
    ROWS_PER_STATEMENT,
    PersonRow,
    event_about,
    raise_all,
    said,
    uuid_below,
)
from shixun.people.models import (
    Appointment,
    Identifier,
    Organisation,
    Person,
)
from shixun.people.validators import check_identifier, check_period


@transaction.atomic
def register_persons(
    rows: Iterable[PersonRow], *, actor: Actor, at: datetime, organisations: Mapping[str, Organisation]
) -> dict[str, Person]:
    """Register all persons with their numbers and appointments. Returns them by code."""
    rows = list(rows)
    raise_all(error for row in rows for error in _person_errors(row, organisations))
    persons = {
        row.code: Person(
            uuid=row.uuid or uuid4(),
            code=row.code,
            name=row.name,
            sex=row.sex,
            born_on=row.born_on,
            entered_on=row.entered_on,
        )
        for row in rows
    }
    Person.objects.bulk_create(persons.values(), batch_size=ROWS_PER_STATEMENT)
    identifiers = [item for row in rows for item in _identifiers(row, persons[row.code])]
    Identifier.objects.bulk_create(identifiers, batch_size=ROWS_PER_STATEMENT)
    appointments = [item for row in rows for item in _appointments(row, persons[row.code], organisations)]
    Appointment.objects.bulk_create(appointments, batch_size=ROWS_PER_STATEMENT)
    audit.record_many(_person_events(persons, identifiers, appointments, actor, at))
    return persons


def _identifiers(row: PersonRow, person: Person) -> Iterator[Identifier]:
    for kind, number in row.identifiers:
        identifier = new_identifier(person, kind, check_identifier(kind, number), OPENED_LONG_AGO)
        identifier.uuid = uuid_below(row.uuid, f"identifier {kind}")
        yield identifier


def _appointments(row: PersonRow, person: Person, organisations: Mapping[str, Organisation]) -> Iterator[Appointment]:
    for number, item in enumerate(row.appointments):
        yield Appointment(
            uuid=uuid_below(row.uuid, f"appointment {number}"),
            person=person,
            organisation=organisations[item.organisation],
            duty=item.duty,
            title=item.title,
            stage=item.stage,
            subject=item.subject,
            valid_from=item.valid_from,
            valid_until=item.valid_until,
            is_main=item.is_main,
        )


def _person_events(
    persons: Mapping[str, Person],
    identifiers: Iterable[Identifier],
    appointments: Iterable[Appointment],
    actor: Actor,
    at: datetime,
) -> Iterator[AuditEvent]:
    for person in persons.values():
        yield event_about(actor, at, "person.registered", person, None, person_facts(person))
    for item in identifiers:
        yield event_about(actor, at, "identifier.added", item.person, None, {"kind": item.kind, "number": item.masked})
    for held in appointments:
        yield event_about(actor, at, "appointment.begun", held.person, held.organisation, appointment_facts(held))


def _person_errors(row: PersonRow, organisations: Mapping[str, Organisation]) -> Iterator[str]:
    for kind, number in row.identifiers:
        yield from said(row.code, check_identifier, kind, number)
    for item in row.appointments:
        yield from said(row.code, check_period, item.valid_from, item.valid_until)
        if item.organisation not in organisations:
            yield f"{row.code}: 任职机构 {item.organisation} 不存在"
    main = sorted((item for item in row.appointments if item.is_main), key=lambda item: item.valid_from)
    for earlier, later in pairwise(main):
        if earlier.valid_until is None or earlier.valid_until > later.valid_from:
            yield f"{row.code}: 自 {later.valid_from:%Y-%m-%d} 的主要任职与上一段重叠"
