
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_lists'),
        ('contacts', '0007_export_source'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AudienceExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('count', models.BigIntegerField(null=True, verbose_name='contacts')),
                ('left_out', models.JSONField(default=dict, help_text='The number of contacts by reason.', verbose_name='left out')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('export', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='audience', to='contacts.export', verbose_name='export')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audience_exports', to='campaigns.list', verbose_name='list')),
            ],
            options={
                'verbose_name': 'audience export',
                'verbose_name_plural': 'audience exports',
                'ordering': ['-at', '-pk'],
            },
        ),
    ]
