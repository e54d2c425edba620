"""Confirming roles, and ending those that are no longer right, in the yearly review."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.people.acting import Actor
from shixun.people.actions import end_role, grant_facts
from shixun.people.models import RoleGrant
from shixun.people.permissions import can_end_role
from shixun.people.role_review.models import RoleConfirmation


@transaction.atomic
def confirm_roles(*, actor: Actor, at: datetime, grants: Iterable[RoleGrant]) -> int:
    """Each has been looked at today and is right; returns how many."""
    today, confirmed = localtime(at).date(), 0
    for grant in grants:
        demand(can_end_role, actor, grant)
        RoleConfirmation.objects.create(grant=grant, confirmed_by=actor.user, confirmed_on=today)
        audit.record(
            actor=actor,
            at=at,
            action="role.confirmed",
            subject_kind="user",
            subject_uuid=grant.user.uuid,
            organisation=grant.organisation,
            after=grant_facts(grant),
            person=grant.user.person,
        )
        confirmed += 1
    return confirmed


@transaction.atomic
def end_reviewed_roles(*, actor: Actor, at: datetime, grants: Iterable[RoleGrant]) -> int:
    """Each ends today; returns how many."""
    ended = 0
    for grant in grants:
        end_role(actor=actor, at=at, grant=grant, on=localtime(at).date(), reason="角色复核")
        ended += 1
    return ended
