"""A version of local rules names the filing it came through; the triggers go with the rebuilt table and come back."""

import django.db.models.deletion
from django.db import migrations, models

from shixun.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_append_only"), ("policy", "0003_adoption_reason")]
    operations = [
        migrations.AddField(
            model_name="localrules",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="approvals.case",
                verbose_name="备案",
            ),
        ),
        append_only("policy_localrules"),
    ]
