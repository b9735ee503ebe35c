"""What rates are counted by becomes a document of its own: districts that are there already get what counted so far."""

from django.db import migrations

_USUAL = (
    '{"rules": {"weights": [10, 50, 40], "basically_percent": 90, "smallest_sample": 10},'
    ' "methods": ["reporter", "call", "visit"], "left_out": [], "month_begins_on": 1, "day_begins_at": 0,'
    ' "has_places": false}'
)
_GIVE = f"""
INSERT INTO cases_rulebook (id, district_id, kind, number, content, made_at, made_by, reason)
SELECT gen_random_uuid(), district_id, 'rates', 1, '{_USUAL}'::jsonb, now(), NULL, ''
FROM cases_rulebook WHERE kind = 'priority' AND number = 1
"""


class Migration(migrations.Migration):
    """Give each district that has rulebooks the first version."""

    dependencies = [("cases", "0020_ladder")]
    operations = [migrations.RunSQL(_GIVE, migrations.RunSQL.noop)]
