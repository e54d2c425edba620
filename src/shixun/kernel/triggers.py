"""Triggers by which the database itself refuses to change or remove rows of an append-only table.

SQLite rebuilds a table when a later migration alters it, and its triggers go with the old one: such a migration repeats
``append_only`` as its last operation. ``missing`` finds a table that lost them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper

from shixun.kernel.append_only import AppendOnly

_FUNCTION = """
CREATE OR REPLACE FUNCTION shixun_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
_EXPIRING = """
CREATE OR REPLACE FUNCTION {table}_expiring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {expired} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
# What may be removed all the same: events past their retention, once the row that says so is written.
_EXPIRED = {"kernel_auditevent": "OLD.at < (SELECT MAX(expiry.before) FROM kernel_auditexpiry AS expiry)"}


def append_only(table: str) -> migrations.RunPython:
    """A migration operation: from here on UPDATE and DELETE of ``table`` raise ``IntegrityError`` on both databases.

    On PostgreSQL TRUNCATE is refused as well.
    """

    def forward(_apps: Any, schema_editor: Any) -> None:
        install(schema_editor.connection, table)

    def backward(_apps: Any, schema_editor: Any) -> None:
        remove(schema_editor.connection, table)

    return migrations.RunPython(forward, backward)


def install(connection: BaseDatabaseWrapper, table: str) -> None:
    """Add the triggers of one table; those already there are replaced."""
    remove(connection, table)
    with connection.cursor() as cursor:
        for statement in _creation(connection, table):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, table: str) -> None:
    """Drop the triggers of one table, if there."""
    quoted = connection.ops.quote_name(table)
    target = f" ON {quoted}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _names(connection, table):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{target}")


def append_only_tables() -> list[str]:
    """The tables of all append-only models, in alphabetical order."""
    models = apps.get_models()
    return sorted(model._meta.db_table for model in models if issubclass(model, AppendOnly))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The append-only tables that lack one of their triggers; empty when all is well."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [table for table in append_only_tables() if not present.issuperset(_names(connection, table))]


@contextmanager
def suspended(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Lift all triggers for the length of a block: for tests that empty their database, and for nothing else."""
    tables = append_only_tables()
    for table in tables:
        remove(connection, table)
    try:
        yield
    finally:
        for table in tables:
            install(connection, table)


def _names(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    events = ["update", "delete"] + (["truncate"] if connection.vendor == "postgresql" else [])
    return [f"{table}_no_{event}" for event in events]


def _creation(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    quoted = connection.ops.quote_name(table)
    expired = _EXPIRED.get(table) if _may_expire(connection, table) else None
    if connection.vendor == "postgresql":
        rows = [
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {quoted}"
            f" FOR EACH {level} EXECUTE FUNCTION {_function(table, event, expired)}()"
            for event, level in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT"))
        ]
        return [_FUNCTION, *([_EXPIRING.format(table=table, expired=expired)] if expired else []), *rows]
    return [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {quoted}"
        f"{f' WHEN NOT COALESCE({expired}, 0)' if expired and event == 'DELETE' else ''}"
        f" BEGIN SELECT RAISE(ABORT, 'append-only: {event} of {table} is refused'); END"
        for event in ("UPDATE", "DELETE")
    ]


def _may_expire(connection: BaseDatabaseWrapper, table: str) -> bool:
    """The first migration that guards the trail comes before the table of expiries; a later one guards it anew."""
    return table in _EXPIRED and "kernel_auditexpiry" in connection.introspection.table_names()


def _function(table: str, event: str, expired: str | None) -> str:
    return f"{table}_expiring" if expired and event == "DELETE" else "shixun_append_only"
