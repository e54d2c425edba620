"""The audit log: every change of state writes who, acting as whom, what, when, from where, before and after.

Rows are written here and nowhere else, inside the transaction of the change they tell of.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from shixun.kernel.models import AuditEvent

_ROWS_PER_STATEMENT = 2_000


class Acting(Protocol):
    """Whoever acts: a person in a role, or the system itself (``user_uuid`` is then None)."""

    @property
    def user_uuid(self) -> UUID | None: ...
    @property
    def label(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def acting_path(self) -> str: ...
    @property
    def address(self) -> str: ...


class Someone(Protocol):
    """Whoever has a uuid and, as text, a name: the absent colleague, the person concerned."""

    @property
    def uuid(self) -> UUID: ...


class Placed(Protocol):
    """Whatever has a place in the organisation tree."""

    @property
    def path(self) -> str: ...


def event(
    *,
    actor: Acting,
    at: datetime,
    action: str,
    subject_kind: str,
    subject_uuid: UUID | None,
    organisation: Placed | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    person: Someone | None = None,
) -> AuditEvent:
    """An event not yet written; ``action`` is ``noun.verb`` (``role.granted``), ``before``/``after`` JSON-ready.

    ``person`` is whom it concerns, so that she and the auditor find it; every action has its words (``words``).
    """
    behalf: Someone | None = getattr(actor, "on_behalf_of", None)
    return AuditEvent(
        at=at,
        actor_uuid=actor.user_uuid,
        actor_label=actor.label,
        acting_role=actor.role,
        acting_path=actor.acting_path,
        address=actor.address,
        action=action,
        subject_kind=subject_kind,
        subject_uuid=subject_uuid,
        organisation_path=organisation.path if organisation else "",
        before=before,
        after=after,
        behalf_uuid=behalf.uuid if behalf else None,
        behalf_label=str(behalf or "")[:120],
        person_uuid=person.uuid if person else None,
    )


def record(
    *,
    actor: Acting,
    at: datetime,
    action: str,
    subject_kind: str,
    subject_uuid: UUID | None,
    organisation: Placed | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    person: Someone | None = None,
) -> AuditEvent:
    """Write one event; call it inside the transaction of the change."""
    row = event(
        actor=actor,
        at=at,
        action=action,
        subject_kind=subject_kind,
        subject_uuid=subject_uuid,
        organisation=organisation,
        before=before,
        after=after,
        person=person,
    )
    row.save(force_insert=True)
    return row


def record_many(events: Iterable[AuditEvent]) -> None:
    """Write many events of one transaction in few statements."""
    AuditEvent.objects.bulk_create(events, batch_size=_ROWS_PER_STATEMENT)


def newest_event() -> int:
    """The number of the last event of the trail; 0 while it is empty. Numbers only grow."""
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def events_after(number: int, prefixes: Iterable[str]) -> QuerySet[AuditEvent]:
    """The events after this number whose action begins with one of the prefixes (``appointment.``)."""
    wanted = Q(pk__in=())
    for prefix in prefixes:
        wanted |= Q(action__startswith=prefix)
    return AuditEvent.objects.filter(wanted, pk__gt=number).order_by("pk")


def events_about(subject: UUID, actions: Iterable[str]) -> QuerySet[AuditEvent]:
    """The events of these actions about one subject or the person with this number, the latest first."""
    concerned = Q(subject_uuid=subject) | Q(person_uuid=subject)
    return AuditEvent.objects.filter(concerned, action__in=list(actions)).order_by("-at", "-pk")
