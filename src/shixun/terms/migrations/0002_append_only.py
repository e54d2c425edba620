"""The history of windows is written once."""

from django.db import migrations

from shixun.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("terms", "0001_initial")]
    operations = [append_only("terms_windowchange")]
