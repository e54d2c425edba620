"""The database refuses edits and deletions, entries outside their account's cycle, and reversals that are no mirror.

A later migration that alters ledger_entry on SQLite rebuilds the table: it must repeat these operations at its end.
"""

from django.db import migrations

from shixun.kernel.triggers import append_only

IN_CYCLE = """
    EXISTS (
        SELECT 1 FROM ledger_account account
        WHERE account.id = NEW.account_id AND NEW.earned_on BETWEEN account.starts_on AND account.ends_on
    )
"""
MIRRORS = """
    NEW.reverses_id IS NULL OR EXISTS (
        SELECT 1 FROM ledger_entry original
        WHERE original.id = NEW.reverses_id AND original.reverses_id IS NULL
        AND original.account_id = NEW.account_id AND original.level = NEW.level AND original.category = NEW.category
        AND original.form = NEW.form AND original.tags = NEW.tags AND original.earned_on = NEW.earned_on
        AND original.source_kind = NEW.source_kind AND original.source_uuid = NEW.source_uuid
        AND original.credits = -NEW.credits AND original.hours = -NEW.hours AND original.days = -NEW.days
    )
"""
GUARDS = {"ledger_entry_in_cycle": IN_CYCLE, "ledger_entry_mirrors": MIRRORS}


def install(apps, schema_editor):
    for name, condition in GUARDS.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF NOT ({condition}) THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF;"
                " RETURN NEW; END $$",
                params=None,
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION {name}()",
                params=None,
            )
        else:
            # FAIL, not ABORT: for one row it is the same, and SQLite then needs no statement journal at every row.
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON ledger_entry WHEN NOT ({condition})"
                f" BEGIN SELECT RAISE(FAIL, '{name}'); END",
                params=None,
            )


def remove(apps, schema_editor):
    on = " ON ledger_entry" if schema_editor.connection.vendor == "postgresql" else ""
    for name in GUARDS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("kernel", "0002_append_only_and_cache")]

    operations = [
        append_only("ledger_account"),
        append_only("ledger_batch"),
        append_only("ledger_entry"),
        migrations.RunPython(install, remove),
    ]
