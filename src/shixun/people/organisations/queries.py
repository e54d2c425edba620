"""The history of an organisation, what was merged into it, and the organisations that are no more."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.people.choices import AREAS
from shixun.people.models import Organisation
from shixun.people.organisations.choices import ENDING
from shixun.people.organisations.models import OrganisationChange


@dataclass(frozen=True, slots=True)
class Chapter:
    """One row of a history with the day the next one begins (exclusive)."""

    row: OrganisationChange
    valid_until: date | None

    @property
    def is_end(self) -> bool:
        return self.row.kind in ENDING


def history_of(organisation: Organisation) -> list[Chapter]:
    """The dated rows of an organisation, the latest first; empty where nothing was ever written about it."""
    rows = OrganisationChange.objects.filter(organisation=organisation)
    chapters: list[Chapter] = []
    following: date | None = None
    for row in rows.select_related("parent", "successor", "user__person").order_by("-on"):
        chapters.append(Chapter(row, following))
        following = row.on
    return chapters


def predecessors_of(organisation: Organisation) -> QuerySet[OrganisationChange]:
    """The changes by which others were merged into an organisation, the latest first."""
    return organisation.predecessor_changes.select_related("organisation").order_by("-on", "organisation__path")


def last_change(organisation: Organisation) -> OrganisationChange | None:
    """The newest row of an organisation's history."""
    return OrganisationChange.objects.filter(organisation=organisation).order_by("-on").first()


def ended_within(scope: Scope, on: date) -> QuerySet[Organisation]:
    """The organisations of a scope that are no more on a day, each with ``heir_name``, ``heir_uuid``, ``document``."""
    last = OrganisationChange.objects.filter(organisation=OuterRef("pk"), kind__in=ENDING).order_by("-on")
    ended = Organisation.objects.filter(scope.within("path"), valid_until__lte=on).select_related("parent")
    return ended.annotate(
        heir_name=Subquery(last.values("successor__name")[:1]),
        document=Subquery(last.values("document")[:1]),
    )


def subtree_of(organisations: tuple[Organisation, ...]) -> Q:
    """A condition on a relation ``organisation``: at one of these or below it."""
    below = Q(pk__in=())
    for organisation in organisations:
        below |= Scope(organisation.path).within()
    return below


def areas_to_move_to(scope: Scope, organisation: Organisation, on: date) -> QuerySet[Organisation]:
    """Where an organisation may be moved within a scope: areas that it does not lie in and is not above of."""
    found = Organisation.objects.filter(in_force(on), scope.within("path"), kind__in=AREAS)
    own = Scope(organisation.path).within("path")
    return found.exclude(children=organisation).exclude(own).order_by("path")


def others_of_kind(scope: Scope, organisation: Organisation, on: date) -> QuerySet[Organisation]:
    """The organisations of a scope of the same kind that exist on a day."""
    found = Organisation.objects.filter(in_force(on), scope.within("path"), kind=organisation.kind)
    return found.exclude(pk=organisation.pk).order_by("path")
