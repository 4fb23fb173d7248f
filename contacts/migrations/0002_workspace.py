import contacts.models.export
import contacts.models.name_key
import django.db.models.deletion
import django.db.models.functions.text
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
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('query', models.TextField(blank=True, verbose_name='query')),
                ('contact_ids', models.JSONField(help_text='Empty means all that match the query.', null=True, verbose_name='contacts')),
                ('format', models.CharField(choices=[('csv', 'CSV with commas'), ('csv-semicolon', 'CSV with semicolons'), ('xlsx', 'Excel workbook'), ('json', 'JSON')], max_length=20, verbose_name='format')),
                ('columns', models.JSONField(default=list, verbose_name='columns')),
                ('language', models.CharField(help_text='Of the titles.', max_length=20, verbose_name='language')),
                ('name', models.CharField(max_length=120, verbose_name='file name')),
                ('file', models.FileField(blank=True, upload_to=contacts.models.export.random_path, verbose_name='file')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('failure', models.CharField(blank=True, choices=[('not_allowed', 'You may not export contacts any more.'), ('unreadable_filter', 'The filter cannot be read any more, so nothing was exported.'), ('unexpected', 'Something went wrong on our side. The error is in the log of the server.')], max_length=20, verbose_name='failure')),
                ('channel_ids', models.JSONField(default=list, help_text='Those whose contacts are in the file.', verbose_name='channels')),
                ('rows_done', models.BigIntegerField(default=0, verbose_name='contacts done')),
                ('rows_total', models.BigIntegerField(null=True, verbose_name='contacts in all')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started at')),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('purge_at', models.DateTimeField(null=True, verbose_name='cleaned up at')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
            },
        ),
        migrations.RemoveField(
            model_name='bulkaction',
            name='contact_ids',
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
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='started at'),
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='time_zone',
            field=models.CharField(default='UTC', max_length=64, verbose_name='time zone'),
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='total',
            field=models.BigIntegerField(default=0, verbose_name='contacts in all'),
        ),
        migrations.AddField(
            model_name='change',
            name='bulk_id',
            field=models.BigIntegerField(null=True, verbose_name='bulk action'),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undo_counts',
            field=models.JSONField(null=True, verbose_name='counts of the undo'),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undoing_at',
            field=models.DateTimeField(null=True, verbose_name='being undone since'),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by'),
        ),
        migrations.AddField(
            model_name='importrow',
            name='undo',
            field=models.CharField(choices=[('reverted', 'back as it was'), ('partly', 'back as it was, but for what somebody edited since'), ('edited', 'somebody edited it since'), ('written_to', 'there are messages'), ('noted', 'there are notes'), ('favorite', "it is somebody's favorite"), ('listed', 'somebody put it on a list'), ('gone', 'it is not in the book any more')], max_length=10, null=True, verbose_name='undone'),
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
            model_name='attachment',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='contacts.contact', verbose_name='contact'),
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
            model_name='attachment',
            index=models.Index(fields=['contact', 'state', 'id'], name='attachment_in_order'),
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
            index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['-created_at', '-id'], name='contact_newest'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['channel', '-created_at', '-id'], name='contact_channel_newest'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['channel', 'reference'], name='contact_reference'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(models.F('channel'), django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='contact_email'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('blocked_at__isnull', False)), fields=['blocked_at'], name='contact_blocked'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['-sent_at', '-id'], name='message_newest'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['-created_at', '-id'], name='note_newest'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['deleted_at'], name='note_trash'),
        ),
        migrations.AddField(
            model_name='bulkactioncontact',
            name='action',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='contacts.bulkaction'),
        ),
        migrations.AddField(
            model_name='export',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddConstraint(
            model_name='bulkactioncontact',
            constraint=models.UniqueConstraint(fields=('action', 'contact_id'), name='bulk_action_contact_unique'),
        ),
    ]
