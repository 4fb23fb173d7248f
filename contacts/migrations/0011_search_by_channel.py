from django.db import connection, migrations

from contacts.search import index

TABLES = ('contacts_contact', 'contacts_message')


def make_anew(apps, schema_editor):
    """PostgreSQL's indexes of the search get the channel, which SQLite's have."""
    if connection.vendor == 'postgresql':
        index.drop(*TABLES)
        index.create(*TABLES)


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0010_import_from_command_line'),
    ]

    operations = [
        migrations.RunPython(make_anew, migrations.RunPython.noop),
    ]
