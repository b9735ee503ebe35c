"""The ladder of each clock: what was climbed, and when a case comes to the next rung.

Cases that are open already come to theirs a day later, so that somebody can look first at whom it would name.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import linli.kernel.db.models
import linli.kernel.ids

_NAMED = models.Index(
    fields=["district", "to_post", "case"], name="rung_named", condition=models.Q(to_post__isnull=False)
)


class Migration(migrations.Migration):
    """Add columns and table, say of open cases when they are looked at, then the index without stopping anybody."""

    atomic = False
    dependencies = [("cases", "0019_merged_cases"), ("territory", "0003_changes_taken_back")]
    operations = [
        migrations.AddField("case", "response_mark", models.SmallIntegerField(default=0)),
        migrations.AddField("case", "solution_mark", models.SmallIntegerField(default=0)),
        migrations.AddField("case", "rung_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "UPDATE cases_case SET rung_at = now() + interval '1 day' WHERE closed_at IS NULL AND due_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "rung_at", "id"], name="case_rung", condition=models.Q(rung_at__isnull=False)
            ),
        ),
        migrations.CreateModel(
            "CaseRung",
            [
                ("id", models.UUIDField(
                    default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                )),
                ("clock", models.CharField(max_length=10)),
                ("mark", models.SmallIntegerField()),
                ("reached_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("calendar_number", models.IntegerField()),
                ("rulebook_number", models.IntegerField()),
                ("level", models.CharField(default="", max_length=16)),
                ("to_post", models.UUIDField(null=True)),
                ("to_person", models.UUIDField(null=True)),
                ("case", linli.kernel.db.models.DistrictForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="rungs", to="cases.case"
                )),
                ("district", models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="territory.district",
                )),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("district", "case", "clock", "mark"), name="rung_once")
                ],
                "indexes": [_NAMED],
            },
        ),
    ]
