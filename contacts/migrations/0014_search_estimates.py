from django.db import migrations

from contacts.search import index


def sharpen(apps, schema_editor):
    index.sharpen_estimates(*index.TABLES)


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0013_label_made_by_import'),
    ]

    operations = [
        migrations.RunPython(sharpen, migrations.RunPython.noop),
    ]
