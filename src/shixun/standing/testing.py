"""For the tests of this room and those above: a person's entries in a few words each."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from uuid import uuid4

from django.utils import timezone

from rulebook.amounts import parse_amount
from rulebook.facts import EntryFacts
from rulebook.periods import Cycle
from shixun.kernel import clock
from shixun.ledger.actions import open_account, post_entry
from shixun.ledger.content import Recognition, Source
from shixun.people.acting import system_actor
from shixun.people.models import Organisation, Person
from shixun.standing.actions import pull_changes

CYCLE = Cycle("2016-2020", date(2016, 1, 1), date(2020, 12, 31))
BUILDER = system_actor("测试")
_numbers = count(1)

#: A teacher who has exactly met the low end of every requirement of shanghai-2016.
ENOUGH = (
    ("2016-11-05", "city", "ethics", "course", "1", ""),
    ("2017-05-20", "city", "knowledge", "course", "2", ""),
    ("2016-10-15", "city", "knowledge", "course", "1", "it_general"),
    ("2018-04-14", "district", "ethics", "course", "2", ""),
    ("2018-10-20", "district", "knowledge", "course", "6", ""),
    ("2017-03-11", "district", "knowledge", "course", "3", "it_specialised"),
    ("2018-12-20", "school", "ethics", "course", "4", ""),
    ("2018-12-21", "school", "literacy", "course", "1", ""),
    ("2019-06-28", "school", "practice", "course", "11", ""),
    ("2017-06-30", "school", "practice", "course", "1", "it_practice"),
    ("2019-08-16", "district", "ethics", "autonomous", "3", ""),
    ("2019-09-10", "school", "literacy", "autonomous", "1", ""),
)


def computed(on: date | None = None) -> int:
    """Store everyone's standing, or what has changed since; gives how many persons were computed."""
    return pull_changes(actor=BUILDER, at=clock.now(), on=on or clock.today())


def some_entries(
    person: Person,
    recogniser: Organisation,
    entries: Iterable[tuple[str, str, str, str, str, str]],
    *,
    kind: str = "teacher",
) -> list[str]:
    """Post (earned_on, level, category, form, credits, tags) into the person's account; gives the entries' uuids."""
    at = timezone.now()
    account = open_account(actor=BUILDER, at=at, person=person, kind=kind, cycle=CYCLE)
    posted = []
    for earned_on, level, category, form, credits, tags in entries:
        day = date.fromisoformat(earned_on)
        amount = parse_amount(credits)
        kept = frozenset(tag for tag in tags.split(";") if tag)
        entry = post_entry(
            actor=BUILDER,
            at=at,
            account=account,
            facts=EntryFacts(day, level, category, form, amount, kept, hours=amount * 10),
            source=Source("course", uuid4(), f"课程{next(_numbers)}"),
            recognition=Recognition(recogniser, day),
            idempotency_key=f"test:{uuid4()}",
        )
        posted.append(str(entry.uuid))
    return posted


# Of each permission about a thing: such a thing in a setting (``people.testing.Setting``).
SUBJECTS = {"can_see_standing": lambda setting: setting.person}
