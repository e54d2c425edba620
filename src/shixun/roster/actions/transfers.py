"""Asking for a move between two places (调入调出); the other side, and both districts where they differ, decide."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from shixun.approvals.actions import move_case, open_case, revise_case
from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation, Person
from shixun.people.queries import main_appointment
from shixun.roster.models import Transfer
from shixun.roster.permissions import can_ask_for_transfer
from shixun.roster.queries import opened_case


@transaction.atomic
def ask_for_transfer(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    destination: Organisation,
    begins_on: date,
    duty: str,
    title: str,
    stage: str,
    subject: str,
    reason: str,
) -> Transfer:
    """Ask that somebody moves from where she works now to ``destination``; the person's row is held meanwhile.

    Raises ``Refusal`` where she works nowhere or there already, where a move is under way, or the day does not fit.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    main = main_appointment(person, localtime(at).date())
    if main is None:
        raise Refusal(f"{person.name}目前没有主要任职，不能调动。", who_can="请直接在名册中登记任职。", status=409)
    transfer = Transfer(
        person=person,
        origin=main.organisation,
        destination=destination,
        begins_on=begins_on,
        duty=duty,
        title=title,
        stage=stage,
        subject=subject.strip(),
        reason=reason.strip(),
        asked_by=actor.user,
        asked_at=at,
    )
    demand(can_ask_for_transfer, actor, transfer)
    _refuse_unless_possible(transfer, main.valid_from)
    transfer.save(force_insert=True)
    asking = transfer.origin if actor.scope.holds(transfer.origin.path) else transfer.destination
    audit.record(
        actor=actor,
        at=at,
        action="transfer.asked",
        subject_kind="person",
        subject_uuid=person.uuid,
        organisation=asking,
        after={"origin": transfer.origin.code, "destination": destination.code, "begins_on": begins_on},
    )
    open_case(
        actor=actor,
        at=at,
        flow="roster.transfer",
        subject_kind="roster.transfer",
        subject_uuid=transfer.uuid,
        title=f"{person.name}：{transfer.origin.name} → {destination.name}",
        organisation=asking,
        person=person,
        content=content_of(transfer),
        key=f"transfer:{transfer.uuid}",
    )
    return transfer


@transaction.atomic
def revise_transfer(
    *,
    actor: Actor,
    at: datetime,
    transfer: Transfer,
    destination: Organisation,
    begins_on: date,
    duty: str,
    title: str,
    stage: str,
    subject: str,
    reason: str,
) -> Transfer:
    """Change a transfer that was returned and hand it in again; what it said before stays as a revision."""
    transfer = Transfer.objects.select_for_update(of=("self",)).select_related("person", "origin").get(pk=transfer.pk)
    case = opened_case(transfer)
    transfer.destination, transfer.begins_on = destination, begins_on
    transfer.duty, transfer.title, transfer.stage, transfer.subject = duty, title, stage, subject.strip()
    transfer.reason = reason.strip()
    demand(can_ask_for_transfer, actor, transfer)
    main = main_appointment(transfer.person, localtime(at).date())
    _refuse_unless_possible(transfer, main.valid_from if main else begins_on)
    revise_case(actor=actor, at=at, case=case, content=content_of(transfer))
    transfer.save()
    move_case(actor=actor, at=at, case=case, action="submit")
    return transfer


def content_of(transfer: Transfer) -> Mapping[str, Any]:
    """What the case says, in words."""
    return {
        "person": transfer.person.name,
        "origin": transfer.origin.name,
        "destination": transfer.destination.name,
        "begins_on": transfer.begins_on.isoformat(),
        "duty": transfer.get_duty_display(),
        "title": transfer.get_title_display(),
        "stage": transfer.get_stage_display() if transfer.stage else "",
        "subject": transfer.subject,
        "reason": transfer.reason,
    }


def _refuse_unless_possible(transfer: Transfer, held_since: date) -> None:
    name = transfer.person.name
    if transfer.origin.pk == transfer.destination.pk:
        raise Refusal(f"{name}现在就在{transfer.destination.name}任职，不需要调动。", status=409)
    if transfer.begins_on <= held_since:
        raise Refusal(
            f"{name}自 {held_since:%Y-%m-%d} 起在{transfer.origin.name}任职，到岗日期应晚于这一天。",
            who_can="请改正到岗日期。",
            status=409,
        )
    others = Transfer.objects.filter(person=transfer.person, settled_at=None).exclude(pk=transfer.pk)
    under_way = others.select_related("destination").first()
    if under_way is not None:
        raise Refusal(
            f"{name}已有一项调往{under_way.destination.name}的调动正在办理。",
            who_can="请等它办结，或由发起方撤回后再发起。",
            status=409,
        )
