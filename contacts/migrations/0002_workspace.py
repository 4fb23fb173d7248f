import contacts.models.name_key
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0001_initial'),
        ('contacts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkActionContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_id', models.BigIntegerField(verbose_name='contact')),
                ('outcome', models.CharField(choices=[('waiting', 'waiting'), ('changed', 'changed'), ('already', 'was so already'), ('inactive', 'channel is inactive'), ('unusable', 'cannot take it'), ('gone', 'not there any more'), ('undone', 'undone'), ('kept', 'changed since, kept')], default='waiting', max_length=10, verbose_name='outcome')),
                ('before', models.JSONField(null=True, verbose_name='before')),
            ],
            options={
                'verbose_name': 'contact of a bulk action',
                'verbose_name_plural': 'contacts of bulk actions',
            },
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='done',
            field=models.BigIntegerField(default=0, verbose_name='contacts done'),
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='ended_at',
            field=models.DateTimeField(null=True, verbose_name='ended at'),
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='failure',
            field=models.CharField(blank=True, max_length=20, verbose_name='failure'),
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='key',
            field=models.UUIDField(editable=False, help_text='Made of what was asked for: once is enough.', null=True, unique=True),
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='started_at',
            field=models.DateTimeField(null=True, verbose_name='started at'),
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='total',
            field=models.BigIntegerField(null=True, verbose_name='contacts in all'),
        ),
        migrations.AddField(
            model_name='change',
            name='bulk_id',
            field=models.BigIntegerField(null=True, verbose_name='bulk action'),
        ),
        migrations.AddField(
            model_name='message',
            name='search_text',
            field=models.TextField(default='', editable=False),
        ),
        migrations.AddField(
            model_name='note',
            name='deleted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted at'),
        ),
        migrations.AddField(
            model_name='note',
            name='search_text',
            field=models.TextField(default='', editable=False),
        ),
        migrations.AddField(
            model_name='savedview',
            name='deleted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted at'),
        ),
        migrations.AlterField(
            model_name='bulkaction',
            name='contact_ids',
            field=models.JSONField(help_text='Empty means all that match the query.', null=True, verbose_name='contacts'),
        ),
        migrations.AlterField(
            model_name='bulkaction',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='bulkaction',
            name='cursor',
            field=models.BigIntegerField(default=0, help_text='The last contact that is done.', verbose_name='cursor'),
        ),
        migrations.AlterField(
            model_name='bulkaction',
            name='state',
            field=models.CharField(choices=[('ready', 'ready'), ('running', 'running'), ('done', 'done'), ('canceled', 'canceled'), ('failed', 'failed'), ('undoing', 'being undone'), ('undone', 'undone')], default='ready', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='change',
            name='source',
            field=models.CharField(choices=[('edit', 'edit'), ('import', 'import'), ('undo', 'undo'), ('bulk', 'bulk action'), ('merge', 'merge'), ('webhook', 'message received'), ('erase', 'erasure'), ('command', 'command')], max_length=10, verbose_name='source'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(contacts.models.name_key.NameKey('search_text'), models.F('id'), condition=models.Q(('deleted_at__isnull', True)), name='contact_name'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(models.F('channel'), contacts.models.name_key.NameKey('search_text'), models.F('id'), condition=models.Q(('deleted_at__isnull', True)), name='contact_channel_name'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['channel', '-id'], name='contact_channel_newest'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['deleted_at'], name='note_trash'),
        ),
        migrations.AddField(
            model_name='bulkactioncontact',
            name='action',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='contacts.bulkaction'),
        ),
        migrations.AddConstraint(
            model_name='bulkactioncontact',
            constraint=models.UniqueConstraint(fields=('action', 'contact_id'), name='bulk_action_contact_unique'),
        ),
    ]
