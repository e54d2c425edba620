"""Are the stored standings those that the single computation gives? Names the persons for whom they are not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from django.db.models import Count, Sum

from shixun.kernel.access import Scope
from shixun.people.models import Organisation, Person
from shixun.standing.models import GapSum, StandingGap, StoredStanding
from shixun.standing.queries.accounts import AccountStanding, standings_for
from shixun.standing.queries.population import holders_within
from shixun.standing.queries.timed import timed_key

# What of an account must agree: met, shortfall, need and counted of the total, and every requirement short, of the
# yearly and dated ones whether it can still be met.
Shown = tuple[bool, int, int, int, dict[str, tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One account stored otherwise than it is; ``stored`` or ``single`` is None where there is no such account."""

    person: str
    name: str
    kind: str
    stored: Shown | None
    single: Shown | None

    def __str__(self) -> str:
        return f"{self.person} {self.name} {self.kind}: stored {self.stored}, computed {self.single}"


def persons_to_check(on: date, *, samples: int | None, seed: int = 0) -> list[int]:
    """Whoever should have a stored standing or has one; a repeatable sample of them unless ``samples`` is None."""
    roots = Organisation.objects.filter(parent=None).values_list("path", flat=True)
    everybody = set(StoredStanding.objects.values_list("person_id", flat=True))
    for path in roots:
        everybody.update(holders_within(Scope(path), on).values_list("pk", flat=True))
    ordered = sorted(everybody)
    if samples is None or samples >= len(ordered):
        return ordered
    return sorted(Random(seed).sample(ordered, samples))  # noqa: S311 - a sample, not a secret


def differences_of(persons: list[int], on: date) -> Iterator[Difference]:
    """Compare person by person, each on the day her standing was stored for (``on`` for who has none)."""
    for person in Person.objects.filter(pk__in=persons).order_by("pk"):
        rows = list(StoredStanding.objects.filter(person=person))
        day = rows[0].on if rows else on
        stored = {row.kind: _stored(row) for row in rows}
        held = _is_held(person, day)
        single = {found.subject.kind: _single(found) for found in standings_for(person, day)} if held else {}
        for kind in sorted(stored.keys() | single.keys()):
            if stored.get(kind) != single.get(kind):
                yield Difference(person.code, person.name, kind, stored.get(kind), single.get(kind))


def differing_sums() -> list[tuple[str, str, str]]:
    """Path, kind and requirement of every sum of gaps that is not the sum of the gaps."""
    gaps = StandingGap.objects.order_by().values_list("path", "kind", "requirement")
    counted = gaps.annotate(Count("pk"), Sum("short"))
    real = {(path, kind, requirement): (people, lack) for path, kind, requirement, people, lack in counted}
    held = GapSum.objects.exclude(people=0, lack=0).values_list("path", "kind", "requirement", "people", "lack")
    stored = {(path, kind, requirement): (people, lack) for path, kind, requirement, people, lack in held}
    return sorted(key for key in real.keys() | stored.keys() if real.get(key) != stored.get(key))


def _is_held(person: Person, on: date) -> bool:
    """Has the person a main appointment on the day, anywhere?"""
    return any(row.is_main and row.is_in_force(on) for row in person.appointments.all())


def _stored(row: StoredStanding) -> Shown:
    found = StandingGap.objects.filter(standing=row).values_list("requirement", "short", "state")
    gaps = {requirement: (short, state) for requirement, short, state in found}
    return row.met, row.shortfall, row.need, row.counted, gaps


def _single(found: AccountStanding) -> Shown:
    standing = found.standing
    gaps = {row.id: (row.short, "") for row in standing.requirements if row.short > 0}
    for year in standing.yearly:
        if not year.met:
            gaps[timed_key(year.id, year.year, date(year.year, 12, 31))] = (year.need - year.counted, year.state)
    for row in standing.dated:
        if not row.met:
            gaps[timed_key(row.id, 0, row.due_on)] = (row.need - row.counted, row.state)
    return standing.met, standing.shortfall, standing.total_need, standing.total_counted, gaps
