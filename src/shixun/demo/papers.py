"""Papers in every state (valid, run out, void, overtaken), a sealed record, a look at a whole number to be found."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid5

from rulebook.facts import EntryFacts
from rulebook.periods import Cycle
from shixun.demo.seeded import uuid_for
from shixun.ledger.actions import open_account, post_entry, reverse_entry
from shixun.ledger.content import Recognition, Source
from shixun.ledger.queries import account_of, entries_of
from shixun.people.acting import Actor, actor_of
from shixun.people.actions import reveal_identifier
from shixun.people.choices import IdentifierKind
from shixun.people.models import Person, User
from shixun.people.queries import main_appointment, roles_of
from shixun.recognition.certificates.choices import PaperKind
from shixun.recognition.certificates.issuing import (
    Wanted,
    issue_certificate,
    issue_paper,
    issue_school_paper,
    revoke_paper,
)
from shixun.recognition.certificates.sealing import seal_ended_cycles
from shixun.recognition.models import Paper

_TWIN = "demo.paper.twin"
_RUN_OUT, _A_WHILE = timedelta(days=200), timedelta(days=20)
_LONG_AGO, _SEALED = timedelta(days=1_000), timedelta(days=400)
_CYCLE_BEFORE = Cycle("2011-2015", date(2011, 1, 1), date(2015, 12, 31))
# Name, day, level, category, credits in hundredths.
_EARNED_BEFORE = (
    ("市级共享课程：英语教学中的提问", date(2012, 5, 18), "city", "knowledge", 200),
    ("区级：中学英语阅读教学专题研修", date(2013, 11, 22), "district", "knowledge", 400),
    ("校本研修：师德师风专题学习", date(2014, 6, 20), "school", "ethics", 200),
    ("校本研修：备课组听评课", date(2015, 4, 17), "school", "practice", 300),
    ("校本研修：备课组听课评课", date(2015, 4, 17), "school", "practice", 300),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """How many entries were written on the way, reversals among them, and how many of these."""

    entries: int
    reversals: int


def issue_demo_papers(*, actor: Actor, at: datetime, on: date) -> Beside:
    """Seal a record and issue the papers of persons."""
    sealed = _seal_earlier_cycle(_person("teacher-degree"), actor, at)
    teacher, met, offset = (_person(name) for name in ("teacher", "teacher-met", "teacher-offset"))
    since = date(2016, 1, 1)
    # In the order of time, as heads are signed.
    before = at - _RUN_OUT
    _issue("teacher", teacher, PaperKind.TRANSCRIPT, since, before.date(), before, on)
    earlier = at - _A_WHILE
    wrong = _issue("school", met, PaperKind.TITLE_REVIEW, since, earlier.date(), earlier, on)
    _issue("teacher", teacher, PaperKind.TRANSCRIPT, since, on, at, on)
    _issue("teacher", teacher, PaperKind.ARCHIVE, since, on, at, on)
    _issue("teacher-met", met, PaperKind.REGISTRATION, since, on, at, on)
    revoke_paper(actor=_actor("district-huangpu", on), at=at, paper=wrong, reason="工作单位有误，已重新签发。")
    first = entries_of(offset).filter(reverses=None, reversal=None)[0]
    issue_certificate(actor=_actor("teacher-offset", on), at=at, person=offset, entry=first.uuid)
    _overtake(met, actor, at, on)
    identifier = teacher.identifiers.get(kind=IdentifierKind.ID_CARD, valid_until=None)
    reveal_identifier(actor=_actor("school", on), at=at, identifier=identifier)
    return Beside(sealed.entries + 2, sealed.reversals + 1)


def _seal_earlier_cycle(person: Person, actor: Actor, at: datetime) -> Beside:
    """The record of the cycle before, sealed after its end; and what a correction added to it later, sealed too."""
    account = open_account(actor=actor, at=at - _LONG_AGO, person=person, kind="teacher", cycle=_CYCLE_BEFORE)
    held = main_appointment(person, at.date())
    if held is None:
        raise LookupError(f"{person.code} has no post")
    area = held.organisation.parent or held.organisation
    written = [
        post_entry(
            actor=actor,
            at=at - _LONG_AGO,
            account=account,
            facts=EntryFacts(earned_on, level, category, "course", credits, hours=credits * 10),
            source=Source("project", uuid5(uuid_for("person", person.code), name), name),
            recognition=Recognition(area, earned_on),
            idempotency_key=f"demo.before.{person.code}.{number}",
        )
        for number, (name, earned_on, level, category, credits) in enumerate(_EARNED_BEFORE)
    ]
    seal_ended_cycles(actor=actor, at=at - _SEALED)
    reverse_entry(
        actor=actor,
        at=at - _SEALED + timedelta(days=9),
        entry=written[-1],
        reason="与另一条重复登记。",
        idempotency_key=f"demo.before.{person.code}.r",
    )
    seal_ended_cycles(actor=actor, at=at - _SEALED + timedelta(days=10))
    return Beside(len(written) + 1, 1)


def issue_demo_school_paper(*, at: datetime, on: date) -> None:
    """What the credit officer has of her school; it needs the stored standings."""
    actor = _actor("school", on)
    if actor.organisation is not None:
        issue_school_paper(actor=actor, at=at, school=actor.organisation)


def _overtake(person: Person, actor: Actor, at: datetime, on: date) -> None:
    """A training entered twice, a transcript that rests on it, and the correction a day later."""
    account = account_of(person, "teacher", on)
    held = main_appointment(person, on)
    if account is None or held is None:
        raise LookupError(f"{person.code} has no account")
    area = held.organisation.parent or held.organisation
    twin = post_entry(
        actor=actor,
        at=at,
        account=account,
        facts=EntryFacts(on - _A_WHILE, "district", "knowledge", "course", 100, hours=1000),
        source=Source("project", uuid5(uuid_for("person", person.code), _TWIN), "小学数学作业设计专题研修"),
        recognition=Recognition(area, on),
        idempotency_key=_TWIN,
    )
    _issue("teacher-met", person, PaperKind.TRANSCRIPT, date(2016, 1, 1), on, at, on)
    reverse_entry(actor=actor, at=at, entry=twin, reason="与已登记的一条重复。", idempotency_key=f"{_TWIN}.r")


def _issue(username: str, person: Person, kind: str, since: date, until: date, at: datetime, on: date) -> Paper:
    wanted = Wanted(kind, since, until, key=f"demo:{at.date()}")
    return issue_paper(actor=_actor(username, on), at=at, person=person, wanted=wanted)


def _person(username: str) -> Person:
    user = User.objects.select_related("person").get(username=username)
    if user.person is None:
        raise LookupError(f"{username} is nobody")
    return user.person


def _actor(username: str, on: date) -> Actor:
    return actor_of(roles_of(User.objects.get(username=username), on)[0])
