"""Organisers and programmes outside the platform: found by their spelling, proposed, confirmed, merged."""

from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.people.queries import chain_of
from shixun.recognition.choices import RegisterState
from shixun.recognition.models import Claim, Organiser, OutsideProgramme
from shixun.recognition.permissions import can_keep_registers
from shixun.recognition.validators import spelled

Row = TypeVar("Row", Organiser, OutsideProgramme)
_DEPTH = 5


def region_of(organisation: Organisation) -> Organisation:
    """The root of the tree an organisation belongs to."""
    return chain_of(organisation).first() or organisation


def organiser_named(*, actor: Actor, at: datetime, region: Organisation, name: str) -> Organiser:
    """The organiser of this name in a region, proposed now if nobody has written it before; a merged one leads on."""
    key = spelled(name)
    found = Organiser.objects.filter(region=region, spelled=key).first()
    if found is None:
        fresh = Organiser(region=region, name=name, spelled=key, proposed_by=actor.user, created_at=at)
        found = _proposed(fresh, actor, at, "organiser.proposed")
    return _led_on(found)


def programme_named(
    *, actor: Actor, at: datetime, region: Organisation, organiser: Organiser, name: str
) -> OutsideProgramme:
    """The programme of this name of an organiser, proposed now if nobody has written it before."""
    key = spelled(name)
    found = OutsideProgramme.objects.filter(region=region, organiser=organiser, spelled=key).first()
    if found is None:
        fresh = OutsideProgramme(
            region=region, organiser=organiser, name=name, spelled=key, proposed_by=actor.user, created_at=at
        )
        found = _proposed(fresh, actor, at, "programme.proposed")
    return _led_on(found)


def _proposed(row: Row, actor: Actor, at: datetime, action: str) -> Row:
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            # Somebody has proposed the same name between our look and our writing.
            same = {"region": row.region, "spelled": row.spelled}
            if isinstance(row, OutsideProgramme):
                same["organiser"] = row.organiser
            return type(row).objects.get(**same)
        audit.record(
            actor=actor,
            at=at,
            action=action,
            subject_kind="recognition.register",
            subject_uuid=row.uuid,
            organisation=row.region,
            after={"name": row.name},
        )
    return row


def _led_on(row: Row) -> Row:
    for _ in range(_DEPTH):
        if row.merged_into is None:
            break
        row = row.merged_into
    return row


@transaction.atomic
def confirm_registered(*, actor: Actor, at: datetime, row: Organiser | OutsideProgramme, name: str) -> None:
    """Say that a proposed row is right, under the name it should have."""
    demand(can_keep_registers, actor)
    before = {"name": row.name, "state": row.state}
    if not name.strip():
        raise Refusal("名称不能空着，没有保存。", status=409)
    row.name, row.state = name.strip()[:100], RegisterState.REGISTERED
    row.save(update_fields=["name", "state"])
    _told(row, actor, at, "register.confirmed", before)


@transaction.atomic
def merge_registered(*, actor: Actor, at: datetime, row: Row, into: Row) -> int:
    """Merge one spelling into another row; claims follow. Returns how many claims now name the other one.

    Raises ``Refusal`` for a merge with itself, in a circle, or across regions.
    """
    demand(can_keep_registers, actor)
    into = _led_on(into)
    if into.pk == row.pk or into.region_id != row.region_id:
        raise Refusal("不能并入它自己，也不能并入其他地区的登记。", status=409)
    before = {"name": row.name, "state": row.state}
    row.merged_into, row.state = into, RegisterState.MERGED
    row.save(update_fields=["merged_into", "state"])
    field = "organiser" if isinstance(row, Organiser) else "programme"
    moved = Claim.objects.filter(**{field: row}).update(**{field: into})
    if isinstance(row, Organiser):
        _follow(row, into)
    _told(row, actor, at, "register.merged", before, into=into.name, claims=moved)
    return moved


def _follow(row: Organiser, into: Organiser) -> None:
    """Programmes go along, unless the other organiser has one of that spelling, which takes them in."""
    for programme in OutsideProgramme.objects.filter(organiser=row):
        twin = OutsideProgramme.objects.filter(organiser=into, spelled=programme.spelled).first()
        if twin is None:
            programme.organiser = into
            programme.save(update_fields=["organiser"])
        else:
            programme.merged_into, programme.state = twin, RegisterState.MERGED
            programme.save(update_fields=["merged_into", "state"])
            Claim.objects.filter(programme=programme).update(programme=twin)


def _told(
    row: Organiser | OutsideProgramme, actor: Actor, at: datetime, action: str, before: dict[str, str], **more: object
) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="recognition.register",
        subject_uuid=row.uuid,
        organisation=row.region,
        before=before,
        after={"name": row.name, "state": str(row.state), **more},
    )
