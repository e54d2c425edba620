"""Each check finds the damage it is there for, by name, when somebody goes past the triggers; and only then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from shixun.kernel import triggers
from shixun.kernel.models import AuditEvent
from shixun.ledger import checks
from shixun.ledger.actions import reverse_entry
from shixun.ledger.bulk import write_history
from shixun.ledger.checks import CHECKS, CheckResult, run_checks
from shixun.ledger.models import Account, Entry
from shixun.ledger.tasks import nightly_check
from shixun.ledger.testing import AT, TELLER, a_posting, an_entry
from shixun.people.models import Organisation

TABLES = ("ledger_account", "ledger_batch", "ledger_entry", "kernel_auditevent")


@pytest.fixture
def book(account: Account, college: Organisation) -> Account:
    """A sound book: one entry, one taken back, and a batch of three."""
    an_entry(account, college, key="single")
    wrong = an_entry(account, college, key="wrong", credits=70, category="ethics")
    reverse_entry(actor=TELLER, at=AT, entry=wrong, reason="登错", idempotency_key="reversal")
    rows = [a_posting(account, college, key=f"batch:{n}", credits=10 + n, category="practice") for n in range(1)]
    rows += [a_posting(account, college, key=f"batch:{n}", level="city", credits=10 + n) for n in (1,)]
    write_history(rows, actor=TELLER, at=AT, key="history")
    return account


@contextmanager
def tampered(*statements: str) -> Iterator[dict[str, CheckResult]]:
    """Run SQL with every guard lifted, look at the failing checks, and put all back."""
    connection.check_constraints()
    with transaction.atomic():
        for table in TABLES:
            triggers.remove(connection, table)
        _lift_constraints()
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield {result.name: result for result in run_checks() if not result.ok}
        transaction.set_rollback(True)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def _lift_constraints() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            return
        for constraint in Entry._meta.constraints:
            cursor.execute(f"ALTER TABLE ledger_entry DROP CONSTRAINT {constraint.name}")


def edit(change: str, key: str) -> str:
    return f"UPDATE ledger_entry SET {change} WHERE idempotency_key = '{key}'"  # noqa: S608 our own words


def removal(key: str) -> str:
    return f"DELETE FROM ledger_entry WHERE idempotency_key = '{key}'"  # noqa: S608 our own words


def test_a_sound_book_passes_every_check(book: Account) -> None:
    results = list(run_checks())
    assert [(result.name, result.findings) for result in results if not result.ok] == []
    assert len(results) == len(CHECKS)
    assert all(result.sentence.endswith(".") and "\n" not in result.sentence for result in results)


DAMAGE = {
    "entries_lie_in_their_cycle": edit("earned_on = '2015-12-31'", "single"),
    "reversals_mirror_their_originals": edit("credits = -69", "reversal"),
    "amounts_have_their_sign": edit("credits = -100", "single"),
    "no_cell_is_negative": edit("credits = -100", "single"),
    "entries_name_their_recogniser": edit("recogniser_id = 999999", "single"),
    "names_are_canonical": edit("tags = 'b;a'", "single"),
    "single_entries_match_their_trail": edit("credits = 101", "single"),
}


@pytest.mark.parametrize("check", DAMAGE)
def test_damage_is_found_and_named(book: Account, check: str) -> None:
    key = "reversal" if "reversal" in DAMAGE[check] else "single"
    entry = Entry.objects.get(idempotency_key=key)
    named = str(book.uuid if check == "no_cell_is_negative" else entry.uuid)
    with tampered(DAMAGE[check]) as failing:
        assert failing[check].found == 1
        assert named in failing[check].findings[0]
        assert "triggers_are_installed" in failing


def test_one_changed_number_is_found_by_the_trail_alone(book: Account) -> None:
    with tampered(edit("credits = 101", "single")) as failing:
        assert set(failing) == {"triggers_are_installed", "single_entries_match_their_trail"}
        assert failing["single_entries_match_their_trail"].findings[0].endswith("differs from the trail in credits")


@pytest.mark.parametrize("change", ["credits = 99", "source_name = '别的'", "recognised_on = '2018-06-04'"])
def test_one_changed_entry_of_a_batch_is_found(book: Account, change: str) -> None:
    with tampered(edit(change, "batch:1")) as failing:
        assert set(failing) == {"triggers_are_installed", "batches_match_their_trail"}
        assert "(history): 2 of 2 entries are there, and their digest differs" in str(failing)


def test_a_removed_entry_is_found(book: Account) -> None:
    single = Entry.objects.get(idempotency_key="single")
    with tampered(removal("single")) as failing:
        assert failing["single_entries_match_their_trail"].findings == (
            f"entry {single.uuid}: is in the trail but not in the book",
        )
    with tampered(removal("batch:1")) as failing:
        assert "1 of 2 entries are there" in failing["batches_match_their_trail"].findings[0]


def test_a_smuggled_entry_is_found(book: Account) -> None:
    """Inserting is not refused by a trigger, but nothing in the trail tells of it."""
    single = Entry.objects.get(idempotency_key="single")
    values = {field.attname: getattr(single, field.attname) for field in Entry._meta.concrete_fields}
    values.update(id=None, uuid=uuid4(), idempotency_key="smuggled")
    with transaction.atomic():
        Entry.objects.create(**values)
        failing = {result.name: result for result in run_checks() if not result.ok}
        transaction.set_rollback(True)
    assert set(failing) == {"nothing_is_entered_twice", "names_are_canonical", "single_entries_match_their_trail"}
    assert str(single.uuid) in failing["nothing_is_entered_twice"].findings[0]
    assert str(values["uuid"]) in failing["nothing_is_entered_twice"].findings[0]
    assert failing["single_entries_match_their_trail"].findings == (
        f"entry {values['uuid']}: nothing in the trail tells of it",
    )


def test_a_batch_whose_trail_is_gone_is_found(book: Account) -> None:
    with tampered("DELETE FROM kernel_auditevent WHERE action = 'batch.posted'") as failing:
        assert "the trail does not confirm" in failing["batches_match_their_trail"].findings[0]


def test_a_batch_that_is_gone_is_found(book: Account) -> None:
    with tampered("DELETE FROM ledger_batch") as failing:
        assert [finding.split(": ")[1] for finding in failing["batches_match_their_trail"].findings] == [
            "is in the trail but not in the book",
            "2 entries name it, but it is gone",
        ]


def test_an_edited_account_is_found(book: Account) -> None:
    with tampered("UPDATE ledger_account SET ends_on = '2021-12-31'") as failing:
        assert failing["accounts_match_their_trail"].findings == (
            f"account {book.uuid}: differs from the trail in ends_on",
        )


def test_an_account_that_is_gone_is_found(book: Account) -> None:
    with tampered("DELETE FROM ledger_account") as failing:
        assert failing["entries_belong_to_accounts"].found == 5
        assert failing["accounts_match_their_trail"].found == 1


@pytest.mark.parametrize("table", ["ledger_account", "ledger_batch", "ledger_entry"])
def test_lost_triggers_are_found(book: Account, table: str) -> None:
    connection.check_constraints()
    with transaction.atomic():
        triggers.remove(connection, table)
        failing = [result for result in run_checks() if not result.ok]
        transaction.set_rollback(True)
    assert [result.findings for result in failing] == [(f"table {table}: its append-only triggers are missing",)]


def test_emptied_triggers_are_found(book: Account) -> None:
    """A trigger of the right name that does nothing does not deceive the check."""
    connection.check_constraints()
    with transaction.atomic():
        with connection.cursor() as cursor:
            for event in ("update", "delete"):
                _empty_trigger(cursor.execute, f"ledger_entry_no_{event}", event)
        failing = [result for result in run_checks() if not result.ok]
        transaction.set_rollback(True)
    assert [result.findings for result in failing] == [
        ("table ledger_entry: a row could be edited", "table ledger_entry: a row could be deleted")
    ]
    assert Entry.objects.count() == 5


def _empty_trigger(execute: Callable[[str], Any], name: str, event: str) -> None:
    if connection.vendor == "sqlite":
        execute(f"DROP TRIGGER {name}")
        execute(f"CREATE TRIGGER {name} BEFORE {event} ON ledger_entry BEGIN SELECT 1; END")
        return
    kept = "OLD" if event == "delete" else "NEW"
    execute(f"CREATE FUNCTION lets_{event}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN {kept}; END $$")
    execute(f"DROP TRIGGER {name} ON ledger_entry")
    execute(f"CREATE TRIGGER {name} BEFORE {event} ON ledger_entry FOR EACH ROW EXECUTE FUNCTION lets_{event}()")


@pytest.mark.parametrize("guard", checks.INSERT_GUARDS)
def test_a_lost_guard_is_found(book: Account, guard: str) -> None:
    connection.check_constraints()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {guard}{' ON ledger_entry' if connection.vendor == 'postgresql' else ''}")
        failing = [result for result in run_checks() if not result.ok]
        transaction.set_rollback(True)
    assert [result.findings for result in failing] == [(f"trigger {guard} is missing",)]


def test_every_check_has_its_damage() -> None:
    """A check that nothing here can make fail is worse than none."""
    elsewhere = {
        "triggers_are_installed",
        "nothing_is_entered_twice",
        "entries_belong_to_accounts",
        "accounts_match_their_trail",
        "batches_match_their_trail",
        "numbered_rows_are_unchanged",
        "logs_give_their_signed_heads",
        "nothing_was_removed_too_early",
    }
    assert {check.__name__ for check in CHECKS} == set(DAMAGE) | elsewhere


def test_checks_take_few_queries_whatever_the_length_of_the_book(
    book: Account, college: Organisation, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        an_entry(book, college, key=f"more:{number}", source=None, credits=number + 1, tags=frozenset({f"t{number}"}))
    with django_assert_max_num_queries(67) as asked:
        assert all(result.ok for result in run_checks())
    assert len(asked) > len(CHECKS)


def test_the_nightly_check_tells_the_trail(book: Account) -> None:
    assert nightly_check.func() is True
    event = AuditEvent.objects.get(action="ledger.checked")
    assert event.after["ok"] is True
    assert set(event.after["found"]) == {check.__name__ for check in CHECKS}


def test_the_nightly_check_tells_of_damage(book: Account) -> None:
    with tampered(edit("credits = 101", "single")):
        assert nightly_check.func() is False
        event = AuditEvent.objects.get(action="ledger.checked")
        assert event.after["ok"] is False
        assert event.after["found"]["single_entries_match_their_trail"] == 1
