from django.db import migrations

from channels.folding import fold
from contacts.search import index

TABLES = ('contacts_contact', 'contacts_message', 'contacts_note')


def fold_bodies(apps, schema_editor):
    """Fill the search text of the messages and notes that are there."""
    for name in ("Message", "Note"):
        model = apps.get_model("contacts", name)
        filled = []
        for row in model._base_manager.exclude(body="").only("pk", "body").iterator():
            row.search_text = fold(row.body)
            filled.append(row)
            if len(filled) == 1_000:
                model._base_manager.bulk_update(filled, ["search_text"])
                filled = []
        model._base_manager.bulk_update(filled, ["search_text"])


def create_index(apps, schema_editor):
    index.create(*TABLES)


def drop_index(apps, schema_editor):
    index.drop(*TABLES)


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0002_workspace'),
    ]

    operations = [
        migrations.RunPython(fold_bodies, migrations.RunPython.noop),
        migrations.RunPython(create_index, drop_index),
    ]
