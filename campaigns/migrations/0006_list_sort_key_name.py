from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_list_sort_key")]

    operations = [
        migrations.RenameField("list", "key", "sort_key"),
        migrations.AlterModelOptions(
            name="list",
            options={"ordering": ["sort_key", "pk"], "verbose_name": "list", "verbose_name_plural": "lists"},
        ),
    ]
