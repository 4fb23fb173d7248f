import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0003_search_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='fetch_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='to be fetched at'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='source',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='source'),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='mail_language',
            field=models.CharField(blank=True, editable=False, help_text='Of the mail at its end; blank once it is on its way.', max_length=20),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='repair',
            field=models.CharField(blank=True, help_text='The problem whose rows a worker is mending.', max_length=30, verbose_name='repair'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='removed_messages',
            field=models.PositiveIntegerField(default=0, verbose_name='messages removed by retention'),
        ),
        migrations.AddField(
            model_name='importrow',
            name='corrected',
            field=models.JSONField(null=True, verbose_name='corrected cells'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='undo',
            field=models.CharField(choices=[('removed', 'not in the book any more'), ('reverted', 'back as it was'), ('partly', 'back as it was, but for what was changed since'), ('edited', 'it was changed since'), ('written_to', 'there are messages'), ('noted', 'there are notes'), ('favorite', "it is somebody's favorite"), ('listed', 'somebody put it on a list'), ('gone', 'somebody deleted it since')], max_length=10, null=True, verbose_name='undone'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['fetch_at'], name='attachment_to_fetch'),
        ),
        migrations.AddIndex(
            model_name='contactimport',
            index=models.Index(fields=['state'], name='import_state'),
        ),
    ]
