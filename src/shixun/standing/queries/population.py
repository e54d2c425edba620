"""The standings of a whole population, computed by columns: no object per entry, one pass of the batch per rules."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.db.models import QuerySet

from rulebook.parameters import LocalChoices
from rulebook.policy import Policy
from rulebook.standing.batch import EntryColumns, Summaries, TimedColumn, summaries_of, timed_of
from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.ledger.facts import Population, populations_of
from shixun.people.models import Appointment, Person
from shixun.policy.models import LocalRules
from shixun.standing.choices import TimedState
from shixun.standing.facts import Subject, is_year_asked, subjects_of
from shixun.standing.queries.timed import timed_key


@dataclass(frozen=True, slots=True)
class Gap:
    """One requirement not met; amounts in hundredths. ``state`` of a yearly or dated one: can it still be met?"""

    requirement: str
    need: int
    short: int
    state: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One account of one person as the batch judged it; ``gaps`` in the policy's order, the timed ones at the end.

    ``timed`` names the yearly and dated requirements that concern her, met or not.
    """

    subject: Subject
    met: bool
    shortfall: int
    need: int
    counted: int
    gaps: tuple[Gap, ...]
    timed: tuple[str, ...]


def holders_within(scope: Scope, on: date) -> QuerySet[Person]:
    """Whoever has her main appointment of a day in a scope: the persons whose standings are stored."""
    held = Appointment.objects.filter(in_force(on), scope.within(), is_main=True)
    return Person.objects.filter(pk__in=held.values("person_id"))


def judged_of(
    pks: Sequence[int], on: date, *, instead: Policy | None = None, proposed: LocalRules | None = None
) -> dict[int, list[Judged]]:
    """Every account of these persons on a day, by person's pk, the main one first; equal to ``standings_for``.

    Who has no main appointment in force on the day, or no policy, is left out. Eight queries for teachers alone, two
    more for each other kind of account. ``instead``: as if all went by this policy; ``proposed``: as if these local
    rules held already.
    """
    held = Appointment.objects.filter(in_force(on), is_main=True, person__in=pks)
    persons = list(Person.objects.filter(pk__in=held.values("person_id")))
    subjects = {pk: rows for pk, rows in subjects_of(persons, on, instead=instead, proposed=proposed).items() if rows}
    judged: dict[tuple[int, str], Judged] = {}
    by_source: dict[tuple[str, tuple[str, ...]], list[Subject]] = defaultdict(list)
    for subject in (row for rows in subjects.values() for row in rows):
        by_source[subject.kind, subject.policy.accounts_counted_in(subject.kind)].append(subject)
    for (kind, counted), members in by_source.items():
        for found in _judged_together(members, counted, on):
            judged[found.subject.person.pk, kind] = found
    return {pk: [judged[pk, row.kind] for row in rows] for pk, rows in subjects.items()}


def _judged_together(subjects: Sequence[Subject], counted: tuple[str, ...], on: date) -> Iterator[Judged]:
    """Accounts that are judged by the same kinds of account, rules by rules."""
    persons = Person.objects.filter(pk__in=[subject.person.pk for subject in subjects])
    population = next(populations_of(persons, kinds=counted, until=on, chunk_persons=len(subjects)))
    groups: dict[tuple[str, int], list[Subject]] = defaultdict(list)
    for subject in subjects:
        # Places that choose alike share one object of choices.
        groups[subject.policy.digest, id(subject.in_force.local)].append(subject)
    for members in groups.values():
        ruled = members[0].in_force
        columns = _columns_for(population, [subject.person.pk for subject in members])
        facts = [subject.facts for subject in members]
        summaries = summaries_of(ruled.policy, facts, columns, on=on, local=ruled.local)
        timed = timed_of(ruled.policy, facts, columns, on=on, local=ruled.local)
        yield from _read(members, summaries, timed)


def _columns_for(population: Population, pks: Sequence[int]) -> EntryColumns:
    """The entries of some of a population, numbered in the order of these persons."""
    place = np.full(len(population.persons), -1, np.int32)
    place[np.searchsorted(population.persons, np.array(pks, np.int64))] = np.arange(len(pks), dtype=np.int32)
    columns = population.entries
    person = place[columns.person]
    kept = person >= 0
    return replace(
        columns,
        person=person[kept],
        day=columns.day[kept],
        place=columns.place[kept],
        credits=columns.credits[kept],
        hours=columns.hours[kept],
        days=columns.days[kept],
    )


def _read(subjects: Sequence[Subject], summaries: Summaries, timed: Sequence[TimedColumn]) -> Iterator[Judged]:
    gaps: list[list[Gap]] = [[] for _ in subjects]
    order = [row.id for row in subjects[0].policy.requirements if row.kind == "cycle"]
    for key in (key for key in dict.fromkeys(order) if key in summaries.short):
        short, need = summaries.short[key], summaries.need[key]
        for index in np.flatnonzero(short > 0).tolist():
            gaps[index].append(Gap(key, int(need[index]), int(short[index])))
    total = "total" if "total" in summaries.need else ""
    for index, subject in enumerate(subjects):
        concerning = [column for column in timed if _concerns(subject, column, index)]
        asked = bool(total) and int(summaries.need[total][index]) >= 0
        yield Judged(
            subject,
            bool(summaries.met[index]),
            int(summaries.shortfall[index]),
            int(summaries.need[total][index]) if asked else 0,
            int(summaries.counted[total][index]) if asked else 0,
            (*gaps[index], *_timed_gaps(concerning, index)),
            tuple(timed_key(column.id, column.year, column.due_on) for column in concerning),
        )


def _concerns(subject: Subject, column: TimedColumn, index: int) -> bool:
    """Is it asked of her? A year in which its profile did not yet hold asks nothing (PR-12)."""
    if column.need[index] < 0:
        return False
    return not column.year or is_year_asked(subject, column.id, column.year)


def _timed_gaps(columns: Sequence[TimedColumn], index: int) -> Iterator[Gap]:
    for column in columns:
        need, counted = int(column.need[index]), int(column.counted[index])
        if counted < need:
            state = TimedState.MISSED if column.over else TimedState.OPEN
            key = timed_key(column.id, column.year, column.due_on)
            yield Gap(key, need, need - counted, state.value)


def digest_of(local: LocalChoices) -> str:
    """64 hexadecimal digits that name local choices by their content."""
    content = {
        "minimum": dict(local.minimum),
        "switch": dict(local.switch),
        "factors": {key: {str(year): str(value) for year, value in row.items()} for key, row in local.factors.items()},
        "layers": {key: dict(row) for key, row in local.layers.items()},
        "moves": [[move.id, move.source.category] for move in local.moves],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def requirements_of(subject: Subject) -> list[str]:
    """Ids of the requirements of the cycle that bind an account, in the policy's order."""
    rows: Iterable[str] = (
        row.id for row in subject.policy.requirements_for(frozenset(subject.facts.profiles)) if row.kind == "cycle"
    )
    return list(dict.fromkeys(rows))
