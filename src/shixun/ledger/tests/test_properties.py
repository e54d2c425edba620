"""Whatever is posted, retried and reversed, in any order: credits are neither lost nor made."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shixun.kernel.refusals import Refusal
from shixun.ledger.actions import reverse_entry
from shixun.ledger.checks import run_checks
from shixun.ledger.models import Account, Entry
from shixun.ledger.queries import statement, totals_of
from shixun.ledger.testing import AT, TELLER, a_posting, posted
from shixun.people.models import Organisation


@dataclass(frozen=True)
class Post:
    """Post under key ``p{number}``; the same number may come again with the same or other credits."""

    number: int
    credits: int
    category: str


@dataclass(frozen=True)
class Reverse:
    """Take back what was posted under ``p{number}``, under key ``r{key}``."""

    number: int
    key: int


numbers = st.integers(0, 5)
steps = st.lists(
    st.builds(Post, numbers, st.sampled_from([40, 100, 250]), st.sampled_from(["ethics", "knowledge"]))
    | st.builds(Reverse, numbers, numbers),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_credits_are_conserved(steps: list[Post | Reverse], account: Account, college: Organisation) -> None:
    """The book agrees, after every step, with a model of what each key has done."""
    with transaction.atomic():
        model = _Model(account, college)
        for step in steps:
            model.post(step) if isinstance(step, Post) else model.reverse(step)
            held = {cell.category: cell.credits for cell in totals_of(account)}
            assert {name: credits for name, credits in held.items() if credits} == model.totals()
        assert Entry.objects.count() == len(model.posted) + len(model.reversed)
        assert [line.running_credits for line in statement(account)[:1]] == (
            [sum(model.totals().values())] if model.posted else []
        )
        assert [result.name for result in run_checks() if not result.ok] == []
        transaction.set_rollback(True)


class _Model:
    """What the book should hold: the first posting of each key, and who was reversed under which key."""

    def __init__(self, account: Account, college: Organisation) -> None:
        self.account, self.college = account, college
        self.posted: dict[int, Post] = {}
        self.reversed: dict[int, int] = {}

    def totals(self) -> dict[str, int]:
        totals: dict[str, int] = {}
        for number, step in self.posted.items():
            if number not in self.reversed:
                totals[step.category] = totals.get(step.category, 0) + step.credits
        return totals

    def post(self, step: Post) -> None:
        posting = a_posting(
            self.account,
            self.college,
            credits=step.credits,
            category=step.category,
            key=f"p{step.number}",
            earned_on=date(2018, 3, 1 + step.number),
        )
        first = self.posted.setdefault(step.number, step)
        if first == step:
            assert posted(posting).credits == step.credits
        else:
            with pytest.raises(Refusal, match="已经用于另一条明细"):
                posted(posting)

    def reverse(self, step: Reverse) -> None:
        entry = Entry.objects.filter(idempotency_key=f"p{step.number}").first()
        if entry is None:
            return
        may = self.reversed.get(step.number, step.key) == step.key
        may = may and all(key != step.key or number == step.number for number, key in self.reversed.items())
        if may:
            self.reversed[step.number] = step.key
            assert self._take_back(entry, step).credits == -entry.credits
        else:
            with pytest.raises(Refusal):
                self._take_back(entry, step)

    def _take_back(self, entry: Entry, step: Reverse) -> Entry:
        return reverse_entry(actor=TELLER, at=AT, entry=entry, reason="登错", idempotency_key=f"r{step.key}")
