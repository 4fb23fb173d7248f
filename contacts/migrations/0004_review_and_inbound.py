import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0002_webhooks'),
        ('contacts', '0003_search_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InboundEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('key', models.CharField(max_length=100, verbose_name='key')),
                ('body', models.BinaryField(verbose_name='body')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('processed', 'processed'), ('kept', 'kept as it came'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='what went wrong')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='due at')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='received at')),
                ('processed_at', models.DateTimeField(null=True, verbose_name='processed at')),
            ],
            options={
                'verbose_name': 'inbound event',
                'verbose_name_plural': 'inbound events',
            },
        ),
        migrations.RemoveIndex(
            model_name='attachment',
            name='attachment_in_order',
        ),
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
            field=models.CharField(blank=True, help_text='What a worker does to rows of the review.', max_length=60, verbose_name='repair'),
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
        migrations.AddField(
            model_name='importrow',
            name='is_mendable',
            field=models.BooleanField(default=False, verbose_name='can be mended'),
        ),
        migrations.AddField(
            model_name='importrow',
            name='mended',
            field=models.CharField(help_text='The problem that was mended in a whole group.', max_length=30, null=True, verbose_name='mended'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='undo',
            field=models.CharField(choices=[('removed', 'not in the book any more'), ('reverted', 'back as it was'), ('partly', 'back as it was, but for what was changed since'), ('edited', 'it was changed since'), ('written_to', 'there are messages'), ('noted', 'there are notes'), ('favorite', "it is somebody's favorite"), ('listed', 'somebody put it on a list'), ('gone', 'somebody deleted it since')], max_length=10, null=True, verbose_name='undone'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(fields=['contact', 'id'], name='attachment_in_order'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['fetch_at'], name='attachment_to_fetch'),
        ),
        migrations.AddIndex(
            model_name='contactimport',
            index=models.Index(fields=['state'], name='import_state'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['last_message_at'], name='conversation_open'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(condition=models.Q(('mended__isnull', False)), fields=['contact_import', 'mended', 'line'], name='import_row_mended'),
        ),
        migrations.AddField(
            model_name='inboundevent',
            name='channel',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='inbound_events', to='channels.channel', verbose_name='channel'),
        ),
        migrations.AddIndex(
            model_name='inboundevent',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='inbound_event_due'),
        ),
        migrations.AddConstraint(
            model_name='inboundevent',
            constraint=models.UniqueConstraint(fields=('channel', 'key'), name='inbound_event_key_unique'),
        ),
    ]
