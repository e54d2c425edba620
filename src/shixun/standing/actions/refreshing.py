"""Write the stored standings of a scope or of some persons anew: the same call twice writes the same rows."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from shixun.kernel.access import Scope
from shixun.people.acting import Actor
from shixun.standing.choices import TimedState
from shixun.standing.models import GapSum, Measure, StandingGap, StoredStanding
from shixun.standing.queries.population import Judged, digest_of, holders_within, judged_of, requirements_of

# Small enough for other writers of SQLite, who wait five seconds at most, to come in between.
CHUNK_PERSONS = 500
_ROWS = 2_000

# There are ten times as many gaps as persons; as model objects they took half of the time of a refresh.
_INSERT_GAP = (
    "INSERT INTO standing_standinggap (standing_id, person_id, path, kind, requirement, need, short, state)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)

_SUMS = (
    "INSERT INTO standing_gapsum (path, kind, requirement, people, lack)"
    " SELECT path, kind, requirement, %s * COUNT(*), %s * SUM(short) FROM standing_standinggap"
    " WHERE {which} GROUP BY path, kind, requirement"
)
_ADD_UP = _SUMS + (
    " ON CONFLICT (kind, path, requirement) DO UPDATE"
    " SET people = standing_gapsum.people + excluded.people, lack = standing_gapsum.lack + excluded.lack"
)

# Called with how many persons are done and how many there are in all.
Progress = Callable[[int, int], object]


def refresh_standings(*, actor: Actor, at: datetime, scope: Scope, on: date, progress: Progress | None = None) -> int:
    """Compute everybody in a scope as of ``on``; gives the number of persons (AR-01).

    Whoever has left the scope loses her row there. A few hundred persons are read, judged
    and written in one transaction, so that no older figure ever takes the place of a newer one.
    """
    wanted = list(holders_within(scope, on).order_by("pk").values_list("pk", flat=True))
    stored = set(StoredStanding.objects.filter(scope.within("path")).values_list("person_id", flat=True))
    gone = sorted(stored.difference(wanted))
    _refresh(gone, at, on, None)
    done = _refresh(wanted, at, on, progress)
    _sum_anew(scope)
    return done


def refresh_persons(
    *, actor: Actor, at: datetime, persons: Collection[int], on: date, progress: Progress | None = None
) -> int:
    """The same for some persons, by primary key, wherever they work; gives how many."""
    return _refresh(sorted(persons), at, on, progress)


def _refresh(pks: Sequence[int], at: datetime, on: date, progress: Progress | None) -> int:
    measures = _Measures()
    for first in range(0, len(pks), CHUNK_PERSONS):
        chunk = pks[first : first + CHUNK_PERSONS]
        with transaction.atomic():
            _take_turns()
            _replace(chunk, judged_of(chunk, on), measures, at, on)
        if progress:
            progress(first + len(chunk), len(pks))
    return len(pks)


def _take_turns() -> None:
    """Let one transaction at a time write standings; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('standing', 0))")


def _replace(
    chunk: Sequence[int], judged: dict[int, list[Judged]], measures: "_Measures", at: datetime, on: date
) -> None:
    _add_up(chunk, -1)
    StandingGap.objects.filter(person__in=chunk).delete()
    StoredStanding.objects.filter(person__in=chunk).delete()
    pairs = [pair for accounts in judged.values() for pair in _rows(accounts, measures, at, on)]
    StoredStanding.objects.bulk_create([row for row, _ in pairs], batch_size=_ROWS)
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT_GAP, [values for pair in pairs for values in _gaps(*pair)])
    _add_up(chunk, 1)


def _add_up(chunk: Sequence[int], sign: int) -> None:
    """Put the gaps of some persons into the sums of their places, or (-1) take them out."""
    marks = ", ".join(["%s"] * len(chunk))
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP.format(which=f"person_id IN ({marks})"), [sign, sign, *chunk])


@transaction.atomic
def _sum_anew(scope: Scope) -> None:
    """The sums of a whole scope from its gaps, whatever they were."""
    _take_turns()
    GapSum.objects.filter(scope.within("path")).delete()
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(which="path >= %s AND path < %s"), [1, 1, scope.path, scope.upper])


def _rows(
    accounts: Sequence[Judged], measures: "_Measures", at: datetime, on: date
) -> Iterator[tuple[StoredStanding, Judged]]:
    person_met = all(account.met for account in accounts)
    person_short = sum(account.shortfall for account in accounts)
    states = [gap.state for account in accounts for gap in account.gaps]
    for number, account in enumerate(accounts):
        subject = account.subject
        row = StoredStanding(
            person=subject.person,
            kind=subject.kind,
            measure_id=measures.of(account),
            home=subject.home,
            path=subject.home.path,
            name=subject.person.name,
            stage=subject.main.stage or subject.home.stage,
            subject=subject.main.subject,
            on=on,
            computed_at=at,
            met=account.met,
            shortfall=account.shortfall,
            need=account.need,
            counted=account.counted,
            is_main=number == 0,
            person_met=person_met,
            person_short=person_short,
            person_open=states.count(TimedState.OPEN),
            person_missed=states.count(TimedState.MISSED),
        )
        yield row, account


def _gaps(row: StoredStanding, account: Judged) -> Iterator[tuple[Any, ...]]:
    for gap in account.gaps:
        yield row.pk, row.person_id, row.path, row.kind, gap.requirement, gap.need, gap.short, gap.state


class _Measures:
    """Primary keys of measures by what they are made of, written when they are first needed."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], int] = {}

    def of(self, account: Judged) -> int:
        subject = account.subject
        ruled, facts = subject.in_force, subject.facts
        digest = digest_of(ruled.local)
        content = (ruled.policy.digest, digest, subject.kind, facts.profiles, facts.released, account.timed)
        if content not in self._known:
            key = hashlib.sha256(repr(content).encode()).hexdigest()
            measure, _ = Measure.objects.get_or_create(
                key=key,
                defaults={
                    "policy_id": ruled.policy.id,
                    "policy_digest": ruled.policy.digest,
                    "choices_digest": digest,
                    "kind": subject.kind,
                    "profiles": ";".join(facts.profiles),
                    "requirements": requirements_of(subject),
                    "timed": list(account.timed),
                },
            )
            self._known[content] = measure.pk
        return self._known[content]
