"""Questions about yearly reviews: whose year it is, its figures by school, what teachers object to (RW-03)."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shixun.approvals.models import Case
from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.ledger.queries import earned_between
from shixun.people.choices import BODIES, OrganisationKind, Role
from shixun.people.models import Appointment, Organisation, Person, RoleGrant, User
from shixun.recognition.models import Objection, SchoolFeedback, YearReview
from shixun.standing.queries import stored_figures, stored_within
from shixun.terms.queries import bounds_of_years, school_year_of, year_bounds

_SCHOOL = (Role.SCHOOL_OFFICER, Role.PRINCIPAL)
_CITY = (Role.CITY_OFFICER, Role.RECOGNISER)


def year_words(year: int) -> str:
    """A school year by its name."""
    return f"{year}学年"


def last_year_before(day: date, organisation: Organisation) -> int:
    """The last school year that is over on a day."""
    return school_year_of(day, organisation) - 1


def days_of_year(review: YearReview) -> tuple[date, date]:
    """The first and the last day of the school year under review."""
    first, end = year_bounds(review.year, review.organisation)
    return first, end - timedelta(days=1)


def schools_of(district: Organisation, on: date) -> list[Organisation]:
    """The schools of a district that are open on a day."""
    rows = Organisation.objects.filter(Scope(district.path).within("path"), in_force(on))
    return list(rows.filter(kind=OrganisationKind.SCHOOL).order_by("path"))


def officers_by_school(place: Organisation, on: date) -> dict[str, list[User]]:
    """By the name of each school of a place: whoever keeps its credits on a day, and its head."""
    rows = RoleGrant.objects.filter(Scope(place.path).within(), in_force(on), role__in=_SCHOOL, user__is_active=True)
    found: dict[str, list[User]] = {}
    for grant in rows.select_related("user", "organisation"):
        found.setdefault(grant.organisation.name, []).append(grant.user)
    return found


def officers_above(city: Organisation, on: date) -> list[User]:
    """Whoever acts for a city, at itself or at one of its bodies."""
    here = Q(organisation=city) | Q(organisation__parent=city, organisation__kind__in=BODIES)
    rows = RoleGrant.objects.filter(here, in_force(on), role__in=_CITY, user__is_active=True)
    return [grant.user for grant in rows.select_related("user")]


def years_within(scope: Scope) -> QuerySet[YearReview]:
    """The yearly reviews of a scope, with how many schools have signed and are confirmed; one query."""
    done, signed = Q(feedback__case__closed_at__isnull=False), Q(feedback__case__state="district_pending")
    rows = YearReview.objects.filter(scope.within()).select_related("organisation", "opened_by__person")
    return rows.annotate(
        schools=Count("feedback", distinct=True),
        signed=Count("feedback", filter=signed | done, distinct=True),
        confirmed=Count("feedback", filter=done, distinct=True),
    )


def feedback_within(review: YearReview) -> QuerySet[SchoolFeedback]:
    """The schools of a review, each with its case and how many objections wait for an answer; one query."""
    return _counted(SchoolFeedback.objects.filter(review=review))


def feedback_at(scope: Scope) -> QuerySet[SchoolFeedback]:
    """What concerns the schools of a scope, the newest year first."""
    here = scope.within("school__path") | scope.within("case__organisation__path")
    return _counted(SchoolFeedback.objects.filter(here)).order_by("-review__year", "school__path")


def _counted(rows: QuerySet[SchoolFeedback]) -> QuerySet[SchoolFeedback]:
    waiting = Count("objections", filter=Q(objections__answered_at=None, objections__isnull=False))
    return with_names(rows).annotate(waiting=waiting, raised=Count("objections"))


def with_names(rows: QuerySet[SchoolFeedback]) -> QuerySet[SchoolFeedback]:
    """With what a page shows of each, in the same query."""
    return rows.select_related("review__organisation", "school", "case__place", "case__organisation", "read_by__person")


def feedback_of_case(case: Case) -> SchoolFeedback:
    """The school's part a case is about."""
    return with_names(SchoolFeedback.objects.all()).get(uuid=case.subject_uuid)


def teachers_of(feedback: SchoolFeedback) -> QuerySet[Person]:
    """Who had her main post at the school on the last day of the year."""
    _, last = days_of_year(feedback.review)
    held = Appointment.objects.filter(in_force(last), organisation=feedback.school, is_main=True, person=OuterRef("pk"))
    return Person.objects.filter(Exists(held))


def worked_there(person: Person, feedback: SchoolFeedback) -> bool:
    """Is it the school whose list somebody stands on?"""
    return teachers_of(feedback).filter(pk=person.pk).exists()


def feedback_for(person: Person, on: date) -> list[SchoolFeedback]:
    """The yearly checks on whose lists somebody stands, the newest first; three queries."""
    held = list(Appointment.objects.filter(person=person, is_main=True))
    places = {row.organisation_id for row in held}
    rows = list(with_names(SchoolFeedback.objects.filter(school__in=places)).order_by("-review__year")[:10])
    ends = bounds_of_years((row.review.year, row.review.organisation) for row in rows)
    return [row for row, (_, end) in zip(rows, ends, strict=True) if _held_then(held, row, end - timedelta(days=1))]


def _held_then(held: list[Appointment], feedback: SchoolFeedback, last: date) -> bool:
    return any(row.organisation_id == feedback.school_id and row.is_in_force(last) for row in held)


def figures_of(feedback: SchoolFeedback, on: date) -> dict[str, Any]:
    """A school's year in figures: teachers, how many have earned something, lines, credits (hundredths), met."""
    persons = list(teachers_of(feedback).values_list("pk", flat=True))
    earned = earned_between(persons, *days_of_year(feedback.review))
    standing = stored_figures(stored_within(Scope(feedback.school.path)))
    return {
        "teachers": len(persons),
        "with_credits": sum(lines > 0 for _, lines in earned.values()),
        "lines": sum(lines for _, lines in earned.values()),
        "credits": sum(credits for credits, _ in earned.values()),
        "met": standing.met,
        "judged": standing.persons,
    }


def with_earned(persons: list[Person], review: YearReview) -> list[Person]:
    """Each person gets ``earned`` (hundredths) and ``lines`` of the year; one query for all."""
    found = earned_between([person.pk for person in persons], *days_of_year(review))
    for person in persons:
        person.earned, person.lines = found.get(person.pk, (0, 0))  # type: ignore[attr-defined]
    return persons


def objections_of(feedback: SchoolFeedback) -> QuerySet[Objection]:
    """What teachers have said against their credits, those without an answer first."""
    rows = Objection.objects.filter(feedback=feedback).select_related(
        "person", "answered_by__person", "feedback__school"
    )
    return rows.order_by("answered_at", "-created_at")
