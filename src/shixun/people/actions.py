"""Changes to people, organisations, roles and accounts: each one transaction with its audit event (DX-01, RW-04)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.fields import keyed_digest
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor, name_of
from shixun.people.choices import Sex, Title
from shixun.people.models import Appointment, Designation, Identifier, Organisation, Person, RoleGrant, User
from shixun.people.permissions import can_end_role, can_grant_role, can_reveal_identifier
from shixun.people.validators import (
    check_end_of_role,
    check_identifier,
    check_main_appointment,
    check_parent,
    check_period,
    check_posts_apart,
    check_role_place,
    check_still_there,
    masked,
    refusing,
)

OPENED_LONG_AGO = date(2000, 1, 1)


@transaction.atomic
def open_organisation(
    *,
    actor: Actor,
    at: datetime,
    code: str,
    name: str,
    kind: str,
    area_code: str,
    parent: Organisation | None = None,
    stage: str = "",
    valid_from: date = OPENED_LONG_AGO,
    uuid: UUID | None = None,
) -> Organisation:
    """Open an organisation below ``parent``; its path is given by the ids down from the root."""
    with refusing():
        check_parent(kind, parent)
        if Organisation.objects.filter(code=code).exists():
            raise ValidationError(f"机构代码 {code} 已被使用，请换一个代码。")
    organisation = Organisation(
        uuid=uuid or uuid4(),
        code=code,
        name=name,
        kind=kind,
        area_code=area_code,
        parent=parent,
        stage=stage,
        valid_from=valid_from,
    )
    organisation.path = f"new:{uuid4().hex}"
    organisation.save()
    organisation.path = path_below(parent, organisation.pk)
    organisation.save(update_fields=["path"])
    _record(actor, at, "organisation.opened", organisation, organisation, after=organisation_facts(organisation))
    return organisation


@transaction.atomic
def designate(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    kind: str,
    valid_from: date,
    valid_until: date | None = None,
) -> Designation:
    """Give an organisation a quality for a time (PR-08: professional-development school)."""
    with refusing():
        check_period(valid_from, valid_until)
    designation = Designation.objects.create(
        organisation=organisation, kind=kind, valid_from=valid_from, valid_until=valid_until
    )
    after = {"kind": kind, "valid_from": valid_from, "valid_until": valid_until}
    _record(actor, at, "organisation.designated", organisation, organisation, after=after)
    return designation


@transaction.atomic
def register_person(
    *,
    actor: Actor,
    at: datetime,
    code: str,
    name: str,
    sex: str = Sex.UNSTATED,
    born_on: date | None = None,
    entered_on: date | None = None,
) -> Person:
    """Make somebody known to the region; a person code is given once."""
    if Person.objects.filter(code=code).exists():
        raise Refusal(f"人员编号 {code} 已经登记，请核对是否同一人。", status=409)
    person = Person.objects.create(code=code, name=name, sex=sex, born_on=born_on, entered_on=entered_on)
    _record(actor, at, "person.registered", person, after=person_facts(person))
    return person


@transaction.atomic
def add_identifier(
    *, actor: Actor, at: datetime, person: Person, kind: str, number: str, valid_from: date | None = None
) -> Identifier:
    """Add a number of a person; one number belongs to one person at a time. The trail keeps the masked form only."""
    with refusing():
        number = check_identifier(kind, number)
        held = Identifier.objects.filter(kind=kind, digest=keyed_digest(number, kind), valid_until=None)
        if held.exists():
            raise ValidationError("这个号码已经登记在另一份档案上，请核对是否同一人。")
    identifier = new_identifier(person, kind, number, valid_from or localtime(at).date())
    identifier.save()
    _record(actor, at, "identifier.added", person, after={"kind": kind, "number": identifier.masked})
    return identifier


@transaction.atomic
def reveal_identifier(*, actor: Actor, at: datetime, identifier: Identifier) -> str:
    """The whole number, for somebody entitled; that it was looked at is written to the audit log."""
    demand(can_reveal_identifier, actor, identifier)
    shown = {"kind": identifier.kind, "number": identifier.masked}
    _record(actor, at, "identifier.revealed", identifier.person, after=shown)
    return identifier.value


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    organisation: Organisation,
    duty: str,
    valid_from: date,
    valid_until: date | None = None,
    title: str = Title.NONE,
    stage: str = "",
    subject: str = "",
    is_main: bool = True,
) -> Appointment:
    """Appoint somebody from a day on; main appointments of one person never overlap."""
    Person.objects.select_for_update().get(pk=person.pk)
    with refusing():
        check_period(valid_from, valid_until)
        check_still_there(_held(organisation), valid_until)
        if is_main:
            check_main_appointment(person, valid_from, valid_until)
    appointment = Appointment.objects.create(
        person=person,
        organisation=organisation,
        duty=duty,
        title=title,
        stage=stage,
        subject=subject,
        valid_from=valid_from,
        valid_until=valid_until,
        is_main=is_main,
    )
    _record(actor, at, "appointment.begun", person, organisation, after=appointment_facts(appointment))
    return appointment


@transaction.atomic
def end_appointment(*, actor: Actor, at: datetime, appointment: Appointment, on: date) -> Appointment:
    """End an appointment: ``on`` is the first day without it."""
    appointment = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    with refusing():
        check_period(appointment.valid_from, on)
    before = appointment_facts(appointment)
    appointment.valid_until = on
    appointment.save(update_fields=["valid_until"])
    after = appointment_facts(appointment)
    _record(actor, at, "appointment.ended", appointment.person, appointment.organisation, before=before, after=after)
    return appointment


@transaction.atomic
def create_user(
    *, actor: Actor, at: datetime, username: str, person: Person | None = None, password: str | None = None
) -> User:
    """Open an account. Without a password nobody can sign in with one; none is ever derived from personal data."""
    if User.objects.filter(username=username).exists():
        raise Refusal(f"账号 {username} 已被使用，请换一个。", status=409)
    user = User(username=username, person=person)
    user.set_password(password)
    user.save()
    _record(actor, at, "account.opened", user, after={"username": username, "person": person and person.code})
    return user


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    at: datetime,
    user: User,
    role: str,
    organisation: Organisation,
    valid_from: date,
    valid_until: date | None = None,
    reason: str = "",
) -> RoleGrant:
    """Grant a role at an organisation from a day on. Nobody grants to herself; one open grant of a kind at a place."""
    grant = RoleGrant(
        user=user,
        role=role,
        organisation=organisation,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=actor.user,
        reason=reason,
    )
    demand(can_grant_role, actor, grant)
    _hold(user)
    with refusing():
        check_period(valid_from, valid_until)
        check_role_place(role, organisation)
        check_still_there(_held(organisation), valid_until)
        check_posts_apart(user, role, valid_from, valid_until)
        if RoleGrant.objects.filter(user=user, role=role, organisation=organisation, valid_until=None).exists():
            raise ValidationError(f"{user}在{organisation.name}已有这个角色，不必重复授予。")
    grant.save()
    _record(actor, at, "role.granted", user, organisation, after=grant_facts(grant))
    return grant


@transaction.atomic
def end_role(*, actor: Actor, at: datetime, grant: RoleGrant, on: date, reason: str = "") -> RoleGrant:
    """End a role: ``on`` is the first day without it. It counts from the holder's next request on that day.

    A role that was granted by mistake may end on the day it began; then it never held.
    """
    demand(can_end_role, actor, grant)
    grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    with refusing():
        check_end_of_role(grant.valid_from, grant.valid_until, on)
    before = grant_facts(grant)
    grant.valid_until = on
    grant.save(update_fields=["valid_until"])
    after = {**grant_facts(grant), "reason": reason}
    _record(actor, at, "role.ended", grant.user, grant.organisation, before=before, after=after)
    return grant


def record_switch(*, actor: Actor, at: datetime, before: str, grant: RoleGrant) -> None:
    """Somebody has begun to act in another of her roles, or in one lent to her."""
    if actor.user is not None:
        after = {"acting_as": name_of(grant)}
        _record(actor, at, "role.switched", actor.user, grant.organisation, before={"acting_as": before}, after=after)


def new_identifier(person: Person, kind: str, number: str, valid_from: date) -> Identifier:
    """An identifier not yet saved, from a checked number."""
    digest = keyed_digest(number, kind)
    identifier = Identifier(person=person, kind=kind, digest=digest, valid_from=valid_from)
    identifier.value = number
    identifier.masked = masked(kind, number)
    return identifier


def path_below(parent: Organisation | None, key: int) -> str:
    """The path of the organisation with primary key ``key`` below ``parent``."""
    return f"{parent.path if parent else ''}{key:06d}/"


def organisation_facts(organisation: Organisation) -> dict[str, Any]:
    return {"code": organisation.code, "name": organisation.name, "kind": organisation.kind, "path": organisation.path}


def person_facts(person: Person) -> dict[str, Any]:
    return {"code": person.code, "name": person.name, "entered_on": person.entered_on}


def appointment_facts(appointment: Appointment) -> dict[str, Any]:
    return {
        "organisation": appointment.organisation.code,
        "duty": appointment.duty,
        "title": appointment.title,
        "stage": appointment.stage,
        "subject": appointment.subject,
        "is_main": appointment.is_main,
        "valid_from": appointment.valid_from,
        "valid_until": appointment.valid_until,
    }


def grant_facts(grant: RoleGrant) -> dict[str, Any]:
    return {
        "role": grant.role,
        "organisation": grant.organisation.code,
        "valid_from": grant.valid_from,
        "valid_until": grant.valid_until,
        "reason": grant.reason,
    }


def _held(organisation: Organisation) -> Organisation:
    """The organisation as it is now, so that nothing begins there while it is being merged or closed."""
    return Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)


def _hold(user: User) -> None:
    """One change of somebody's roles at a time, over all her accounts."""
    if user.person_id:
        Person.objects.select_for_update().get(pk=user.person_id)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _record(
    actor: Actor,
    at: datetime,
    action: str,
    subject: Organisation | Person | User,
    organisation: Organisation | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind=subject._meta.model_name or "",
        subject_uuid=subject.uuid,
        organisation=organisation,
        before=before,
        after=after,
        person=subject.person if isinstance(subject, User) else subject if isinstance(subject, Person) else None,
    )
