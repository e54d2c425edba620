"""Published texts and set choices are written once: the database refuses to change or remove them."""

from django.db import migrations

from shixun.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial"), ("kernel", "0002_append_only_and_cache")]
    operations = [append_only("policy_policyversion"), append_only("policy_localrules")]
