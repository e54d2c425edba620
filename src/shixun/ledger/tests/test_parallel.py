"""Real parallel transactions, each on a connection of its own: what is asked for many times happens once."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import InParallel
from shixun.ledger.actions import reverse_entry
from shixun.ledger.bulk import write_history
from shixun.ledger.checks import run_checks
from shixun.ledger.models import Account, Batch, Entry
from shixun.ledger.testing import AT, CYCLE, TELLER, a_posting, an_account, an_entry, posted
from shixun.people.models import Organisation
from shixun.people.testing import Cast

THREADS = 8


@pytest.fixture
def afterwards(in_parallel: InParallel) -> Callable[[Callable[[], Any]], Any]:
    """Ask the database in which the threads wrote."""

    def ask(question: Callable[[], Any]) -> Any:
        answer = in_parallel([question])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ask


def test_the_same_key_posts_once(
    in_parallel: InParallel, afterwards: Callable[..., Any], account: Account, college: Organisation
) -> None:
    posting = a_posting(account, college, key="claim:1")
    results = in_parallel([partial(posted, posting)] * THREADS)
    assert {getattr(result, "uuid", result) for result in results} == {results[0].uuid}
    assert afterwards(Entry.objects.count) == 1
    assert afterwards(AuditEvent.objects.filter(action="entry.posted").count) == 1


def test_the_same_key_with_other_content_posts_one_of_them(
    in_parallel: InParallel, afterwards: Callable[..., Any], account: Account, college: Organisation
) -> None:
    postings = [a_posting(account, college, key="claim:1", credits=100 * n) for n in range(1, 5)]
    results = in_parallel([partial(posted, posting) for posting in postings])
    entries = [result for result in results if isinstance(result, Entry)]
    assert len(entries) == 1
    assert [type(result) for result in results if result is not entries[0]] == [Refusal] * 3
    assert afterwards(lambda: [entry.credits for entry in Entry.objects.all()]) == [entries[0].credits]


def test_different_keys_all_post(
    in_parallel: InParallel, afterwards: Callable[..., Any], account: Account, college: Organisation
) -> None:
    postings = [a_posting(account, college, credits=10 * n) for n in range(1, THREADS + 1)]
    assert [entry.credits for entry in in_parallel([partial(posted, posting) for posting in postings])] == [
        10 * n for n in range(1, THREADS + 1)
    ]
    assert afterwards(Entry.objects.count) == THREADS


def test_two_reversals_at_once_give_one(
    in_parallel: InParallel, afterwards: Callable[..., Any], account: Account, college: Organisation
) -> None:
    entry = an_entry(account, college)
    reverse = partial(reverse_entry, actor=TELLER, at=AT, entry=entry, reason="登错")
    results = in_parallel([partial(reverse, idempotency_key=f"rev:{n}") for n in range(4)])
    assert sorted(type(result).__name__ for result in results) == ["Entry", "Refusal", "Refusal", "Refusal"]
    assert afterwards(lambda: sum(entry.credits for entry in Entry.objects.all())) == 0
    assert afterwards(lambda: [result.name for result in run_checks() if not result.ok]) == []


def test_the_same_reversal_at_once_gives_one(
    in_parallel: InParallel, afterwards: Callable[..., Any], account: Account, college: Organisation
) -> None:
    entry = an_entry(account, college)
    reverse = partial(reverse_entry, actor=TELLER, at=AT, entry=entry, reason="登错", idempotency_key="rev:1")
    results = in_parallel([reverse] * 4)
    assert {getattr(result, "uuid", result) for result in results} == {results[0].uuid}
    assert afterwards(Entry.objects.count) == 2


def test_an_account_is_opened_once(in_parallel: InParallel, afterwards: Callable[..., Any], cast: Cast) -> None:
    assert cast.teacher.person
    results = in_parallel([partial(an_account, cast.teacher.person, cycle=CYCLE)] * THREADS)
    assert {getattr(result, "uuid", result) for result in results} == {results[0].uuid}
    assert afterwards(Account.objects.count) == 1
    assert afterwards(AuditEvent.objects.filter(action="credit_account.opened").count) == 1


def test_the_same_batch_is_written_once(
    in_parallel: InParallel, afterwards: Callable[..., Any], account: Account, college: Organisation
) -> None:
    rows = [a_posting(account, college, key=f"history:{n}") for n in range(50)]
    results = in_parallel([partial(write_history, rows, actor=TELLER, at=AT, key="history")] * 3)
    assert {getattr(result, "uuid", result) for result in results} == {results[0].uuid}
    assert (afterwards(Batch.objects.count), afterwards(Entry.objects.count)) == (1, 50)
