"""Indexes that answer the leaders' board by themselves: reported, closed and late by day."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add them without keeping anybody from writing."""

    atomic = False
    dependencies = [("cases", "0004_saved_views")]
    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "reported_at"], include=["area_path", "organisation"], name="case_day_reported"
            ),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "closed_at"],
                include=["reported_at", "state", "area_path", "organisation"],
                name="case_day_closed",
                condition=models.Q(closed_at__isnull=False),
            ),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "responded_at"],
                include=["response_due_at", "area_path", "organisation"],
                name="case_late_answer",
                condition=models.Q(responded_at__gt=models.F("response_due_at")),
            ),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "solved_at"],
                include=["solution_due_at", "responded_at", "area_path", "organisation"],
                name="case_late_solution",
                condition=models.Q(solved_at__gt=models.F("solution_due_at")),
            ),
        ),
    ]
