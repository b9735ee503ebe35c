"""A photo tells who joined a case with it; of older ones the instant tells it, where only one joined then."""

import django.db.models.deletion
from django.db import migrations

import linli.kernel.db.models

_TELL_OLD_ONES = """
UPDATE cases_casefile AS photo SET reporter_id = joined.id FROM cases_reporter AS joined, cases_case AS told
WHERE joined.district_id = photo.district_id AND joined.case_id = photo.case_id AND joined.joined_at = photo.added_at
    AND told.district_id = joined.district_id AND told.id = joined.case_id AND joined.joined_at > told.reported_at
    AND photo.kind = 'report' AND NOT EXISTS (
        SELECT 1 FROM cases_reporter AS other WHERE other.district_id = joined.district_id
            AND other.case_id = joined.case_id AND other.joined_at = joined.joined_at AND other.id <> joined.id
    )
"""


class Migration(migrations.Migration):
    """Add the column and fill it."""

    atomic = False
    dependencies = [("cases", "0029_clocks_beside")]
    operations = [
        migrations.AddField(
            "casefile",
            "reporter",
            linli.kernel.db.models.DistrictForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.reporter"
            ),
        ),
        migrations.RunSQL(_TELL_OLD_ONES, migrations.RunSQL.noop),
    ]
