"""Many persons changed at once: facts, numbers and appointments, each with its trail.

For a roster that comes in as a whole: the caller has decided what changes, this writes it. Appointments end before new
ones begin, so that two main ones never overlap.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.people.acting import Actor
from shixun.people.actions import appointment_facts, new_identifier, person_facts
from shixun.people.bulk.rows import ROWS_PER_STATEMENT, AppointmentRow, event_about, raise_all, said
from shixun.people.models import Appointment, Identifier, Organisation, Person
from shixun.people.validators import check_identifier, check_period

_PERSON_FIELDS = ("name", "sex", "born_on", "entered_on")
_APPOINTMENT_FIELDS = ("organisation", "duty", "title", "stage", "subject")


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What changes for one registered person from the day ``on``.

    ``facts``: new values of name, sex, born_on, entered_on. ``numbers``: pairs of kind and number; a number of the
    same kind that she holds ends that day. ``corrections``: appointments that began on that very day, with their new
    values (``organisation`` as the row itself). ``begins`` names organisations by code.
    """

    person: Person
    on: date
    facts: Mapping[str, Any]
    numbers: tuple[tuple[str, str], ...] = ()
    ends: tuple[Appointment, ...] = ()
    corrections: tuple[tuple[Appointment, Mapping[str, Any]], ...] = ()
    begins: tuple[AppointmentRow, ...] = ()


@transaction.atomic
def change_persons(
    changes: Iterable[PersonChange], *, actor: Actor, at: datetime, organisations: Mapping[str, Organisation]
) -> None:
    """Write all changes with their events; all errors together as ``BadRows``, then nothing is written."""
    changes = list(changes)
    raise_all(error for change in changes for error in _errors(change))
    persons = [change.person.pk for change in changes]
    list(Person.objects.select_for_update().filter(pk__in=persons).order_by("pk").values_list("pk"))
    events: list[AuditEvent] = []
    _change_facts(changes, events, actor, at)
    _change_numbers(changes, events, actor, at)
    _end_and_correct(changes, events, actor, at)
    _begin(changes, events, actor, at, organisations)
    audit.record_many(events)


def _errors(change: PersonChange) -> Iterator[str]:
    for held in change.ends:
        yield from said(change.person.code, check_period, held.valid_from, change.on)
    for kind, number in change.numbers:
        yield from said(change.person.code, check_identifier, kind, number)


def _change_facts(changes: Sequence[PersonChange], events: list[AuditEvent], actor: Actor, at: datetime) -> None:
    changed = [change for change in changes if change.facts]
    for change in changed:
        before = _facts(change.person)
        for name, value in change.facts.items():
            setattr(change.person, name, value)
        event = event_about(actor, at, "person.changed", change.person, None, _facts(change.person))
        event.before = before
        events.append(event)
    Person.objects.bulk_update([change.person for change in changed], _PERSON_FIELDS, batch_size=ROWS_PER_STATEMENT)


def _facts(person: Person) -> dict[str, Any]:
    return {**person_facts(person), "sex": person.sex, "born_on": person.born_on}


def _change_numbers(changes: Sequence[PersonChange], events: list[AuditEvent], actor: Actor, at: datetime) -> None:
    renumbered = [change for change in changes if change.numbers]
    held = Identifier.objects.filter(person__in=[change.person for change in renumbered], valid_until=None)
    by_kind: dict[tuple[int, str], list[Identifier]] = {}
    for identifier in held:
        by_kind.setdefault((identifier.person_id, identifier.kind), []).append(identifier)
    ended, added = [], []
    for change in renumbered:
        for kind, number in change.numbers:
            for old in by_kind.get((change.person.pk, kind), ()):
                if old.valid_from < change.on:
                    old.valid_until = change.on
                    ended.append(old)
                    events.append(_about_number(change, "identifier.ended", old, actor, at))
            new = new_identifier(change.person, kind, check_identifier(kind, number), change.on)
            added.append(new)
            events.append(_about_number(change, "identifier.added", new, actor, at))
    Identifier.objects.bulk_update(ended, ["valid_until"], batch_size=ROWS_PER_STATEMENT)
    Identifier.objects.bulk_create(added, batch_size=ROWS_PER_STATEMENT)


def _about_number(change: PersonChange, action: str, number: Identifier, actor: Actor, at: datetime) -> AuditEvent:
    return event_about(actor, at, action, change.person, None, {"kind": number.kind, "number": number.masked})


def _end_and_correct(changes: Sequence[PersonChange], events: list[AuditEvent], actor: Actor, at: datetime) -> None:
    ended, corrected = [], []
    for change in changes:
        for held in change.ends:
            events.append(_changed(held, "appointment.ended", {"valid_until": change.on}, actor, at))
            ended.append(held)
        for held, values in change.corrections:
            events.append(_changed(held, "appointment.corrected", values, actor, at))
            corrected.append(held)
    Appointment.objects.bulk_update(ended, ["valid_until"], batch_size=ROWS_PER_STATEMENT)
    Appointment.objects.bulk_update(corrected, _APPOINTMENT_FIELDS, batch_size=ROWS_PER_STATEMENT)


def _changed(held: Appointment, action: str, values: Mapping[str, Any], actor: Actor, at: datetime) -> AuditEvent:
    """Set the values on the row and return the event that says so."""
    before = appointment_facts(held)
    for name, value in values.items():
        setattr(held, name, value)
    event = event_about(actor, at, action, held.person, held.organisation, appointment_facts(held))
    event.before = before
    return event


def _begin(
    changes: Sequence[PersonChange],
    events: list[AuditEvent],
    actor: Actor,
    at: datetime,
    organisations: Mapping[str, Organisation],
) -> None:
    begun = [
        Appointment(
            person=change.person,
            organisation=organisations[row.organisation],
            duty=row.duty,
            title=row.title,
            stage=row.stage,
            subject=row.subject,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            is_main=row.is_main,
        )
        for change in changes
        for row in change.begins
    ]
    Appointment.objects.bulk_create(begun, batch_size=ROWS_PER_STATEMENT)
    events += [
        event_about(actor, at, "appointment.begun", held.person, held.organisation, appointment_facts(held))
        for held in begun
    ]
