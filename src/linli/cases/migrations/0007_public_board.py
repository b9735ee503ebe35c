"""What was reported by day, with its category and state too: the residents' board asks one index alone.

And what is due soon: those few are found without going through all that is due some day.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Put the new one in before the old one goes, without keeping anybody from writing."""

    atomic = False
    dependencies = [("cases", "0006_taken_by")]
    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "reported_at"],
                include=["area_path", "organisation", "category", "state"],
                name="case_reported_on",
            ),
        ),
        RemoveIndexConcurrently("case", "case_day_reported"),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "amber_at"],
                name="case_amber",
                condition=models.Q(closed_at__isnull=True, amber_at__isnull=False),
            ),
        ),
    ]
