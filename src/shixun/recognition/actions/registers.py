"""Organisers and programmes outside the platform: found by their spelling, proposed, confirmed, merged."""

from collections.abc import Iterable
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
from shixun.recognition.permissions import can_keep_registered, can_keep_registers
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
def register_organiser(*, actor: Actor, at: datetime, name: str) -> Organiser:
    """Register an organiser before anybody claims with it; one of this spelling that is there already is confirmed."""
    demand(can_keep_registers, actor)
    _refuse_empty(name)
    row = organiser_named(actor=actor, at=at, region=_own_region(actor), name=name.strip()[:100])
    if row.state == RegisterState.PROPOSED:
        confirm_registered(actor=actor, at=at, row=row, name=name)
    return row


@transaction.atomic
def register_programme(*, actor: Actor, at: datetime, organiser: Organiser, name: str) -> OutsideProgramme:
    """Register a programme of an organiser, as ``register_organiser`` does."""
    demand(can_keep_registered, actor, organiser)
    _refuse_empty(name)
    row = programme_named(
        actor=actor, at=at, region=organiser.region, organiser=_led_on(organiser), name=name.strip()[:100]
    )
    if row.state == RegisterState.PROPOSED:
        confirm_registered(actor=actor, at=at, row=row, name=name)
    return row


def _own_region(actor: Actor) -> Organisation:
    if actor.organisation is None:
        raise Refusal("没有单位的角色不能登记。")
    return region_of(actor.organisation)


def _refuse_empty(name: str) -> None:
    if not name.strip():
        raise Refusal("名称不能空着，没有保存。", who_can="请照全称填写。", status=409)


@transaction.atomic
def confirm_registered(*, actor: Actor, at: datetime, row: Row, name: str) -> None:
    """Say that a row is right, under the name it should have; the spelling it had before leads on to it.

    Raises ``Refusal`` for a merged row, without a name, and where another row has that name: those are merged.
    """
    demand(can_keep_registered, actor, row)
    _refuse_empty(name)
    row = _held(row)
    if row.state == RegisterState.MERGED:
        raise Refusal(f"“{row.name}”已经并入别的登记，不能再改。", who_can="请改并入的那一个。", status=409)
    before = {"name": row.name, "state": row.state}
    old, key = row.spelled, spelled(name)
    earlier = _earlier_spelling(row, key) if key != old else None
    row.name, row.spelled, row.state = name.strip()[:100], key, RegisterState.REGISTERED
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "spelled", "state"])
    except IntegrityError:
        # Somebody has given the name to another row between our look and our writing.
        raise _taken(type(row).objects.get(**_same_spelling(row, key))) from None
    if earlier is not None:
        earlier.name, earlier.spelled = before["name"], old
        earlier.save(update_fields=["name", "spelled"])
    elif key != old:
        _keep_spelling(row, before["name"], old, actor, at)
    _told(row, actor, at, "register.confirmed", before)


def _held(row: Row) -> Row:
    """The row as it is now, held until the transaction ends."""
    return type(row).objects.select_for_update(of=("self",)).select_related("region", "merged_into").get(pk=row.pk)


def _same_spelling(row: Row, key: str) -> dict[str, object]:
    same: dict[str, object] = {"region": row.region, "spelled": key}
    return {**same, "organiser": row.organiser} if isinstance(row, OutsideProgramme) else same


def _earlier_spelling(row: Row, key: str) -> Row | None:
    """The row's own earlier spelling that is to change places with its present one, out of the way of the constraint.

    Raises ``Refusal`` where the spelling is another row's.
    """
    taken = type(row).objects.select_for_update().filter(**_same_spelling(row, key)).exclude(pk=row.pk).first()
    if taken is None:
        return None
    if taken.merged_into_id != row.pk:
        raise _taken(taken)
    taken.spelled = f"~{taken.uuid}"
    taken.save(update_fields=["spelled"])
    return taken


def _taken(taken: Row) -> Refusal:
    return Refusal(
        f"已经登记了“{taken.name}”（{taken.get_state_display()}），没有改名。",
        who_can="确是同一个的，请把这一个并入它。",
        status=409,
    )


def _keep_spelling(row: Row, name: str, key: str, actor: Actor, at: datetime) -> None:
    """Whoever still writes the name as it was is led to the row."""
    values = {**_same_spelling(row, key), "name": name, "state": RegisterState.MERGED, "merged_into": row}
    type(row).objects.create(**values, proposed_by=actor.user, created_at=at)


@transaction.atomic
def confirm_many(*, actor: Actor, at: datetime, rows: Iterable[Row]) -> int:
    """Say of several proposed rows that they are right as they are; how many were still to be looked at."""
    waiting = [row for row in rows if row.state == RegisterState.PROPOSED]
    for row in waiting:
        confirm_registered(actor=actor, at=at, row=row, name=row.name)
    return len(waiting)


@transaction.atomic
def merge_registered(*, actor: Actor, at: datetime, row: Row, into: Row) -> int:
    """Merge one spelling into another row; claims follow. Returns how many claims now name the other one.

    Raises ``Refusal`` for a merge with itself, in a circle, or across regions.
    """
    demand(can_keep_registered, actor, row)
    # Held in one order, so that two merges at once wait for each other instead of making a circle.
    for pk in sorted((row.pk, into.pk)):
        type(row).objects.select_for_update(of=("self",)).get(pk=pk)
    row, into = _held(row), _led_on(_held(into))
    if row.state == RegisterState.MERGED:
        raise Refusal(f"“{row.name}”已经并入别的登记。", who_can="请刷新页面，看它现在并入了哪一个。", status=409)
    if into.pk == row.pk or into.region_id != row.region_id:
        raise Refusal("不能并入它自己，也不能并入其他地区的登记。", status=409)
    before = {"name": row.name, "state": row.state}
    row.merged_into, row.state = into, RegisterState.MERGED
    row.save(update_fields=["merged_into", "state"])
    type(row).objects.filter(merged_into=row).update(merged_into=into)
    if isinstance(row, Organiser):
        moved = Claim.objects.filter(organiser=row).update(organiser=into)
        _follow(row, into)
        # Claims whose programme was taken in by one that has just come along.
        Claim.objects.filter(organiser=row).update(organiser=into)
    else:
        moved = Claim.objects.filter(programme=row).update(programme=into, organiser=into.organiser)
    _told(row, actor, at, "register.merged", before, into=into.name, claims=moved)
    return moved


def _follow(row: Organiser, into: Organiser) -> None:
    """Programmes go along, unless the other organiser has one of that spelling, which takes them in."""
    rows = OutsideProgramme.objects.select_for_update(of=("self",)).filter(organiser__in=(row, into))
    held = list(rows.select_related("merged_into__merged_into").order_by("pk"))
    twins = {programme.spelled: programme for programme in held if programme.organiser_id == into.pk}
    for programme in held:
        if programme.organiser_id == row.pk:
            _follow_one(programme, twins.get(programme.spelled), into)


def _follow_one(programme: OutsideProgramme, twin: OutsideProgramme | None, into: Organiser) -> None:
    if twin is not None and _led_on(twin).pk == programme.pk:
        # The other organiser's row is a spelling of this one: it gives up its place.
        _take_in(twin, programme)
        twin.delete()
        twin = None
    if twin is None:
        programme.organiser = into
        programme.save(update_fields=["organiser"])
    elif programme.state != RegisterState.MERGED:
        heir = _led_on(twin)
        programme.merged_into, programme.state = heir, RegisterState.MERGED
        programme.save(update_fields=["merged_into", "state"])
        _take_in(programme, heir)


def _take_in(programme: OutsideProgramme, heir: OutsideProgramme) -> None:
    """Claims and earlier spellings of one programme lead to another one."""
    Claim.objects.filter(programme=programme).update(programme=heir, organiser=heir.organiser)
    OutsideProgramme.objects.filter(merged_into=programme).update(merged_into=heir)


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
