"""The audit log can be added to and read, nothing else; the database itself holds to that."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shixun.kernel import audit, triggers
from shixun.kernel.models import AppendOnlyError, AuditEvent

ACTOR = SimpleNamespace(user_uuid=None, label="系统", role="system", acting_path="", address="")


def recorded(at: datetime | None = None) -> AuditEvent:
    return audit.record(
        actor=ACTOR,
        at=at or timezone.now(),
        action="thing.done",
        subject_kind="thing",
        subject_uuid=None,
        after={"n": 1},
    )


@pytest.mark.django_db
def test_an_event_keeps_who_what_and_after() -> None:
    event = recorded()
    kept = AuditEvent.objects.get(pk=event.pk)
    assert (kept.actor_label, kept.acting_role, kept.action, kept.before, kept.after) == (
        "系统",
        "system",
        "thing.done",
        None,
        {"n": 1},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE kernel_auditevent SET actor_label = 'x'", "DELETE FROM kernel_auditevent"],
    ids=["update", "delete"],
)
def test_the_database_refuses(statement: str) -> None:
    event = recorded()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get(pk=event.pk).actor_label == "系统"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has TRUNCATE")
def test_the_database_refuses_truncate() -> None:
    recorded()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE kernel_auditevent")


@pytest.mark.django_db
def test_the_model_refuses_before_the_database_does() -> None:
    event = recorded()
    for attempt in (
        event.save,
        event.delete,
        lambda: AuditEvent.objects.update(action="x"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: AuditEvent.objects.bulk_update([event], ["action"]),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()


@pytest.mark.django_db
def test_every_append_only_table_has_its_triggers() -> None:
    assert triggers.missing(connection) == []


@pytest.mark.django_db
def test_a_table_that_lost_its_triggers_is_named() -> None:
    triggers.remove(connection, "kernel_auditevent")
    assert triggers.missing(connection) == ["kernel_auditevent"]
    triggers.install(connection, "kernel_auditevent")
    assert triggers.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_tests_with_real_transactions_may_write_to_it() -> None:
    recorded()
    assert AuditEvent.objects.filter(action="thing.done").count() == 1


@pytest.mark.django_db(transaction=True)
def test_and_find_it_empty_and_guarded_again() -> None:
    assert AuditEvent.objects.filter(action="thing.done").count() == 0
    assert triggers.missing(connection) == []
