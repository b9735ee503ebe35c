"""An index that tells by itself what was due to be dealt with in some days."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add it without keeping anybody from writing."""

    atomic = False
    dependencies = [("cases", "0026_time_and_supervision")]
    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "solution_due_at"],
                include=["solved_at", "area_path", "organisation", "category", "state", "source"],
                name="case_promised_by_day",
            ),
        ),
    ]
