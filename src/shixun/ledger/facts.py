"""Rows → facts for the rulebook: one person's entries, a page of persons', or a whole population's as columns."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import QuerySet

from rulebook.facts import EntryFacts
from rulebook.standing.batch import EntryColumns
from shixun.kernel.access import Scope
from shixun.ledger.content import split_tags
from shixun.ledger.models import Entry
from shixun.people.models import Person
from shixun.people.queries import persons_within

_LOOKUPS = ("earned_on", "level", "category", "form", "credits", "tags", "hours", "days", "uuid")


def facts_of(person: Person, *, until: date | None = None, cycle: str | None = None) -> list[EntryFacts]:
    """All entries of a person, oldest first, in one query; ``key`` is the entry's uuid. Reversals are negative."""
    entries = _within(Entry.objects.filter(account__person=person), until, cycle)
    return [_facts(row) for row in entries.order_by("earned_on", "id").values_list(*_LOOKUPS)]


def facts_by_kind(
    persons: Iterable[Person], *, until: date | None = None, cycle: str | None = None
) -> dict[tuple[int, str], list[EntryFacts]]:
    """The same for many persons, account by account (CL-09), in one query: (person's pk, kind) → facts without key."""
    found: dict[tuple[int, str], list[EntryFacts]] = {}
    pks = [person.pk for person in persons]
    entries = _within(Entry.objects.filter(account__person__in=pks), until, cycle).order_by("earned_on", "id")
    # Reading a uuid takes as long as all the rest of a row, and a list of persons has no use for it.
    for row in entries.values_list(*_LOOKUPS[:-1], "account__person_id", "account__kind"):
        found.setdefault((row[-2], row[-1]), []).append(_facts((*row[:-2], "")))
    return found


@dataclass(frozen=True, slots=True)
class Population:
    """Some persons of a population, by ascending primary key, and all their entries as the rulebook's batch reads them.

    ``entries.person`` indexes ``persons``, in ascending order; who has no entries is in ``persons`` all the same.
    ``entries.places`` only grows from chunk to chunk, so a place keeps its number.
    """

    persons: npt.NDArray[np.int64]
    entries: EntryColumns


def populations_within(
    scope: Scope,
    on: date,
    *,
    kinds: Collection[str] = (),
    until: date | None = None,
    cycle: str | None = None,
    chunk_persons: int = 5_000,
) -> Iterator[Population]:
    """Everybody who works in a scope on a day, in chunks of persons; two queries whatever their number.

    ``kinds`` keeps the entries of these kinds of account; empty keeps all (CL-09).
    """
    persons = persons_within(scope, on)
    return populations_of(persons, kinds=kinds, until=until, cycle=cycle, chunk_persons=chunk_persons)


def populations_of(
    persons: QuerySet[Person],
    *,
    kinds: Collection[str] = (),
    until: date | None = None,
    cycle: str | None = None,
    chunk_persons: int = 5_000,
) -> Iterator[Population]:
    """The same for the persons of any query."""
    known = persons.order_by("pk").values_list("pk", flat=True)
    entries = _within(Entry.objects.filter(account__person__in=known.order_by()), until, cycle)
    if kinds:
        entries = entries.filter(account__kind__in=kinds)
    rows = _Ahead(entries.order_by("account__person_id", "id").values_list(*_COLUMNS).iterator(chunk_size=10_000))
    places: dict[tuple[str, str, str, str], int] = {}
    waiting = iter(list(known))
    while chunk := list(islice(waiting, chunk_persons)):
        held = set(chunk)
        # Somebody may have been appointed between the two queries; she is in the next reading, not half in this one.
        yield _population(chunk, [row for row in rows.up_to(chunk[-1]) if row[0] in held], places)


_COLUMNS = ("account__person_id", "earned_on", "credits", "hours", "days", "level", "category", "form", "tags")


class _Ahead:
    """Rows ordered by their first value, taken up to a bound; the row that passes it waits for the next."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def up_to(self, last: int) -> list[tuple[Any, ...]]:
        taken = []
        while self._next is not None and self._next[0] <= last:
            taken.append(self._next)
            self._next = next(self._rows, None)
        return taken


def _population(
    pks: list[int], rows: list[tuple[Any, ...]], places: dict[tuple[str, str, str, str], int]
) -> Population:
    persons = np.array(pks, np.int64)
    owner = np.array([row[0] for row in rows], np.int64)
    place = [places.setdefault(row[5:], len(places)) for row in rows]
    columns = EntryColumns(
        person=np.searchsorted(persons, owner).astype(np.int32),
        day=np.array([row[1].toordinal() for row in rows], np.int32),
        place=np.array(place, np.int32),
        credits=np.array([row[2] for row in rows], np.int64),
        places=[(level, category, form, split_tags(tags)) for level, category, form, tags in places],
        hours=np.array([row[3] for row in rows], np.int64),
        days=np.array([row[4] for row in rows], np.int64),
    )
    return Population(persons, columns)


def _within(entries: QuerySet[Entry], until: date | None, cycle: str | None) -> QuerySet[Entry]:
    if until is not None:
        entries = entries.filter(earned_on__lte=until)
    if cycle is not None:
        entries = entries.filter(account__cycle=cycle)
    return entries


def _facts(row: tuple[Any, ...]) -> EntryFacts:
    earned_on, level, category, form, credits, tags, hours, days, uuid = row[:9]
    return EntryFacts(earned_on, level, category, form, credits, split_tags(tags), hours, days, str(uuid))
