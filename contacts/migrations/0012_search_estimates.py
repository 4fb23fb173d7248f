from django.db import migrations

from contacts.search import index


def sharpen(apps, schema_editor):
    index.sharpen_estimates(*index.TABLES)


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0011_search_by_channel'),
    ]

    operations = [
        migrations.RunPython(sharpen, migrations.RunPython.noop),
    ]
