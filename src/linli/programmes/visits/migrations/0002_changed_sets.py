from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='target',
            name='taken_out_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='target',
            name='why',
            field=models.CharField(default='', max_length=200),
        ),
    ]
