"""The one bulk writer: all or nothing, the same as single postings, once a key, with a digest that recomputes."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.ledger import bulk
from shixun.ledger.bulk import HistoryRefused, open_accounts, write_history
from shixun.ledger.checks import run_checks
from shixun.ledger.content import Posting
from shixun.ledger.models import Account, Batch, Entry
from shixun.ledger.testing import AT, CYCLE, TELLER, a_posting, posted
from shixun.people.models import Organisation
from shixun.people.testing import BUILDER, Cast


def rows_for(account: Account, college: Organisation, count: int = 7) -> list[Posting]:
    tags = (frozenset[str](), frozenset({"it_general"}), frozenset({"class_teacher", "it_specialised"}))
    return [
        a_posting(account, college, credits=10 + n, tags=tags[n % 3], earned_on=date(2017, 1, 1 + n), key=f"h:{n}")
        for n in range(count)
    ]


def written(rows: list[Posting], key: str = "history") -> Batch:
    return write_history(iter(rows), actor=TELLER, at=AT, key=key)


def test_a_batch_writes_what_single_postings_write(account: Account, college: Organisation) -> None:
    rows = rows_for(account, college)
    with transaction.atomic():
        for row in rows:
            posted(row)
        single = list(Entry.objects.order_by("earned_on").values())
        transaction.set_rollback(True)
    batch = written(rows)
    many = list(Entry.objects.order_by("earned_on").values())
    for entry in single + many:
        del entry["id"], entry["batch_id"]
    assert many == single
    assert set(Entry.objects.values_list("batch_id", flat=True)) == {batch.uuid}


def test_the_trail_names_count_ends_and_digest(account: Account, college: Organisation) -> None:
    batch = written(rows_for(account, college))
    first, *_, last = Entry.objects.order_by("id")
    event = AuditEvent.objects.get(subject_uuid=batch.uuid)
    assert event.action == "batch.posted"
    assert event.after == {
        "key": "history",
        "count": 7,
        "first": str(first.uuid),
        "last": str(last.uuid),
        "digest": batch.digest,
    }


@pytest.mark.parametrize("chunk", [1, 3, 7, 100])
def test_chunks_do_not_matter(
    account: Account, college: Organisation, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    with transaction.atomic():
        whole = written(rows_for(account, college)).digest
        transaction.set_rollback(True)
    monkeypatch.setattr(bulk, "_CHUNK", chunk)
    heard: list[int] = []
    batch = write_history(rows_for(account, college), actor=TELLER, at=AT, key="history", progress=heard.append)
    assert (batch.digest, batch.count, sum(heard)) == (whole, 7, 7)
    assert [result.name for result in run_checks() if not result.ok] == []


def test_every_bad_row_is_named_and_nothing_is_written(
    account: Account, college: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_CHUNK", 2)
    rows = rows_for(account, college)
    rows[3] = replace(rows[3], facts=replace(rows[3].facts, credits=-5))
    rows[6] = replace(rows[6], facts=replace(rows[6].facts, level=""))
    with pytest.raises(HistoryRefused) as refused:
        written(rows)
    assert refused.value.problems == (
        (4, "学分不得小于零；要减少已登记的，请作更正。"),
        (7, "层级“”和类别“knowledge”都须填写，并用政策文件中的标识。"),
    )
    assert (Entry.objects.count(), Batch.objects.count()) == (0, 0)
    assert not AuditEvent.objects.filter(action="batch.posted").exists()


def test_used_keys_are_named_and_nothing_is_written(account: Account, college: Organisation) -> None:
    rows = rows_for(account, college)
    posted(rows[2])
    with pytest.raises(HistoryRefused) as refused:
        written([*rows, rows[5]])
    assert refused.value.problems == (
        (3, "登记号 h:2 已经用过。"),
        (6, "登记号 h:5 已经用过。"),
        (8, "登记号 h:5 已经用过。"),
    )
    assert Entry.objects.count() == 1


def test_the_database_has_the_last_word(account: Account, college: Organisation) -> None:
    """A row that slips past the validators, here by an account that claims other days, is still refused."""
    lying = Account(pk=account.pk, uuid=account.uuid, starts_on=date(2010, 1, 1), ends_on=account.ends_on)
    with pytest.raises(IntegrityError, match="in_cycle"), transaction.atomic():
        written([a_posting(lying, college, earned_on=date(2012, 1, 1))])
    assert Entry.objects.count() == 0


def test_the_same_batch_again_is_the_first(account: Account, college: Organisation) -> None:
    rows = rows_for(account, college)
    assert written(rows) == written(rows)
    assert Entry.objects.count() == 7


@pytest.mark.parametrize("change", ["fewer", "more", "other"])
def test_a_used_batch_key_with_other_rows_is_refused(account: Account, college: Organisation, change: str) -> None:
    rows = rows_for(account, college)
    written(rows)
    other = replace(rows[0], facts=replace(rows[0].facts, credits=999))
    again = {"fewer": rows[:-1], "more": [*rows, a_posting(account, college)], "other": [other, *rows[1:]]}[change]
    with pytest.raises(Refusal, match="批次号 history 已经用于另一批明细"):
        written(again)
    assert Entry.objects.count() == 7


def test_an_empty_batch_is_refused(account: Account, college: Organisation) -> None:
    with pytest.raises(Refusal, match="这一批没有任何明细"):
        written([])


def test_accounts_are_opened_together(account: Account, cast: Cast) -> None:
    persons = [user.person for user in cast.everyone().values() if user.person]
    wanted = [(person, "teacher", CYCLE) for person in persons] + [(persons[0], "principal", CYCLE)]
    accounts = open_accounts(wanted, actor=BUILDER, at=AT)
    assert accounts[(persons[0].pk, "teacher", "2016-2020")] == account
    assert len(accounts) == 7
    assert AuditEvent.objects.filter(action="credit_account.opened").count() == 7
    assert open_accounts(wanted, actor=BUILDER, at=AT) == accounts
    assert all(opened.pk for opened in accounts.values())
    assert [result.name for result in run_checks() if not result.ok] == []
