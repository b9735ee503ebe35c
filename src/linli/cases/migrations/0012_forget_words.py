"""Let words of closed cases be emptied, and nothing else of their history be changed."""

from django.db import migrations

# Runs as the role that owns the tables, for the application's role can't change history.
_MAKE = """
CREATE FUNCTION cases_forget_words(district text, wanted uuid[], residents_only boolean) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
WITH closed AS (
    SELECT id FROM cases_case WHERE district_id = district AND id = ANY (wanted) AND closed_at IS NOT NULL
), notes AS (
    UPDATE cases_casestep SET note = ''
    WHERE district_id = district AND case_id IN (SELECT id FROM closed) AND note <> ''
    AND (NOT residents_only OR by_kind = 'resident') RETURNING 1
), comments AS (
    UPDATE cases_verification SET comment = ''
    WHERE district_id = district AND case_id IN (SELECT id FROM closed) AND comment <> ''
    AND (NOT residents_only OR method = 'reporter') RETURNING 1
)
SELECT (SELECT count(*) FROM notes) + (SELECT count(*) FROM comments)
$$
"""
_DROP = "DROP FUNCTION cases_forget_words(text, uuid[], boolean)"


class Migration(migrations.Migration):
    """Make the function."""

    dependencies = [("cases", "0011_find_by_phone")]
    operations = [migrations.RunSQL(_MAKE, _DROP)]
