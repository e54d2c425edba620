"""The trigger by which the database itself refuses a row whose moment lies outside the window it names (RW-07).

A table with a foreign key to a window gets ``guard_window`` in its migration. SQLite rebuilds a table when a later
migration alters it, and the triggers go with the old one: such a migration repeats it as its last operation.
``missing`` finds a table that has no trigger.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.base import BaseDatabaseWrapper

from shixun.terms.models import Window, WindowChange

_FUNCTION = """
CREATE OR REPLACE FUNCTION shixun_in_window() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    moment timestamptz := (to_jsonb(NEW) ->> TG_ARGV[1])::timestamptz;
    hour time := (moment AT TIME ZONE TG_ARGV[2])::time;
BEGIN
    IF wanted IS NULL OR EXISTS (
        SELECT 1 FROM terms_window
        WHERE id = wanted AND stage = 'published' AND opens_at <= moment AND moment < closes_at
          AND (day_from IS NULL OR (day_from <= hour AND hour < day_until))
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'window: % of % lies outside its window', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
# Moments are compared in one spelling, whatever spelling a statement used.
_MOMENT = "strftime('%Y-%m-%d %H:%M:%f', {})"
_HOUR = "strftime('%H:%M:%f', {}, '{}')"
_PROBE_DAY = datetime(2020, 1, 1)


def guard_window(table: str, *, window: str, at: str) -> migrations.RunPython:
    """A migration operation: from here on a row of ``table`` whose column ``at`` lies outside the window named by its
    column ``window`` raises ``IntegrityError`` on both databases. A row that names no window is let through.
    """

    def forward(_apps: Any, schema_editor: Any) -> None:
        install(schema_editor.connection, table, window=window, at=at)

    def backward(_apps: Any, schema_editor: Any) -> None:
        remove(schema_editor.connection, table)

    return migrations.RunPython(forward, backward)


def install(connection: BaseDatabaseWrapper, table: str, *, window: str, at: str) -> None:
    """Add the triggers of one table; those already there are replaced."""
    remove(connection, table)
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in (_postgresql if postgresql else _sqlite)(table, window, at):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, table: str) -> None:
    """Drop the triggers of one table, if there."""
    target = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _names(table):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{target}")


def guarded_tables() -> list[str]:
    """The tables of all models that name a window, but for the history of windows itself; in alphabetical order."""
    found = set()
    for model in apps.get_models():
        fields = (field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey))
        if model is not WindowChange and any(field.related_model is Window for field in fields):
            found.add(model._meta.db_table)
    return sorted(found)


def missing(connection: BaseDatabaseWrapper, tables: list[str] | None = None) -> list[str]:
    """Those of the tables (default: all that name a window) that lack one of their triggers; empty when all is well."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    wanted = guarded_tables() if tables is None else tables
    return [table for table in wanted if not present.issuperset(_names(table))]


def _names(table: str) -> list[str]:
    return [f"{table}_in_window_{event}" for event in ("insert", "update")]


def _postgresql(table: str, window: str, at: str) -> list[str]:
    arguments = f"'{window}', '{at}', '{settings.TIME_ZONE}'"
    events = ("INSERT", f'UPDATE OF "{window}", "{at}"')
    return [_FUNCTION] + [
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION shixun_in_window({arguments})'
        for name, event in zip(_names(table), events, strict=True)
    ]


def _sqlite(table: str, window: str, at: str) -> list[str]:
    moment, opens, closes = (_MOMENT.format(name) for name in (f'NEW."{at}"', "w.opens_at", "w.closes_at"))
    hour = _HOUR.format(f'NEW."{at}"', _offset())
    first, last = (f"strftime('%H:%M:%f', w.{name})" for name in ("day_from", "day_until"))
    # Names of columns come from migrations, never from outside.
    inside = (
        f"SELECT 1 FROM terms_window AS w WHERE w.id = NEW.\"{window}\" AND w.stage = 'published'"  # noqa: S608
        f" AND {opens} <= {moment} AND {moment} < {closes}"
        f" AND (w.day_from IS NULL OR ({first} <= {hour} AND {hour} < {last}))"
    )
    events = ("INSERT", f'UPDATE OF "{window}", "{at}"')
    return [
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW'
        f' WHEN NEW."{window}" IS NOT NULL AND NOT EXISTS ({inside})'
        f" BEGIN SELECT RAISE(ABORT, 'window: a row of {table} lies outside its window'); END"
        for name, event in zip(_names(table), events, strict=True)
    ]


def _offset() -> str:
    """What SQLite adds to universal time: the region has one offset all year."""
    offset = ZoneInfo(settings.TIME_ZONE).utcoffset(_PROBE_DAY)
    assert offset is not None  # noqa: S101 - every zone has one
    return f"{int(offset.total_seconds()) // 60:+d} minutes"
