"""The boards count without cases of holes: their indexes say who opened a case, and days that counted those go.

Each new index is there before the old one goes, and nobody is kept from writing. Days are kept anew by the worker.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Put them in one after the other."""

    atomic = False
    dependencies = [("cases", "0016_no_address_in_clear")]
    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "reported_at"],
                include=["area_path", "organisation", "category", "state", "source"],
                name="case_reported_by_day",
            ),
        ),
        RemoveIndexConcurrently("case", "case_reported_on"),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "closed_at"],
                include=["reported_at", "state", "area_path", "organisation", "source"],
                name="case_closed_by_day",
                condition=Q(closed_at__isnull=False),
            ),
        ),
        RemoveIndexConcurrently("case", "case_day_closed"),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "responded_at"],
                include=["response_due_at", "area_path", "organisation", "source"],
                name="case_answered_late",
                condition=Q(responded_at__gt=F("response_due_at")),
            ),
        ),
        RemoveIndexConcurrently("case", "case_late_answer"),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "solved_at"],
                include=["solution_due_at", "responded_at", "area_path", "organisation", "source"],
                name="case_solved_late",
                condition=Q(solved_at__gt=F("solution_due_at")),
            ),
        ),
        RemoveIndexConcurrently("case", "case_late_solution"),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "area_path"],
                include=["due_at", "amber_at", "source"],
                name="case_open_by_area",
                condition=Q(closed_at__isnull=True),
            ),
        ),
        RemoveIndexConcurrently("case", "case_open_lights"),
        migrations.RunSQL(
            "DELETE FROM cases_caseday WHERE district_id IN (SELECT district_id FROM cases_holecase)",
            migrations.RunSQL.noop,
        ),
    ]
