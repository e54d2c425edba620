"""Accounts and postings for the tests of this room and of those above: short to write, complete in what they say."""

from datetime import date, datetime, timedelta, timezone
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from django.db.models import QuerySet

from rulebook.facts import EntryFacts
from rulebook.periods import Cycle
from shixun.ledger.actions import open_account, post_entry
from shixun.ledger.choices import AccountKind
from shixun.ledger.content import Posting, Recognition, Source
from shixun.ledger.models import Account, Entry
from shixun.people.acting import system_actor
from shixun.people.models import Organisation, Person

TELLER = system_actor("测试")
AT = datetime(2019, 10, 14, 9, 0, tzinfo=timezone(timedelta(hours=8)))
CYCLE = Cycle("2016-2020", date(2016, 1, 1), date(2020, 12, 31))
_numbers = count(1)
_PROJECTS = UUID("0d7a4f0e-50c1-5c5f-8a8e-3f1f5f0c1a11")


def the_book() -> QuerySet[Entry]:
    """Every entry there is, in the order of writing."""
    return Entry.objects.order_by("id")


def an_account(person: Person, kind: str = AccountKind.TEACHER, cycle: Cycle = CYCLE) -> Account:
    """The person's account, by default her teacher account of 2016 to 2020."""
    return open_account(actor=TELLER, at=AT, person=person, kind=kind, cycle=cycle)


def a_source(name: str = "学科德育专题培训") -> Source:
    """A project; the same name is the same project."""
    return Source("project", uuid5(_PROJECTS, name), name)


def a_posting(
    account: Account,
    recogniser: Organisation,
    *,
    credits: int = 100,
    earned_on: date = date(2018, 5, 4),
    key: str = "",
    source: Source | None = None,
    **facts: Any,
) -> Posting:
    """One credit of district knowledge by default; ``facts`` go into ``EntryFacts``."""
    said = {"level": "district", "category": "knowledge", "form": "course", "hours": credits * 10, **facts}
    return Posting(
        account=account,
        facts=EntryFacts(earned_on=earned_on, credits=credits, **said),
        source=source or a_source(),
        recognition=Recognition(recogniser, earned_on + timedelta(days=30), "2018-041"),
        key=key or f"test:{next(_numbers)}",
    )


def posted(posting: Posting, at: datetime = AT) -> Entry:
    """Post it."""
    return post_entry(
        actor=TELLER,
        at=at,
        account=posting.account,
        facts=posting.facts,
        source=posting.source,
        recognition=posting.recognition,
        idempotency_key=posting.key,
    )


def an_entry(account: Account, recogniser: Organisation, **details: Any) -> Entry:
    """Post what ``a_posting`` makes of the details."""
    return posted(a_posting(account, recogniser, **details))


# Of each permission about a thing: such a thing in a setting (``people.testing.Setting``).
SUBJECTS = {"can_see_account": lambda setting: Account(person=setting.person)}
