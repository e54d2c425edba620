import django.db.models.deletion
from django.db import migrations, models

from shixun.terms.triggers import guard_window


def forget_prints(apps, schema_editor):
    """Prints of another shape are taken anew, when photos are next compared."""
    apps.get_model('recognition', 'ImagePrint').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('recognition', '0005_claim_once_in_batch'),
        ('terms', '0002_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='window',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='terms.window', verbose_name='开放时间'),
        ),
        migrations.RunPython(forget_prints, migrations.RunPython.noop),
        guard_window('recognition_claim', window='window_id', at='submitted_at'),
    ]
