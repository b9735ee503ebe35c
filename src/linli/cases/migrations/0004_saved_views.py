"""The table of saved views."""

import django.db.models.deletion
import linli.kernel.db.models
import linli.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add it."""

    dependencies = [
        ('cases', '0003_code_guesses'),
        ('people', '0001_initial'),
        ('territory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('box', models.CharField(default='', max_length=16)),
                ('name', models.CharField(max_length=12)),
                ('rank', models.SmallIntegerField()),
                ('states', models.JSONField(default=list)),
                ('category', models.CharField(default='', max_length=40)),
                ('area_path', models.CharField(default='', max_length=120)),
                ('light', models.CharField(default='', max_length=8)),
                ('q', models.CharField(default='', max_length=100)),
                ('sort', models.CharField(max_length=16)),
                ('district', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.district')),
                ('person', linli.kernel.db.models.DistrictForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('district', 'person', 'rank'), name='view_rank_once'), models.UniqueConstraint(fields=('district', 'person', 'box', 'name'), name='view_name_once'), models.CheckConstraint(condition=models.Q(('rank__gte', 0), ('rank__lte', 12)), name='view_rank'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='view_named')],
            },
        ),
    ]
