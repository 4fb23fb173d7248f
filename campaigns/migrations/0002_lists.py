"""Lists sort and are found by a folded name, know their last change, and their newest members."""

from django.db import migrations, models

from channels.folding import fold


def fill(apps, schema_editor):
    lists = apps.get_model("campaigns", "List").objects.using(schema_editor.connection.alias)
    for pk, name, created_at in lists.values_list("pk", "name", "created_at"):
        lists.filter(pk=pk).update(key=fold(name), updated_at=created_at)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="list",
            options={"ordering": ["key", "pk"], "verbose_name": "list", "verbose_name_plural": "lists"},
        ),
        migrations.AddField(
            model_name="list",
            name="key",
            field=models.CharField(db_index=True, default="", editable=False, max_length=400),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="list",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["list", "-added_at"], name="membership_newest"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
