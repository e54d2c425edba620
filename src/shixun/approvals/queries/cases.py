"""Lists of cases: the inbox of an actor, what she has decided, what somebody waits for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models import Case as SqlCase

from shixun.approvals.choices import StepKind
from shixun.approvals.flows import all_flows
from shixun.approvals.models import Case, Step
from shixun.approvals.queries.levels import places_of
from shixun.people.acting import Actor
from shixun.people.models import Person, User


def with_names(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With what a list shows of each case, in the same query."""
    return cases.select_related("organisation", "place", "escalated_place", "person", "opened_by__person")


def inbox_of(actor: Actor, at: datetime) -> QuerySet[Case]:
    """The cases this actor may decide now, the nearest deadline first, each with ``is_overdue``; one query.

    Her own cases, what she has handed in for others, and both of whom she acts for are left out; so are those whose
    role, level or body is not hers.
    """
    rows = Case.objects.filter(_for_reviewer(actor), closed_at=None)
    users = [user for user in (actor.user, actor.on_behalf_of) if user is not None]
    hers = Q(user__in=users) | Q(on_behalf_of__in=users)
    rows = rows.exclude(Exists(Step.objects.filter(hers, case=OuterRef("pk"), by_applicant=True)))
    for user in users:
        rows = rows.exclude(opened_by=user)
        if user.person_id is not None:
            rows = rows.exclude(person=user.person_id)
    return with_names(rows).annotate(is_overdue=_overdue(at)).order_by("due_at", "pk")


def inbox_count(actor: Actor, at: datetime) -> int:
    """How many cases wait for this actor; one query."""
    return inbox_of(actor, at).order_by().count()


def _overdue(at: datetime) -> SqlCase:
    passed = When(due_at__lt=at, closed_at=None, then=Value(True))
    return SqlCase(passed, default=Value(False), output_field=BooleanField())


def _for_reviewer(actor: Actor) -> Q:
    places = places_of(actor)
    found = Q(pk__in=())
    for flow in all_flows():
        levels = [level.key for level in flow.levels if actor.role in level.roles]
        if levels and places:
            lies = Q(level__in=levels, place__in=places) | Q(escalated_level__in=levels, escalated_place__in=places)
            found |= Q(lies, flow=flow.key)
    return found


def has_inbox(actor: Actor | None) -> bool:
    """Is there any chain in which this role decides? No query."""
    return actor is not None and any(actor.role in level.roles for flow in all_flows() for level in flow.levels)


def cases_of(user: User | None, person: Person | None) -> QuerySet[Case]:
    """Every case that somebody opened or that concerns her, the newest first."""
    mine = Q(pk__in=())
    if user is not None:
        mine |= Q(opened_by=user)
    if person is not None:
        mine |= Q(person=person) | Q(opened_by__person=person)
    return with_names(Case.objects.filter(mine)).order_by("-opened_at", "-pk")


def waiting_of(person: Person) -> QuerySet[Case]:
    """What somebody waits for: her open cases, with whom each lies and since when."""
    return cases_of(None, person).filter(closed_at=None).order_by("due_at", "pk")


def decided_by(user: User) -> QuerySet[Step]:
    """What somebody has decided, herself or through who acted for her; the latest first."""
    hers = Q(user=user) | Q(on_behalf_of=user)
    steps = Step.objects.filter(hers, kind=StepKind.MOVED, by_applicant=False)
    related = ("case__organisation", "case__place", "user__person", "on_behalf_of__person", "undone_by")
    return steps.select_related(*related).order_by("-at", "-pk")


def case_of(subject_kind: str, subject_uuid: UUID) -> Case | None:
    """The newest case about a thing."""
    rows = Case.objects.filter(subject_kind=subject_kind, subject_uuid=subject_uuid)
    return with_names(rows).order_by("-pk").first()


def cases_about(subject_kind: str, subjects: list[UUID]) -> dict[UUID, Case]:
    """The newest case of each of many things; one query."""
    rows = with_names(Case.objects.filter(subject_kind=subject_kind, subject_uuid__in=subjects)).order_by("pk")
    return {row.subject_uuid: row for row in rows}


def subjects_in(flow: str, **conditions: Any) -> QuerySet[Case, Any]:
    """The subjects' uuids of the cases of one flow under conditions on ``Case``, for a subquery of the room."""
    return Case.objects.filter(flow=flow, **conditions).values("subject_uuid")
