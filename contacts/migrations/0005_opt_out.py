
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0002_webhooks'),
        ('contacts', '0004_review_and_inbound'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('hand', 'by hand'), ('import', 'import'), ('message', 'message received')], default='hand', max_length=10, verbose_name='source')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('import_id', models.BigIntegerField(null=True, verbose_name='import')),
                ('import_line', models.BigIntegerField(null=True, verbose_name='line')),
                ('word', models.CharField(blank=True, max_length=40, verbose_name='message')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='taken back at')),
            ],
            options={
                'verbose_name': 'opt-out',
                'verbose_name_plural': 'opt-outs',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('opted_out_at__isnull', False)), fields=['opted_out_at'], name='contact_opted_out'),
        ),
        migrations.AddField(
            model_name='optout',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', db_index=False, to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='optout',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opt_outs', to='contacts.contact', verbose_name='contact'),
        ),
        migrations.AddField(
            model_name='optout',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', db_index=False, to=settings.AUTH_USER_MODEL, verbose_name='taken back by'),
        ),
        migrations.AddIndex(
            model_name='optout',
            index=models.Index(condition=models.Q(('import_id__isnull', False)), fields=['import_id', 'import_line'], name='opt_out_import'),
        ),
        migrations.AddConstraint(
            model_name='optout',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('contact', 'source'), name='opt_out_one_standing_per_source'),
        ),
    ]
