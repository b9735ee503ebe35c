"""The days of the board, kept: one row a day for a district and each of its subdistricts; lights told by an index."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

import linli.kernel.ids


class Migration(migrations.Migration):
    """Make the table, which the worker fills; put the new index in before the old one goes."""

    atomic = False
    dependencies = [("cases", "0008_hotline_orders"), ("territory", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name='CaseDay',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('path', models.CharField(db_collation='C', max_length=120)),
                ('day', models.DateField()),
                ('opened', models.IntegerField()),
                ('closed', models.IntegerField()),
                ('ended', models.IntegerField()),
                ('done', models.IntegerField()),
                ('seconds', models.FloatField()),
                ('open', models.IntegerField()),
                ('late', models.IntegerField()),
                ('effective', models.IntegerField()),
                ('contacted', models.IntegerField()),
                ('solved', models.IntegerField()),
                ('satisfied', models.IntegerField()),
                ('basically', models.IntegerField()),
                ('district', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.district')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('district', 'path', 'day'), name='case_day')],
            },
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "area_path"],
                include=["due_at", "amber_at"],
                name="case_open_lights",
                condition=models.Q(closed_at__isnull=True),
            ),
        ),
        RemoveIndexConcurrently("case", "case_open_area"),
    ]
