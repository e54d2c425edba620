"""Statements read like a bank's: running totals over the whole account, filters, pages, few queries (AR-01)."""

from datetime import date
from typing import Any

import pytest

from rulebook.periods import Cycle
from shixun.ledger.actions import reverse_entry
from shixun.ledger.models import Account, Entry
from shixun.ledger.queries import (
    CellTotal,
    Filters,
    account_of,
    accounts_of,
    entries_of,
    entries_of_source,
    statement,
    statement_rows,
    totals_of,
)
from shixun.ledger.testing import AT, TELLER, a_source, an_account, an_entry
from shixun.people.models import Organisation

NEXT_CYCLE = Cycle("2021-2025", date(2021, 1, 1), date(2025, 12, 31))


@pytest.fixture
def book(account: Account, college: Organisation) -> Account:
    """Four lines: +100 knowledge, +40 ethics (city), +250 practice autonomous, and the 40 taken back."""
    general, special = frozenset({"it_general"}), frozenset({"it_specialised", "class_teacher"})
    an_entry(account, college, credits=100, earned_on=date(2016, 3, 1), tags=general, key="a")
    wrong = an_entry(
        account,
        college,
        credits=40,
        earned_on=date(2017, 3, 1),
        level="city",
        category="ethics",
        source=a_source("师德 师风 讲座"),
        key="b",
    )
    an_entry(
        account,
        college,
        credits=250,
        earned_on=date(2018, 3, 1),
        category="practice",
        form="autonomous",
        tags=special,
        key="c",
    )
    reverse_entry(actor=TELLER, at=AT, entry=wrong, reason="登错", idempotency_key="d")
    return account


def lines(account: Account, **filters: Any) -> list[tuple[str, int, int]]:
    return [
        (line.idempotency_key, line.credits, line.running_credits) for line in statement(account, Filters(**filters))
    ]


def test_a_statement_runs_its_total_newest_first(book: Account) -> None:
    assert lines(book) == [("c", 250, 350), ("d", -40, 100), ("b", 40, 140), ("a", 100, 100)]
    assert [line.running_hours for line in statement(book)] == [3500, 1000, 1400, 1000]


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"since": date(2017, 3, 1)}, "cdb"),
        ({"until": date(2017, 3, 1)}, "dba"),
        ({"level": "city"}, "db"),
        ({"category": "practice"}, "c"),
        ({"form": "course"}, "dba"),
        ({"tag": "it_general"}, "a"),
        ({"tag": "it_specialised"}, "c"),
        ({"tag": "class_teacher"}, "c"),
        ({"tag": "it"}, ""),
        ({"text": "讲座 师德"}, "db"),
        ({"text": "讲座 数学"}, ""),
    ],
)
def test_filters_keep_the_running_total_of_the_whole_account(book: Account, filters: dict[str, Any], kept: str) -> None:
    running = {key: total for key, _, total in lines(book)}
    assert lines(book, **filters) == [(key, credits, running[key]) for key, credits, _ in lines(book) if key in kept]
    assert "".join(key for key, *_ in lines(book, **filters)) == kept


def test_another_account_is_not_in_the_total(book: Account, college: Organisation) -> None:
    an_entry(an_account(book.person, kind="principal"), college, credits=999, earned_on=date(2016, 1, 2))
    assert [total for _, _, total in lines(book)] == [350, 100, 140, 100]


def test_a_statement_may_be_used_inside_another_query(book: Account) -> None:
    chosen = statement(book).filter(running_credits__gt=120).values("pk")
    assert {entry.idempotency_key for entry in Entry.objects.filter(pk__in=chosen)} == {"b", "c"}


def test_a_line_names_what_reversed_it(book: Account) -> None:
    by_key = {line.idempotency_key: line for line in statement(book)}
    assert by_key["b"].reversal == by_key["d"]
    assert by_key["d"].reverses == by_key["b"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_a_statement_is_one_query(
    account: Account, college: Organisation, django_assert_num_queries: Any, count: int
) -> None:
    for day in range(1, count + 1):
        an_entry(account, college, earned_on=date(2018, 1, day))
    with django_assert_num_queries(1):
        shown = [
            (line.account.person.name, line.recogniser.name, line.reverses, hasattr(line, "reversal"))
            for line in statement(account)[:50]
        ]
    assert len(shown) == count


def test_pages_do_not_restart_the_total(book: Account) -> None:
    assert [line.running_credits for line in statement(book)[2:4]] == [140, 100]


def test_export_gives_exactly_the_lines_oldest_first(book: Account, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        rows = list(statement_rows(book, Filters(level="city")))
    assert [(row.source_name, row.credits, row.running_credits, row.recogniser, row.reason) for row in rows] == [
        ("师德 师风 讲座", 40, 140, "黄浦区教育学院", ""),
        ("师德 师风 讲座", -40, 100, "黄浦区教育学院", "登错"),
    ]


def test_totals_by_cell(book: Account, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert totals_of(book) == [
            CellTotal("city", "ethics", "course", 0, 0, 0, 2),
            CellTotal("district", "knowledge", "course", 100, 1000, 0, 1),
            CellTotal("district", "practice", "autonomous", 250, 2500, 0, 1),
        ]
    assert [cell.credits for cell in totals_of(book, Filters(until=date(2016, 12, 31)))] == [100]


def test_entries_of_a_person_come_from_all_her_accounts(book: Account, college: Organisation) -> None:
    an_entry(an_account(book.person, kind="principal"), college, earned_on=date(2016, 6, 1), key="p")
    assert [entry.idempotency_key for entry in entries_of(book.person)] == ["a", "p", "b", "d", "c"]
    assert [entry.idempotency_key for entry in entries_of(book.person, until=date(2016, 6, 1))] == ["a", "p"]
    assert not entries_of(book.person, cycle="2021-2025")
    assert entries_of(book.person, cycle="2016-2020").count() == 5


def test_the_account_of_a_day(book: Account) -> None:
    later = an_account(book.person, cycle=NEXT_CYCLE)
    assert account_of(book.person, "teacher", date(2020, 12, 31)) == book
    assert account_of(book.person, "teacher", date(2021, 1, 1)) == later
    assert account_of(book.person, "principal", date(2020, 12, 31)) is None
    assert list(accounts_of(book.person)) == [later, book]


def test_entries_of_a_source(book: Account) -> None:
    source = a_source("师德 师风 讲座")
    assert [entry.idempotency_key for entry in entries_of_source(source.kind, source.uuid)] == ["b", "d"]
