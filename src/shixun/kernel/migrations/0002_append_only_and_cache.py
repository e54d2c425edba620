"""The audit log refuses changes; the cache table is there before the first request."""

from django.core.management import call_command
from django.db import migrations

from shixun.kernel.triggers import append_only


def create_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_cache_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS kernel_cache")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        append_only("kernel_auditevent"),
        migrations.RunPython(create_cache_table, drop_cache_table),
    ]
