"""Nothing in the vault is ever edited: attacked through the models and by raw SQL, on whichever database runs."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shixun.kernel.models import AppendOnlyError
from shixun.ledger.models import Account, Batch, Entry
from shixun.ledger.testing import AT, an_entry
from shixun.people.models import Organisation

TABLES = ("ledger_account", "ledger_batch", "ledger_entry")


@pytest.fixture
def entry(account: Account, college: Organisation) -> Entry:
    Batch.objects.create(uuid=account.uuid, key="b", count=1, digest="0" * 64, posted_at=AT)
    return an_entry(account, college)


def test_models_refuse_to_be_edited_or_removed(entry: Entry) -> None:
    entry.credits = 999
    for attempt in (
        entry.save,
        entry.delete,
        lambda: Entry.objects.update(credits=999),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.bulk_update([entry], ["credits"]),
        lambda: Entry.objects.update_or_create(pk=entry.pk, defaults={"credits": 999}),
        entry.account.delete,
        lambda: Account.objects.update(cycle="x"),
        lambda: entry.account.entries.update(credits=1),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert Entry.objects.get().credits == 100


def test_a_row_that_pretends_to_be_new_is_stopped_by_the_database(entry: Entry) -> None:
    values = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry(**{**values, "credits": 999}).save()
    assert Entry.objects.get().credits == 100


@pytest.mark.parametrize("table", TABLES)
def test_raw_sql_cannot_edit_or_delete(entry: Entry, table: str) -> None:
    for statement in (f"UPDATE {table} SET uuid = uuid", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            _execute(statement)
    assert _execute(f"SELECT COUNT(*) FROM {table}") == 1  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_to_truncate(entry: Entry, table: str) -> None:
    if connection.vendor != "postgresql":
        return
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        _execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    ("column", "value", "refused_by"),
    [
        ("earned_on", "2015-12-31", "in_cycle"),
        ("earned_on", "2021-01-01", "in_cycle"),
        ("account_id", 10**9, "in_cycle"),
        ("credits", -1, "signed"),
        ("hours", -1, "signed"),
        ("reason", "没有更正却有原因", "signed"),
        ("form", "", "form_named"),
        ("form", "degree", "placed_unless_degree"),
        ("level", "", "placed_unless_degree"),
        ("recognised_on", "2018-05-03", "recognised_after_earned"),
        ("source_name", "", "source_named"),
        ("recogniser_id", None, "recogniser_id"),
    ],
)
def test_raw_sql_cannot_insert_what_must_not_be(entry: Entry, column: str, value: Any, refused_by: str) -> None:
    with pytest.raises(IntegrityError, match=refused_by), transaction.atomic():
        _insert_like(entry, **{column: value})
    _insert_like(entry)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("credits", -99),
        ("hours", -999),
        ("level", "city"),
        ("category", "ethics"),
        ("tags", "it_general"),
        ("earned_on", "2018-05-05"),
    ],
)
def test_raw_sql_cannot_reverse_unequally(entry: Entry, column: str, value: Any) -> None:
    mirror = {"reverses_id": entry.pk, "credits": -100, "hours": -1000, "reason": "登错"}
    with pytest.raises(IntegrityError, match="ledger_entry_mirrors"), transaction.atomic():
        _insert_like(entry, **{**mirror, column: value})
    _insert_like(entry, **mirror)
    with pytest.raises(IntegrityError), transaction.atomic():
        _insert_like(entry, **mirror)


def test_raw_sql_cannot_reverse_a_reversal(entry: Entry) -> None:
    """Not even one of nothing, whose sign would not betray it."""
    nothing = {"credits": 0, "hours": 0, "days": 0}
    _insert_like(entry, **nothing, idempotency_key="nil")
    nil = Entry.objects.get(idempotency_key="nil")
    _insert_like(entry, **nothing, idempotency_key="nil taken back", reverses_id=nil.pk, reason="登错")
    taken_back = Entry.objects.get(reverses=nil)
    with pytest.raises(IntegrityError, match="ledger_entry_mirrors"), transaction.atomic():
        _insert_like(taken_back, reverses_id=taken_back.pk)


def _insert_like(entry: Entry, **changes: Any) -> None:
    """Copy a row by plain SQL with other values, as somebody at the database's own prompt would."""
    number = _execute("SELECT COUNT(*) FROM ledger_entry")
    values: dict[str, Any] = {"idempotency_key": f"raw:{number}", "uuid": f"{number:032x}", **changes}
    columns = [str(field.column) for field in Entry._meta.concrete_fields if field.column != "id"]
    chosen = ", ".join("%s" if column in values else column for column in columns)
    given = [values[column] for column in columns if column in values]
    _execute(
        f"INSERT INTO ledger_entry ({', '.join(columns)}) SELECT {chosen} FROM ledger_entry WHERE id = %s",  # noqa: S608
        [*given, entry.pk],
    )


def _execute(statement: str, values: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None
