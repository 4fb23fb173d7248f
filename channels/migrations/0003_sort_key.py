"""Teams and channels sort by a folded name."""

from django.db import migrations

from channels.sort_key import SortKeyField


def fill(apps, schema_editor):
    """Saving the key works it out."""
    for model in ("Team", "Channel"):
        for row in apps.get_model("channels", model).objects.using(schema_editor.connection.alias):
            row.save(update_fields=["sort_key"])


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_webhooks")]

    operations = [
        migrations.AlterModelOptions(
            name="channel",
            options={
                "ordering": ["sort_key", "pk"],
                "permissions": [("view_all_channels", "Can see the contacts of all channels")],
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
            },
        ),
        migrations.AlterModelOptions(
            name="team",
            options={"ordering": ["sort_key", "pk"], "verbose_name": "team", "verbose_name_plural": "teams"},
        ),
        migrations.AddField("channel", "sort_key", SortKeyField(default=""), preserve_default=False),
        migrations.AddField("team", "sort_key", SortKeyField(default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
