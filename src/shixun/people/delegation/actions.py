"""Lending a role, taking it over, declining and ending: each one transaction with its audit event."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.delegation.models import Delegation
from shixun.people.delegation.permissions import can_answer_delegation, can_delegate, can_end_delegation
from shixun.people.delegation.validators import check_delegation
from shixun.people.models import RoleGrant, User
from shixun.people.validators import refusing


@transaction.atomic
def ask_delegate(
    *,
    actor: Actor,
    at: datetime,
    grant: RoleGrant,
    delegate: User,
    valid_from: date,
    last_on: date,
    reason: str,
) -> Delegation:
    """Ask a colleague to act in one's role from a day to ``last_on`` (included). It holds once she accepts."""
    demand(can_delegate, actor, grant)
    RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    valid_until = last_on + timedelta(days=1)
    with refusing():
        check_delegation(grant, delegate, valid_from, valid_until, localtime(at).date())
    delegation = Delegation.objects.create(
        grant=grant,
        absent=grant.user,
        delegate=delegate,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
        asked_at=at,
    )
    _record(actor, at, "delegation.asked", delegation)
    return delegation


@transaction.atomic
def accept_delegation(*, actor: Actor, at: datetime, delegation: Delegation) -> Delegation:
    """Take the role over. The colleague must still be one, and the role still in force."""
    demand(can_answer_delegation, actor, delegation)
    held = _open(delegation, localtime(at).date())
    if held.accepted_at is not None:
        raise Refusal("您已经接受了这项代理，不必再次接受。", status=409)
    with refusing():
        today = localtime(at).date()
        check_delegation(held.grant, held.delegate, held.valid_from, held.valid_until, today, but_for=held)
    held.accepted_at = at
    held.save(update_fields=["accepted_at"])
    _record(actor, at, "delegation.accepted", held)
    return held


@transaction.atomic
def end_delegation(*, actor: Actor, at: datetime, delegation: Delegation) -> Delegation:
    """End it at once, whether it runs, is to begin, or has not been answered (then it is declined or withdrawn)."""
    demand(can_end_delegation, actor, delegation)
    held = _open(delegation, localtime(at).date())
    held.ended_at, held.ended_by = at, actor.user
    held.save(update_fields=["ended_at", "ended_by"])
    _record(actor, at, "delegation.ended" if held.accepted_at else "delegation.declined", held)
    return held


def _open(delegation: Delegation, today: date) -> Delegation:
    """The row, locked; a refusal when it is over."""
    rows = Delegation.objects.select_for_update(of=("self",))
    held = rows.select_related("grant__organisation__parent", "grant__user", "absent", "delegate").get(pk=delegation.pk)
    if held.ended_at is not None or (held.valid_until is not None and held.valid_until <= today):
        raise Refusal("这项代理已经结束，没有改动。", who_can="需要时请委托人重新委托。", status=409)
    return held


def _record(actor: Actor, at: datetime, action: str, delegation: Delegation) -> None:
    after: dict[str, Any] = {
        "role": delegation.grant.role,
        "organisation": delegation.grant.organisation.code,
        "absent": str(delegation.absent),
        "delegate": str(delegation.delegate),
        "valid_from": delegation.valid_from,
        "valid_until": delegation.valid_until,
        "reason": delegation.reason,
    }
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="delegation",
        subject_uuid=delegation.uuid,
        organisation=delegation.grant.organisation,
        after=after,
        person=delegation.absent.person,
    )
