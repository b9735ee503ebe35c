"""Indexes that lists of a large district walk in their own order instead of sorting what they find."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add them without keeping anybody from writing."""

    atomic = False
    dependencies = [("cases", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "-id"], name="case_open_newest", condition=models.Q(closed_at__isnull=True)
            ),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "-id"], name="case_closed_newest", condition=models.Q(closed_at__isnull=False)
            ),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "-score", "-id"],
                name="case_open_priority",
                condition=models.Q(closed_at__isnull=True),
            ),
        ),
        AddIndexConcurrently("case", models.Index(fields=["district", "-reported_at", "-id"], name="case_reported")),
        AddIndexConcurrently("case", models.Index(fields=["district", "state", "-id"], name="case_state")),
        AddIndexConcurrently("case", models.Index(fields=["district", "category", "-id"], name="case_category")),
        AddIndexConcurrently("case", models.Index(fields=["district", "-score", "-id"], name="case_priority")),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "due_at", "-id"], name="case_due", condition=models.Q(due_at__isnull=False)
            ),
        ),
    ]
