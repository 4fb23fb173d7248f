from django.db import migrations, models

import channels.models


def give_tokens(apps, schema_editor):
    """One each: a default in the database would be the same for all."""
    for channel in apps.get_model("channels", "Channel").objects.all():
        channel.webhook_token = channels.models.random_token()
        channel.save(update_fields=["webhook_token"])


class Migration(migrations.Migration):

    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="provider",
            field=models.CharField(blank=True, help_text="Who brings us its messages. None: nobody does.", max_length=20, verbose_name="provider"),
        ),
        migrations.AddField(
            model_name="channel",
            name="webhook_token",
            field=models.CharField(default="", editable=False, max_length=43),
        ),
        migrations.RunPython(give_tokens, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="channel",
            name="webhook_token",
            field=models.CharField(default=channels.models.random_token, editable=False, max_length=43, unique=True),
        ),
    ]
