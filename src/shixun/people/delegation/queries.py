"""Which roles somebody acts in, her own and lent ones, and who acts for whom."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet, UUIDField, Value

from shixun.kernel.fields import in_force
from shixun.people.delegation.models import Delegation
from shixun.people.models import RoleGrant, User
from shixun.people.queries import role_rank


def grants_to_act(user: User, on: date) -> list[RoleGrant]:
    """The roles somebody may act in on a day: her own first, then lent ones, each with ``lent_uuid`` (or None).

    One query: two index scans, whatever the number of roles there are in all.
    """
    related = ("user__person", "organisation__parent")
    own = RoleGrant.objects.filter(in_force(on), user=user).annotate(lent_uuid=Value(None, UUIDField()))
    lent = RoleGrant.objects.filter(
        in_force(on),
        in_force(on, "delegations__"),
        delegations__delegate=user,
        delegations__accepted_at__isnull=False,
        delegations__ended_at=None,
        user__is_active=True,
    ).annotate(lent_uuid=F("delegations__uuid"))
    rows = own.select_related(*related).union(lent.select_related(*related), all=True)
    return sorted(rows, key=lambda grant: (grant.lent_uuid is not None, *role_rank(grant)))  # type: ignore[attr-defined]


def lent_grant(delegation_uuid: UUID, on: date) -> tuple[RoleGrant, User] | None:
    """The role lent by a delegation and to whom, where both still hold on a day."""
    held = _running(on).filter(uuid=delegation_uuid, delegate__is_active=True, grant__user__is_active=True)
    found = held.filter(in_force(on, "grant__")).select_related("delegate__person").first()
    return (found.grant, found.delegate) if found else None


def delegations_of(user: User) -> QuerySet[Delegation]:
    """What somebody has lent or taken over, the latest first."""
    mine = Delegation.objects.filter(Q(absent=user) | Q(delegate=user))
    return mine.select_related(*_NAMES).order_by("-valid_from", "-pk")


def asked_of(user: User, on: date) -> QuerySet[Delegation]:
    """What somebody is asked to take over and has not answered, while there is still time."""
    open_ones = Delegation.objects.filter(delegate=user, accepted_at=None, ended_at=None, valid_until__gt=on)
    return open_ones.select_related(*_NAMES).order_by("valid_from", "pk")


def deputies_of(grants: Iterable[RoleGrant], on: date) -> dict[int, Delegation]:
    """Who acts for the holders of these roles on a day, by the role's key; one query."""
    rows = _running(on).filter(grant__in=list(grants)).select_related("delegate__person")
    return {row.grant_id: row for row in rows}


def holders_and_deputies(grants: QuerySet[RoleGrant], on: date) -> list[User]:
    """The active accounts that hold these roles and whoever acts for them on a day, each once; two queries."""
    held = list(grants.filter(in_force(on), user__is_active=True).select_related("user__person").order_by("pk"))
    deputies = [delegation.delegate for delegation in deputies_of(held, on).values()] if held else []
    found = {user.pk: user for user in [*(grant.user for grant in held), *deputies] if user.is_active}
    return list(found.values())


def overlapping_delegations(grant: RoleGrant, valid_from: date, valid_until: date) -> QuerySet[Delegation]:
    """Those of one role that share a day with a period and have not been ended."""
    rows = Delegation.objects.filter(grant=grant, ended_at=None)
    return rows.filter(valid_from__lt=valid_until, valid_until__gt=valid_from).select_related("delegate__person")


def _running(on: date) -> QuerySet[Delegation]:
    running = Delegation.objects.filter(in_force(on), accepted_at__isnull=False, ended_at=None)
    return running.select_related("grant__user__person", "grant__organisation__parent")


_NAMES = ("grant__organisation__parent", "grant__user__person", "absent__person", "delegate__person")
