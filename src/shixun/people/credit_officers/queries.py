"""Who answers for a school's credits on a day, who did before, and which schools have nobody."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.people.choices import OrganisationKind
from shixun.people.credit_officers.models import CreditOfficer
from shixun.people.models import Appointment, Organisation, Person
from shixun.people.queries import organisations_within


@dataclass(frozen=True, slots=True)
class Turn:
    """One row with the day its successor begins (exclusive), for the history; does it hold now?"""

    row: CreditOfficer
    valid_until: date | None
    is_now: bool


def credit_officer_of(school: Organisation, on: date) -> Person | None:
    """Whoever answers for the credits of a school on a day."""
    rows = CreditOfficer.objects.filter(organisation=school, valid_from__lte=on).select_related("person")
    row = rows.order_by("-valid_from").first()
    return row.person if row else None


def turns_of(school: Organisation, on: date) -> list[Turn]:
    """Everybody who ever answered for a school's credits or is to, the latest first."""
    rows = CreditOfficer.objects.filter(organisation=school).select_related("person", "named_by__person")
    turns: list[Turn] = []
    following: date | None = None
    for row in rows.order_by("-valid_from"):
        is_now = row.valid_from <= on and (following is None or on < following)
        turns.append(Turn(row, following, is_now))
        following = row.valid_from
    return turns


def schools_with_officers(scope: Scope, on: date) -> QuerySet[Organisation]:
    """The schools of a scope, each with ``officer_id`` and ``officer_name`` (or None) and ``officer_is_here``."""
    last = CreditOfficer.objects.filter(organisation=OuterRef("pk"), valid_from__lte=on).order_by("-valid_from")
    works = Appointment.objects.filter(in_force(on), organisation=OuterRef("pk"), person=OuterRef("officer_id"))
    schools = organisations_within(scope, on).filter(kind=OrganisationKind.SCHOOL)
    return schools.annotate(
        officer_id=Subquery(last.values("person")[:1]),
        officer_name=Subquery(last.values("person__name")[:1]),
        officer_uuid=Subquery(last.values("person__uuid")[:1]),
        officer_since=Subquery(last.values("valid_from")[:1]),
    ).annotate(officer_is_here=Exists(works))


def schools_without_officer(scope: Scope, on: date) -> QuerySet[Organisation]:
    """Schools that have named nobody, or whose officer no longer works there."""
    return lacking(schools_with_officers(scope, on))


def lacking(schools: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Of annotated schools those without an officer who works there."""
    return schools.filter(Q(officer_id__isnull=True) | Q(officer_is_here=False))


def having(schools: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Of annotated schools those with an officer who works there."""
    return schools.filter(Q(officer_is_here=True))
