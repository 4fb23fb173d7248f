
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0006_same_person_in_a_file'),
    ]

    operations = [
        migrations.AddField(
            model_name='export',
            name='source',
            field=models.JSONField(help_text='What else than the list of contacts chooses.', null=True, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='export',
            name='failure',
            field=models.CharField(blank=True, choices=[('not_allowed', 'You may not export contacts any more.'), ('source_gone', 'What you exported is gone, or you may not see it any more.'), ('unreadable_filter', 'The filter cannot be read any more, so nothing was exported.'), ('unexpected', 'Something went wrong on our side. The error is in the log of the server.')], max_length=20, verbose_name='failure'),
        ),
    ]
