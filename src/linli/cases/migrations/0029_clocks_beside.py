"""Disputes and calls climb the ladder, too; whoever leads those called owes an opinion by a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the columns, and let the worker look at what is open already."""

    dependencies = [("cases", "0028_words_by_district")]
    operations = [
        migrations.AddField("caserung", "about", models.UUIDField(null=True)),
        migrations.AddField("dispute", "judge_level", models.CharField(default="", max_length=16)),
        migrations.AddField("dispute", "mark", models.SmallIntegerField(default=0)),
        migrations.AddField("dispute", "rung_at", models.DateTimeField(null=True)),
        migrations.AddField("whistlecall", "mark", models.SmallIntegerField(default=0)),
        migrations.AddField("whistlecall", "opinion_mark", models.SmallIntegerField(default=0)),
        migrations.AddField("whistlecall", "rung_at", models.DateTimeField(null=True)),
        migrations.AddField("whistlecall", "opinion_hours", models.SmallIntegerField(default=0)),
        migrations.AddField("whistlecall", "opinion_since", models.DateTimeField(null=True)),
        migrations.AddField("whistlecall", "opinion_until", models.DateTimeField(null=True)),
        migrations.AddField("whistlecall", "opinion_due_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("caserung", "rung_once"),
        migrations.AddConstraint(
            "caserung",
            models.UniqueConstraint(
                fields=["district", "case", "clock", "about", "mark"], name="rung_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            "whistlecall",
            models.CheckConstraint(
                condition=models.Q(opinion_until__isnull=True) | models.Q(opinion_until__gte=models.F("opinion_since")),
                name="call_opinion_order",
            ),
        ),
        migrations.AddIndex(
            "dispute",
            models.Index(fields=["district", "rung_at"], name="dispute_rung",
                         condition=models.Q(decided_at__isnull=True)),
        ),
        migrations.AddIndex(
            "whistlecall",
            models.Index(fields=["district", "rung_at"], name="call_rung", condition=models.Q(rung_at__isnull=False)),
        ),
        migrations.RunSQL(
            "UPDATE cases_dispute SET rung_at = raised_at WHERE decided_at IS NULL", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "UPDATE cases_whistlecall SET rung_at = called_at WHERE reported_in_at IS NULL AND taken_back_at IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
