"""Which roles are due to be looked at again, and why."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shixun.kernel.fields import in_force
from shixun.people.acting import Actor
from shixun.people.choices import GRANTS
from shixun.people.models import Appointment, RoleGrant
from shixun.people.queries import grants_within
from shixun.people.role_review.models import RoleConfirmation

WHY = (("stale", "久未复核"), ("left", "已离开本单位"), ("closed", "机构已撤销"))


def roles_to_review(actor: Actor, on: date) -> QuerySet[RoleGrant]:
    """The roles in force that the actor may confirm or end and that need it.

    Each has ``seen_on``, ``is_left`` and ``is_closed``. A role needs it when it has been confirmed or granted long ago,
    when its holder works elsewhere now, or when its organisation is closed. Holders who have never been appointed
    anywhere are judged by the date alone.
    """
    last = RoleConfirmation.objects.filter(grant=OuterRef("pk")).order_by("-confirmed_on")
    appointed = Appointment.objects.filter(person=OuterRef("user__person"))
    here = appointed.filter(in_force(on), organisation=OuterRef("organisation"))
    rows: QuerySet[Any] = grants_within(actor.charge).filter(in_force(on), role__in=GRANTS.get(actor.role, ()))
    if actor.user is not None:
        rows = rows.exclude(user=actor.user)
    if actor.person is not None:
        rows = rows.exclude(user__person=actor.person)
    rows = rows.annotate(
        seen_on=Coalesce(Subquery(last.values("confirmed_on")[:1]), F("valid_from")),
        is_left=Exists(appointed) & ~Exists(here),
        is_closed=~in_force(on, "organisation__"),
    )
    return rows.filter(Q(seen_on__lt=due_before(on)) | Q(is_left=True) | Q(is_closed=True))


def narrowed_to(rows: QuerySet[Any], why: str, on: date) -> QuerySet[Any]:
    """Of the roles to review those due for one reason."""
    if why == "stale":
        return rows.filter(seen_on__lt=due_before(on))
    return rows.filter(is_left=True) if why == "left" else rows.filter(is_closed=True)


def why_of(grant: Any, on: date) -> str:
    """The reasons in words."""
    said = {"stale": grant.seen_on < due_before(on), "left": grant.is_left, "closed": grant.is_closed}
    return "、".join(label for key, label in WHY if said[key])


def due_before(on: date) -> date:
    """Roles last looked at before this day are due."""
    years, month = divmod(on.year * 12 + on.month - 1 - settings.ROLE_REVIEW_MONTHS, 12)
    return date(years, month + 1, min(on.day, 28))
