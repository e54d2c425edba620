"""Opening an organisation, and changing organisations with all that follows: each one transaction with its trail."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.kernel.access import Scope, demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.actions import open_organisation, organisation_facts, path_below
from shixun.people.models import Organisation
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import all_consequences, mark_of, outcomes_of
from shixun.people.organisations.models import OrganisationChange
from shixun.people.organisations.permissions import can_change_organisation, can_open_organisation_in
from shixun.people.organisations.plans import Plan
from shixun.people.organisations.queries import bodies_of
from shixun.people.organisations.validators import check_name, check_plan
from shixun.people.validators import refusing


@transaction.atomic
def open_place(
    *,
    actor: Actor,
    at: datetime,
    parent: Organisation,
    code: str,
    name: str,
    kind: str,
    valid_from: date,
    reason: str,
    document: str,
    stage: str = "",
    uuid: UUID | None = None,
) -> Organisation:
    """Open an organisation below ``parent`` with the first row of its history. The day may lie ahead."""
    demand(can_open_organisation_in, actor, parent)
    parent = Organisation.objects.select_for_update(of=("self",)).get(pk=parent.pk)
    with refusing():
        if parent.valid_until is not None:
            raise ValidationError(f"{parent.name}已经撤销，不能再设立下级机构。")
        check_name(parent, name)
    made = open_organisation(
        actor=actor,
        at=at,
        code=code,
        name=name,
        kind=kind,
        area_code=parent.area_code,
        parent=parent,
        stage=stage,
        valid_from=valid_from,
        uuid=uuid,
    )
    _write(made, Kind.OPENED, valid_from, reason=reason, document=document, actor=actor, at=at)
    return made


@transaction.atomic
def change_organisations(*, actor: Actor, at: datetime, plan: Plan, seen: str | None = None) -> Plan:
    """Carry out a plan with everything that follows, or nothing; gives the plan as carried out.

    ``seen`` is the mark of the preview the actor agreed to. Raises ``Refusal`` for what is not hers to change, for a
    plan that cannot be, for whatever a room says stands in the way, and where the preview no longer holds.
    """
    plan = _locked(plan)
    for organisation in (*plan.organisations, *([plan.successor] if plan.successor else [])):
        demand(can_change_organisation, actor, organisation)
    if plan.parent is not None:
        demand(can_open_organisation_in, actor, plan.parent)
    with refusing():
        check_plan(plan, localtime(at).date())
    outcomes = outcomes_of(plan)
    blocking = [finding.sentence for outcome in outcomes for finding in outcome.findings if finding.blocks]
    if blocking:
        raise Refusal(f"没有办理：{''.join(blocking)}", who_can="请先处理这些事项，再来办理。", status=409)
    if seen is not None and seen != mark_of(outcomes):
        raise Refusal("在您查看之后情况有了变化，没有办理。", who_can="请重新预览，核对后再确认。", status=409)
    plan = _with_heir(plan, actor, at)
    _STEPS[plan.kind](plan, actor, at)
    for rule in all_consequences():
        if rule.carry_out is not None:
            rule.carry_out(plan, actor, at)
    return plan


def move_below(organisation: Organisation, parent: Organisation) -> None:
    """Put an organisation with everything below it under another parent; paths follow, events of the past stay."""
    old, before = organisation.path, organisation.parent
    organisation.parent, organisation.path = parent, path_below(parent, organisation.pk)
    Organisation.objects.filter(pk=organisation.pk).update(parent=parent)
    below = Organisation.objects.filter(Scope(old).within("path"))
    if before is not None:
        below.filter(area_code=before.area_code).update(area_code=parent.area_code)
        organisation.area_code = parent.area_code
    below.update(path=Concat(Value(organisation.path), Substr(F("path"), len(old) + 1)))


def write_move(organisation: Organisation, parent: Organisation, plan: Plan, actor: Actor, at: datetime) -> None:
    """One organisation lies elsewhere from the plan's day on, with its row and its event."""
    before = organisation_facts(organisation)
    _begin_history(organisation, at)
    move_below(organisation, parent)
    _write(organisation, Kind.MOVED, plan.on, reason=plan.reason, document=plan.document, actor=actor, at=at)
    _record(organisation, "organisation.moved", before, plan, actor, at)


def _rename(plan: Plan, actor: Actor, at: datetime) -> None:
    organisation = plan.organisations[0]
    before = organisation_facts(organisation)
    _begin_history(organisation, at)
    organisation.name = plan.name
    organisation.save(update_fields=["name"])
    _write(organisation, Kind.RENAMED, plan.on, reason=plan.reason, document=plan.document, actor=actor, at=at)
    _record(organisation, "organisation.renamed", before, plan, actor, at)


def _move(plan: Plan, actor: Actor, at: datetime) -> None:
    assert plan.parent is not None  # noqa: S101 - checked with the plan
    write_move(plan.organisations[0], plan.parent, plan, actor, at)


def _end(plan: Plan, actor: Actor, at: datetime) -> None:
    for organisation in plan.organisations:
        before = organisation_facts(organisation)
        _begin_history(organisation, at)
        organisation.valid_until = plan.on
        organisation.save(update_fields=["valid_until"])
        OrganisationChange(
            organisation=organisation,
            kind=plan.kind,
            on=plan.on,
            name=organisation.name,
            parent=organisation.parent,
            successor=plan.successor,
            reason=plan.reason,
            document=plan.document,
            user=actor.user,
            at=at,
        ).save(force_insert=True)
        action = "organisation.merged" if plan.is_merger else "organisation.closed"
        _record(organisation, action, before, plan, actor, at)


_STEPS = {Kind.RENAMED: _rename, Kind.MOVED: _move, Kind.MERGED: _end, Kind.CLOSED: _end}


def _locked(plan: Plan) -> Plan:
    """The plan with its organisations as they are now, held in one order until the transaction ends."""
    named = [*plan.organisations, *(row for row in (plan.successor, plan.parent) if row is not None)]
    rows = Organisation.objects.select_related("parent").select_for_update(of=("self",))
    held = {row.pk: row for row in rows.filter(pk__in={row.pk for row in named}).order_by("pk")}
    organisations = tuple(held[key] for key in sorted(set(plan.keys)))
    return replace(
        plan,
        organisations=organisations,
        successor=held[plan.successor.pk] if plan.successor else None,
        parent=held[plan.parent.pk] if plan.parent else None,
        bodies=bodies_of(plan.kind, organisations),
    )


def _with_heir(plan: Plan, actor: Actor, at: datetime) -> Plan:
    """The plan with its successor opened, beside the first of those that are merged into it."""
    if plan.opening is None:
        return plan
    first = plan.organisations[0]
    assert first.parent is not None  # noqa: S101 - nobody may change a root
    demand(can_open_organisation_in, actor, first.parent)
    made = open_organisation(
        actor=actor,
        at=at,
        code=plan.opening.code,
        name=plan.opening.name,
        kind=first.kind,
        area_code=first.parent.area_code,
        parent=first.parent,
        stage=plan.opening.stage,
        valid_from=plan.on,
    )
    _write(made, Kind.OPENED, plan.on, reason=plan.reason, document=plan.document, actor=actor, at=at)
    return replace(plan, successor=made)


def _begin_history(organisation: Organisation, at: datetime) -> None:
    """What an organisation was until now, where nothing was ever written about it."""
    if OrganisationChange.objects.filter(organisation=organisation).exists():
        return
    OrganisationChange(
        organisation=organisation,
        kind=Kind.OPENED,
        on=organisation.valid_from,
        name=organisation.name,
        parent=organisation.parent,
        at=at,
    ).save(force_insert=True)


def _write(
    organisation: Organisation, kind: Kind, on: date, *, reason: str, document: str, actor: Actor, at: datetime
) -> None:
    OrganisationChange(
        organisation=organisation,
        kind=kind,
        on=on,
        name=organisation.name,
        parent=organisation.parent,
        reason=reason,
        document=document,
        user=actor.user,
        at=at,
    ).save(force_insert=True)


def _record(
    organisation: Organisation, action: str, before: dict[str, object], plan: Plan, actor: Actor, at: datetime
) -> None:
    after = {
        **organisation_facts(organisation),
        "on": plan.on,
        "reason": plan.reason,
        "document": plan.document,
        **({"successor": plan.heir.code} if plan.is_merger else {}),
    }
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="organisation",
        subject_uuid=organisation.uuid,
        organisation=organisation,
        before=before,
        after=after,
    )
