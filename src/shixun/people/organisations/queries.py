"""The history of an organisation, what was merged into it, and the organisations that are no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.people.choices import AREAS, BODIES, OrganisationKind
from shixun.people.models import Organisation
from shixun.people.organisations.choices import ENDING, OrganisationChangeKind
from shixun.people.organisations.models import OrganisationChange

# What an organisation may lie in.
_ABOVE = AREAS | {OrganisationKind.VOCATIONAL_GROUP}


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


@dataclass(frozen=True, slots=True)
class Stay:
    """From when until when (exclusive) an organisation lay in which areas: the nearest first, with their names then."""

    valid_from: date
    valid_until: date | None
    areas: tuple[str, ...] = ()
    keys: tuple[int, ...] = ()


def stays_of(organisation: Organisation) -> list[Stay]:
    """Where an organisation has lain since it was opened, the latest first; two queries.

    Read from its own rows and those of the areas it lay in: whatever lies deeper in an area that is moved or merged
    has no row of its own for that.
    """
    rows: dict[int, list[OrganisationChange]] = {}
    wanted = Q(organisation=organisation) | Q(organisation__kind__in=_ABOVE)
    for row in OrganisationChange.objects.filter(wanted).select_related("parent").order_by("on"):
        rows.setdefault(row.organisation_id, []).append(row)
    areas = Organisation.objects.filter(kind__in=_ABOVE).in_bulk() if rows else {}
    found: list[Stay] = []
    for stay in _stays(organisation, rows, areas, organisation.valid_from, organisation.valid_until):
        if found and (found[-1].areas, found[-1].keys) == (stay.areas, stay.keys):
            stay = replace(stay, valid_from=found.pop().valid_from)
        found.append(stay)
    return found[::-1]


def former_stay(organisation: Organisation, on: date) -> Stay | None:
    """Where an organisation lay on a past day, if that is not where it lies now."""
    stays = stays_of(organisation)
    then = next((stay for stay in stays if stay.valid_from <= on), None)
    return then if then is not None and then.keys != stays[0].keys else None


def _stays(
    place: Organisation,
    rows: dict[int, list[OrganisationChange]],
    areas: dict[int, Organisation],
    since: date,
    until: date | None,
) -> Iterator[Stay]:
    """The stays of a place between two days, the oldest first."""
    for first, last, _, key in _spells(place, rows, since, until):
        above = areas.get(key or 0)
        if above is None:
            yield Stay(first, last)
            continue
        for begins, ends, name, _ in _spells(above, rows, first, last):
            for stay in _stays(above, rows, areas, begins, ends):
                yield replace(stay, areas=(name, *stay.areas), keys=(above.pk, *stay.keys))


def _spells(
    place: Organisation, rows: dict[int, list[OrganisationChange]], since: date, until: date | None
) -> Iterator[tuple[date, date | None, str, int | None]]:
    """What a place was called and what it lay in between two days: from, until, name, key of the parent."""
    told = [(row.on, row.name, row.parent_id) for row in rows.get(place.pk, [])]
    told = told or [(date.min, place.name, place.parent_id)]
    # Before the first row it was what that row says.
    for number, (on, name, parent) in enumerate(told):
        begins = max(on, since) if number else since
        following = told[number + 1][0] if number + 1 < len(told) else until
        ends = following if until is None or (following is not None and following < until) else until
        if ends is None or begins < ends:
            yield begins, ends, name, parent


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


def bodies_of(kind: OrganisationChangeKind, organisations: Iterable[Organisation]) -> tuple[Organisation, ...]:
    """The bodies that act for another area after such a change: those of an area that is merged, or that are moved."""
    rows = list(organisations)
    if kind == OrganisationChangeKind.MOVED:
        return tuple(row for row in rows if row.kind in BODIES)
    areas = [row.pk for row in rows if row.kind in AREAS]
    if kind != OrganisationChangeKind.MERGED or not areas:
        return ()
    found = Organisation.objects.filter(parent__in=areas, kind__in=BODIES, valid_until=None)
    return tuple(found.select_related("parent").order_by("path"))


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
