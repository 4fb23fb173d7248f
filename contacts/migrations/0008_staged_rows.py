import contacts.models.contact_import
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0007_export_source'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactimport',
            name='undo_cursor',
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='cells',
            field=contacts.models.contact_import.StagedJSON(verbose_name='cells'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='changes',
            field=contacts.models.contact_import.StagedJSON(null=True, verbose_name='changes'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='contact_import',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='contacts.contactimport'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='corrected',
            field=contacts.models.contact_import.StagedJSON(null=True, verbose_name='corrected cells'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='custom_values',
            field=contacts.models.contact_import.StagedJSON(default=dict, verbose_name='custom values'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='labels',
            field=contacts.models.contact_import.StagedJSON(null=True, verbose_name='labels'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='problems',
            field=contacts.models.contact_import.StagedJSON(null=True, verbose_name='problems'),
        ),
    ]
