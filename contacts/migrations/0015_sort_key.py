"""Labels and saved views sort by a folded name; what makes a label's name unique keeps its accents."""

from django.db import migrations, models

from channels.sort_key import SortKeyField


def fill(apps, schema_editor):
    """Saving the key works it out."""
    for model in ("Label", "SavedView"):
        for row in apps.get_model("contacts", model).objects.using(schema_editor.connection.alias):
            row.save(update_fields=["sort_key"])


class Migration(migrations.Migration):
    dependencies = [("contacts", "0014_search_estimates")]

    operations = [
        migrations.AlterModelOptions(
            name="label",
            options={"ordering": ["sort_key", "pk"], "verbose_name": "label", "verbose_name_plural": "labels"},
        ),
        migrations.AlterModelOptions(
            name="savedview",
            options={"ordering": ["sort_key", "pk"], "verbose_name": "saved view", "verbose_name_plural": "saved views"},
        ),
        migrations.AddField("label", "sort_key", SortKeyField(db_index=True, default=""), preserve_default=False),
        migrations.AddField("savedview", "sort_key", SortKeyField(default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("label", "key", models.CharField(editable=False, max_length=120, unique=True)),
    ]
