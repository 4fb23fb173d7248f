from django.db import migrations, models

class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0005_opt_out'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrow',
            name='same_as',
            field=models.CharField(editable=False, max_length=254, null=True),
        ),
    ]
