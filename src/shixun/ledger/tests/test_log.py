"""The ledger as a log: an entry changed together with all the trail says of it is still named (CL-13)."""

import json
from uuid import UUID

import pytest
from django.db import connection, transaction

from shixun.kernel import triggers
from shixun.kernel.chronicle import heads
from shixun.kernel.chronicle.sequencing import sequence_all
from shixun.kernel.models import AuditEvent
from shixun.ledger.checks import heads_result, run_checks
from shixun.ledger.models import Account, Entry
from shixun.ledger.testing import AT, an_entry
from shixun.people.models import Organisation


def failing() -> dict[str, tuple[str, ...]]:
    return {result.name: result.findings for result in run_checks() if not result.ok}


def shown(uuid: UUID) -> object:
    return uuid if connection.vendor == "postgresql" else uuid.hex


@pytest.fixture
def numbered(account: Account, college: Organisation) -> Entry:
    entry = an_entry(account, college, key="one", credits=100)
    an_entry(account, college, key="two", credits=50, category="ethics")
    sequence_all()
    heads.sign_daily_heads(at=AT)
    return entry


def test_a_change_that_the_trail_confirms_is_named(numbered: Entry) -> None:
    """Both the entry and its event are rewritten in SQL, so that they agree: the logs name both."""
    event = AuditEvent.objects.get(subject_uuid=numbered.uuid, action="entry.posted")
    said = json.dumps({**(event.after or {}), "credits": 900})
    with transaction.atomic():
        for table in ("ledger_entry", "kernel_auditevent"):
            triggers.remove(connection, table)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_entry SET credits = 900 WHERE id = %s", [numbered.pk])
            cursor.execute("UPDATE kernel_auditevent SET after = %s WHERE id = %s", [said, event.pk])
        found = failing()
        transaction.set_rollback(True)
    assert found["numbered_rows_are_unchanged"] == (
        f"event {event.uuid}: number {event_number(event)} of the log, was changed after it was numbered",
        f"entry {numbered.uuid}: number 0 of the log, was changed after it was numbered",
    )
    assert "single_entries_match_their_trail" not in found


def event_number(event: AuditEvent) -> int:
    return AuditEvent.objects.filter(pk__lt=event.pk).count()


@pytest.mark.parametrize("column", ["posted_at", "uuid", "recogniser_id", "source_name"])
def test_every_column_counts(numbered: Entry, column: str, college: Organisation) -> None:
    values = {
        "posted_at": "2019-10-14 01:00:01",
        "uuid": shown(UUID(int=9)),
        "recogniser_id": college.parent_id,
        "source_name": "另一个名称",
    }
    with transaction.atomic():
        triggers.remove(connection, "ledger_entry")
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE ledger_entry SET {column} = %s WHERE id = %s", [values[column], numbered.pk])  # noqa: S608
        found = failing()["numbered_rows_are_unchanged"]
        transaction.set_rollback(True)
    assert [str(numbered.uuid) in line for line in found] == [True]


def test_kept_heads_hold(numbered: Entry) -> None:
    kept = heads.read_heads("\n".join(heads.exported_lines()))
    assert heads_result(kept).ok
    assert failing() == {}
