"""Leaves are said anew, never changed, and name the office that approved them; none was written before this."""

import django.db.models.deletion
from django.db import migrations, models

import linli.kernel.db.models


class Migration(migrations.Migration):
    """Number them, let one take back, and keep each whole."""

    dependencies = [("reviews", "0005_remark_shares")]
    operations = [
        migrations.RemoveConstraint("leave", "leave_once"),
        migrations.AddField("leave", "take", models.SmallIntegerField(default=1), preserve_default=False),
        migrations.AddField("leave", "approver", models.CharField(max_length=80, default="")),
        migrations.AlterField("leave", "reason", models.CharField(max_length=20, default="")),
        migrations.AlterField(
            "leave",
            "deputy",
            linli.kernel.db.models.DistrictForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddConstraint(
            "leave", models.UniqueConstraint(fields=("district", "draw", "organisation", "take"), name="leave_take")
        ),
        migrations.AddConstraint(
            "leave",
            models.CheckConstraint(
                condition=models.Q(("approver", ""), ("deputy__isnull", True), ("reason", ""))
                | models.Q(
                    ("deputy__isnull", False),
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("approver", ""), _negated=True),
                ),
                name="leave_whole",
            ),
        ),
    ]
