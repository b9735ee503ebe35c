from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0004_told_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='subscription',
            name='renewed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
