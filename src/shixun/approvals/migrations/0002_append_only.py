"""What was said, done and set is written once: the database refuses to change or remove it."""

from django.db import migrations

from shixun.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("kernel", "0002_append_only_and_cache")]
    operations = [
        append_only("approvals_revision"),
        append_only("approvals_step"),
        append_only("approvals_levelsetting"),
    ]
