"""Papers in every state (valid, run out, void, overtaken), and a look at a whole number for the auditor to find."""

from datetime import date, datetime, timedelta
from uuid import uuid5

from rulebook.facts import EntryFacts
from shixun.demo.seeded import uuid_for
from shixun.ledger.actions import post_entry, reverse_entry
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
from shixun.recognition.models import Paper

_TWIN = "demo.paper.twin"
_RUN_OUT, _A_WHILE = timedelta(days=200), timedelta(days=20)


def issue_demo_papers(*, actor: Actor, at: datetime, on: date) -> int:
    """Issue the papers of persons; gives how many entries were written on the way, one of them a reversal."""
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
    return 2


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
