"""Let user names, addresses and reasons of old lines be emptied, and nothing else of the log be changed."""

from django.db import migrations

# Never of lines younger than their declared time, whatever is asked: logs have to be kept.
_MAKE = """
CREATE FUNCTION audit_forget_traces(district text, before timestamptz, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
WITH old AS (
    SELECT id FROM audit_auditline
    WHERE district_id = district AND at < LEAST(before, now() - interval '400 days')
    AND (actor_name <> '' OR source_ip <> '' OR object_id <> '' OR data <> '{}'::jsonb)
    ORDER BY id LIMIT most
), emptied AS (
    UPDATE audit_auditline SET actor_name = '', source_ip = '', object_id = '', data = '{}'::jsonb
    WHERE district_id = district AND id IN (SELECT id FROM old) RETURNING 1
)
SELECT count(*) FROM emptied
$$
"""
_DROP = "DROP FUNCTION audit_forget_traces(text, timestamptz, integer)"


class Migration(migrations.Migration):
    """Make the function."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(_MAKE, _DROP)]
