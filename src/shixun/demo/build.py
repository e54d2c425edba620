"""Builds the demo: both regions, their people and five years of credits, in one transaction, the same every time."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain

from django.db import connection, transaction
from django.utils import timezone

from rulebook.policy import Policy
from shixun.demo.account_states import put_accounts_into_states
from shixun.demo.careers.career import Career
from shixun.demo.careers.personas import cast_of, logins_of, officers_of
from shixun.demo.careers.staffing import Staffing
from shixun.demo.claims import build_claims
from shixun.demo.duties import build_duties
from shixun.demo.filings import build_filings
from shixun.demo.history import fates, shanghai_programmes, shanghai_reasons, zhejiang_programmes
from shixun.demo.history.catalogue import Catalogue
from shixun.demo.history.kinds import Kind, load_kinds
from shixun.demo.history.mending import mend
from shixun.demo.history.postings import Credit, account_kinds, credits_of, postings_of
from shixun.demo.history.programme import Programme
from shixun.demo.history.reason import Reason
from shixun.demo.incoming import bring_in
from shixun.demo.local_rules import put_in_force
from shixun.demo.many_claims import build_many_claims
from shixun.demo.messages import build_messages
from shixun.demo.moves import build_moves
from shixun.demo.papers import issue_demo_papers, issue_demo_school_paper
from shixun.demo.places import Region
from shixun.demo.places.shanghai import shanghai
from shixun.demo.places.zhejiang import zhejiang
from shixun.demo.reorganised import build_reorganised
from shixun.demo.school_terms import TERMS
from shixun.demo.seasons import build_seasons
from shixun.demo.settlements import build_settlements
from shixun.demo.years import build_years
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.ledger import bulk as ledger
from shixun.people import bulk as people
from shixun.people.acting import Actor, system_actor
from shixun.people.models import Organisation, Person
from shixun.policy.queries import newest_policies
from shixun.standing.actions import pull_changes

BATCH_KEY = "demo.history"
# What is declared is written for the autumn of 2019; a demo that begins earlier has no claims and no yearly review.
CLAIMS_FROM = date(2019, 9, 30)
_OPENS_AT = time(9, 0)
_EACH, _EACH_SMALL = 15, 1
_STEPS_A_PERSON = 34
_FIRST_DAY, _LAST_DAY = date(2017, 1, 1), TERMS[-1].ends_on.replace(month=12, day=31)

# Called with how many steps are done and how many there are in all; a step is a person or an entry.
Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was written."""

    organisations: int
    persons: int
    accounts: int
    entries: int
    reversals: int
    personas: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What a region is built from: its places, policy, kinds of training, programmes and reasons."""

    region: Region
    prefix: str
    no_area: str
    kinds: Mapping[str, Kind]
    programme_of: Callable[[Career], Programme]
    reasons: Mapping[str, Reason]

    @property
    def recognisers(self) -> dict[str, str]:
        code = self.region.root.code
        return {"nation": f"{code}-B", "city": f"{code}-T"}


def build_region(
    *, small: bool = False, today: date | None = None, at: datetime | None = None, progress: Progress | None = None
) -> Counts:
    """Build both regions into an empty database and start the demo's clock, all or nothing.

    ``today`` is the demo's day (default: the settings'), ``at`` its exact moment. ``small``: two districts and two
    counties. Raises ``Refusal`` when the database holds organisations or persons already, which are never touched,
    or when the day lies outside the cycle the history is written for.
    """
    at = at or (_morning_of(today) if today else clock.demo_start())
    on = timezone.localtime(at).date()
    _refuse_unless_possible(on)
    with transaction.atomic(), _without_collector():
        counts = _build(grounds_of(small=small), on, at, _Steps(progress or _unheard), _EACH_SMALL if small else _EACH)
        clock.start_demo_clock(at)
    return counts


def careers_of(ground: Ground, policy: Policy, *, on: date, each: int) -> list[Career]:
    """Everybody who works in a region, personas in their seats, each with a pace or a reason."""
    staffing = Staffing(
        ground.region, ground.prefix, ground.no_area, on=on, profiles=set(policy.profiles), cast=cast_of(ground.region)
    )
    careers = list(staffing.everyone())
    fates.settle(careers, ground.reasons, each=each, on=on)
    return careers


def grounds_of(*, small: bool) -> tuple[Ground, ...]:
    """What the two regions are built from."""
    return (
        Ground(
            shanghai(small=small),
            "SH",
            "319999",
            load_kinds("shanghai"),
            shanghai_programmes.programme_of,
            shanghai_reasons.REASONS,
        ),
        Ground(
            zhejiang(small=small),
            "ZJ",
            "339999",
            load_kinds("zhejiang"),
            zhejiang_programmes.programme_of,
            zhejiang_programmes.REASONS,
        ),
    )


class _Steps:
    """Tells how far the building is. Before the entries are counted their number is guessed from that of persons."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._done, self.total = progress, 0, 0

    def expect(self, total: int) -> None:
        self.total = total
        self._progress(self._done, total)

    def done(self, steps: int) -> None:
        self._done += steps
        self._progress(self._done, self.total)


def _build(grounds: tuple[Ground, ...], on: date, at: datetime, steps: _Steps, each: int) -> Counts:
    actor = system_actor("演示数据")
    policies = newest_policies()
    rows = [row for ground in grounds for row in ground.region.rows()]
    organisations = people.open_organisations(rows, actor=actor, at=at)
    put_in_force(organisations, actor=actor, at=at)
    careers = [careers_of(ground, policies[ground.region.policy_id], on=on, each=each) for ground in grounds]
    steps.expect(sum(map(len, careers)) * _STEPS_A_PERSON)
    persons, personas = _people(grounds, careers, organisations, actor, at)
    put_accounts_into_states(actor=actor, at=at)
    steps.done(len(persons))
    credits = _credits(grounds, careers, organisations, on)
    steps.expect(len(persons) + sum(map(len, credits.values())))
    # Both regions count the same five years.
    cycle = policies[grounds[0].region.policy_id].cycle_of(TERMS[0].starts_on)
    wanted = [
        (persons[career.code], kind, cycle)
        for career in chain.from_iterable(careers)
        for kind in sorted(account_kinds(career, credits[career.code]))
    ]
    accounts = ledger.open_accounts(wanted, actor=actor, at=at)
    postings = (posting for mine in credits.values() for posting in postings_of(mine, persons, accounts, cycle))
    batch = ledger.write_history(postings, actor=actor, at=at, key=BATCH_KEY, progress=steps.done)
    reversals = sum(mend(mine, actor=actor, at=at) for mine in credits.values())
    _count_rows()
    bring_in(careers[0], persons, at=at, on=on)
    build_moves(organisations, at=at, on=on)
    plain = {career.code for career in chain.from_iterable(careers) if not career.reason}
    if on >= CLAIMS_FROM:
        build_claims(organisations, plain=plain, at=at, on=on)
    build_duties(chain.from_iterable(careers), actor=actor, at=at, persons=persons, organisations=organisations)
    ended = build_reorganised(organisations, actor=actor, at=at)
    build_filings(organisations, at=at)
    if on >= CLAIMS_FROM:
        build_many_claims(organisations, plain=plain, at=at, on=on)
    build_seasons(organisations, at=at, on=on)
    build_messages(at=at)
    beside = issue_demo_papers(actor=actor, at=at, on=on)
    pull_changes(actor=actor, at=at, on=on)
    issue_demo_school_paper(at=at, on=on)
    if on >= CLAIMS_FROM:
        build_years(organisations, at=at)
        build_settlements(organisations, at=at)
    entries = batch.count + reversals + beside.entries
    return Counts(
        len(organisations) + ended, len(persons), len(accounts), entries, reversals + beside.reversals, personas
    )


def _count_rows() -> None:
    """Let PostgreSQL count what was just written: it plans for empty tables until this transaction has ended."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _people(
    grounds: Sequence[Ground],
    careers: Sequence[list[Career]],
    organisations: Mapping[str, Organisation],
    actor: Actor,
    at: datetime,
) -> tuple[dict[str, Person], int]:
    """Persons with their accounts, and the one-click logins; gives the persons by code, and how many logins."""
    everyone = list(chain.from_iterable(careers))
    officers = [pair for ground in grounds for pair in officers_of(ground.region, ground.prefix)]
    person_rows = [career.person_row() for career in everyone] + [person for person, _ in officers]
    persons = people.register_persons(person_rows, actor=actor, at=at, organisations=organisations)
    account_rows = [career.account_row() for career in everyone] + [account for _, account in officers]
    users = people.create_accounts(account_rows, actor=actor, at=at, persons=persons, organisations=organisations)
    logins = [login for ground in grounds for login in logins_of(ground.region)]
    people.offer_demo_logins(logins, users=users)
    return persons, len(logins)


def _credits(
    grounds: Sequence[Ground], careers: Sequence[list[Career]], organisations: Mapping[str, Organisation], on: date
) -> dict[str, list[Credit]]:
    """What everybody was credited with, by person code."""
    made: dict[str, list[Credit]] = {}
    for ground, members in zip(grounds, careers, strict=True):
        catalogue = Catalogue(organisations, ground.recognisers, on)
        for career in members:
            made[career.code] = list(credits_of(career, ground.programme_of(career), ground.kinds, catalogue))
    return made


def _refuse_unless_possible(on: date) -> None:
    if Organisation.objects.exists() or Person.objects.exists():
        raise Refusal(
            "数据库中已有机构或人员，没有建立演示数据，原有数据没有改动。",
            who_can="请换一个空的数据库（SHIXUN_DATABASE_URL 或 SHIXUN_VAR）再建。",
            status=409,
        )
    if not _FIRST_DAY <= on <= _LAST_DAY:
        raise Refusal(
            f"演示数据写的是 2016—2020 年这一周期，日期应在 {_FIRST_DAY} 至 {_LAST_DAY} 之间，不能是 {on}。",
            status=409,
        )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hundreds of thousands of live objects, none of them in a cycle: looking for cycles took a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _morning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, _OPENS_AT))


def _unheard(_done: int, _all: int) -> None:
    """Nobody listens to the progress."""
