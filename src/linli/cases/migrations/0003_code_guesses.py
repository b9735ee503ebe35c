
import django.db.models.deletion
import linli.kernel.db.models
import linli.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_lists_of_a_million'),
        ('territory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeGuesses',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('began_at', models.DateTimeField()),
                ('wrong', models.IntegerField()),
                ('case', linli.kernel.db.models.DistrictForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('district', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.district')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('district', 'case'), name='code_guesses_once')],
            },
        ),
    ]
