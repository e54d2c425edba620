"""Questions to the room: how projects are classified, what waits, which projects are reported, who is meant."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shixun.kernel.access import Scope
from shixun.kernel.fields import keyed_digest
from shixun.people.choices import IdentifierKind
from shixun.people.models import Identifier, Organisation, Person
from shixun.people.queries import ancestor_paths
from shixun.recognition.choices import RecordKind, RecordState
from shixun.recognition.models import ProjectClassification, ReportedProject, TrainingRecord

_NAMES_PER_QUERY = 500


class Classifications:
    """How the projects of some records are read, by the nearest area above each record; two queries for new names."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[ProjectClassification]] = {}

    def load(self, names: Iterable[tuple[str, str]]) -> None:
        """Fetch the classifications of (spelled name, code) pairs that were not asked for before."""
        new = {pair for pair in names if pair not in self._found}
        self._found.update({pair: [] for pair in new})
        asked = sorted({name for name, _ in new})
        for start in range(0, len(asked), _NAMES_PER_QUERY):
            rows = ProjectClassification.objects.filter(spelled__in=asked[start : start + _NAMES_PER_QUERY])
            # Later versions and narrower areas come last, and the last one wins.
            for row in rows.select_related("organisation").order_by("organisation__path", "version"):
                if (row.spelled, row.code) in new:
                    self._found[row.spelled, row.code].append(row)

    def of(self, spelled: str, code: str, path: str) -> ProjectClassification | None:
        """The classification that holds at a place (path): that of the nearest area, in its last version."""
        self.load([(spelled, code)])
        return next(
            (row for row in reversed(self._found[spelled, code]) if path.startswith(row.organisation.path)), None
        )


def classification_at(organisation: Organisation, spelled: str, code: str) -> ProjectClassification | None:
    """How an area reads a project now, by its own classification or by one above it."""
    return Classifications().of(spelled, code, organisation.path)


def history_of(spelled: str, code: str, organisation: Organisation) -> QuerySet[ProjectClassification]:
    """Every version that concerned an area, the newest first."""
    rows = ProjectClassification.objects.filter(
        spelled=spelled, code=code, organisation__path__in=ancestor_paths(organisation.path)
    )
    return rows.select_related("organisation", "actor__person").order_by("-at", "-id")


def records_within(scope: Scope) -> QuerySet[TrainingRecord]:
    """The records of persons reported at the places of a scope."""
    return TrainingRecord.objects.filter(scope.within())


def records_of_project(scope: Scope, spelled: str, code: str) -> QuerySet[TrainingRecord]:
    """The records of one project of the national format within a scope."""
    return records_within(scope).filter(kind=RecordKind.NATIONAL, spelled=spelled, code=code)


def projects_within(scope: Scope) -> QuerySet[TrainingRecord]:
    """The projects of the national format reported within a scope: for each its first record.

    Each has ``rows``, ``waiting`` and ``last_year`` over all records of the project within the scope.
    """
    rows = records_within(scope).filter(kind=RecordKind.NATIONAL)
    firsts = rows.order_by().values("spelled", "code").annotate(first=Min("id")).values("first")
    alike = rows.order_by().filter(spelled=OuterRef("spelled"), code=OuterRef("code")).values("code")
    waiting = alike.filter(state=RecordState.WAITING).annotate(n=Count("id")).values("n")
    return TrainingRecord.objects.filter(pk__in=firsts).annotate(
        rows=Subquery(alike.annotate(n=Count("id")).values("n")),
        waiting=Coalesce(Subquery(waiting), 0),
        last_year=Subquery(alike.annotate(n=Max("year")).values("n")),
    )


class Amounts(NamedTuple):
    """How many records of a project say the same hours and credits, and on which day one of them is earned."""

    hours: int
    credits: int | None
    rows: int
    waiting: int


def amounts_of(rows: QuerySet[TrainingRecord]) -> list[Amounts]:
    """The records of a project by what they say, the most frequent first."""
    groups = rows.order_by().values_list("hours", "credits")
    counted = groups.annotate(n=Count("id"), waiting=Count("id", filter=Q(state=RecordState.WAITING)))
    return [Amounts(*row) for row in counted.order_by("-n", "hours", "credits")]


def waiting_count(scope: Scope) -> int:
    """How many records wait for the classification of their project."""
    return records_within(scope).filter(state=RecordState.WAITING).count()


def reported_projects_for(actor: Any) -> QuerySet[ReportedProject]:
    """The projects whose results an officer may report: those of her area, below it and above it."""
    if not actor.organisation:
        return ReportedProject.objects.none()
    above = Q(organisation__path__in=ancestor_paths(actor.organisation.path))
    return ReportedProject.objects.filter(above | actor.scope.within()).select_related("organisation")


def records_by_key(keys: Iterable[str]) -> dict[str, TrainingRecord]:
    """Records already known, by key."""
    asked = list(keys)
    found: dict[str, TrainingRecord] = {}
    for start in range(0, len(asked), _NAMES_PER_QUERY):
        rows = TrainingRecord.objects.filter(key__in=asked[start : start + _NAMES_PER_QUERY])
        found.update({row.key: row for row in rows.select_related("person", "organisation", "project")})
    return found


def holders_of(numbers: Iterable[str]) -> dict[str, Person]:
    """The persons who hold identity numbers now, by number, found by keyed digest."""
    digests = {keyed_digest(number, IdentifierKind.ID_CARD): number for number in numbers}
    asked = list(digests)
    found: dict[str, Person] = {}
    for start in range(0, len(asked), _NAMES_PER_QUERY):
        rows = Identifier.objects.filter(
            kind=IdentifierKind.ID_CARD, digest__in=asked[start : start + _NAMES_PER_QUERY], valid_until=None
        )
        found.update({digests[row.digest]: row.person for row in rows.select_related("person")})
    return found
