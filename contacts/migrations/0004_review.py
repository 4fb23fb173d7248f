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
            model_name='contactimport',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='contactimport',
            name='repair',
            field=models.CharField(blank=True, help_text='The problem whose rows a worker is mending.', max_length=30, verbose_name='repair'),
        ),
        migrations.AddField(
            model_name='importrow',
            name='corrected',
            field=models.JSONField(null=True, verbose_name='corrected cells'),
        ),
    ]
