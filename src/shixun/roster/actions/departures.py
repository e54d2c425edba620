"""Somebody leaves for good: her appointments and roles at the place end on a day; her account and credits stay."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.bulk import PersonChange, change_persons
from shixun.people.models import Appointment, Organisation, Person
from shixun.roster.effects import end_roles_at
from shixun.roster.models import Departure
from shixun.roster.permissions import can_register_departure


def register_departure(*, actor: Actor, at: datetime, person: Person, on: date, kind: str, memo: str = "") -> Departure:
    """Register that one person leaves on a day; see ``register_departures``."""
    return register_departures(actor=actor, at=at, persons=[person], on=on, kind=kind, memo=memo)[0]


@transaction.atomic
def register_departures(
    *, actor: Actor, at: datetime, persons: Sequence[Person], on: date, kind: str, memo: str = ""
) -> list[Departure]:
    """Register that persons leave their main place: ``on`` is the first day without them. All or nothing.

    Appointments at that place and roles held there end; what somebody holds elsewhere, her account, her credits and
    her archive stay. Raises ``Refusal`` with everybody who cannot leave on that day, and why.
    """
    list(Person.objects.select_for_update().filter(pk__in=[one.pk for one in persons]).order_by("pk").values("pk"))
    mains = {held.person_id: held for held in _open_mains(persons)}
    for person in persons:
        demand(can_register_departure, actor, person)
    _refuse_unless_possible(persons, mains, on)
    departures = [
        Departure(
            person=person,
            organisation=mains[person.pk].organisation,
            on=on,
            kind=kind,
            memo=memo.strip(),
            registered_by=actor.user,
            registered_at=at,
        )
        for person in persons
    ]
    changes = [
        PersonChange(person, on, {}, ends=tuple(_held_at(person, mains[person.pk].organisation))) for person in persons
    ]
    change_persons(changes, actor=actor, at=at, organisations={})
    for departure in departures:
        end_roles_at(departure.person, departure.organisation, actor=actor, at=at, on=on, reason="离岗")
    Departure.objects.bulk_create(departures)
    audit.record_many(_event(departure, actor, at) for departure in departures)
    return departures


def _refuse_unless_possible(persons: Sequence[Person], mains: dict[int, Appointment], on: date) -> None:
    said = [f"{person.name}目前没有主要任职" for person in persons if person.pk not in mains]
    said += [
        f"{person.name}自 {mains[person.pk].valid_from:%Y-%m-%d} 起任职，离岗日期应晚于这一天"
        for person in persons
        if person.pk in mains and mains[person.pk].valid_from >= on
    ]
    if said:
        raise Refusal(
            f"有 {len(said)} 人不能这样登记，没有登记任何人：{'；'.join(said)}。",
            who_can="请改正离岗日期，或去掉这些人后再登记。",
            status=409,
        )


def _open_mains(persons: Sequence[Person]) -> list[Appointment]:
    rows = Appointment.objects.filter(person__in=persons, is_main=True, valid_until=None)
    return list(rows.select_related("organisation"))


def _held_at(person: Person, place: Organisation) -> list[Appointment]:
    return list(
        Appointment.objects.filter(person=person, organisation=place, valid_until=None).select_related(
            "organisation", "person"
        )
    )


def _event(departure: Departure, actor: Actor, at: datetime) -> AuditEvent:
    return audit.event(
        actor=actor,
        at=at,
        action="person.departed",
        subject_kind="person",
        subject_uuid=departure.person.uuid,
        organisation=departure.organisation,
        after={"on": departure.on, "kind": departure.kind, "memo": departure.memo},
    )
