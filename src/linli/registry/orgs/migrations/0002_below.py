"""A function that walks down the tree of organisations, so that a viewer's rights are read in one query."""

from django.db import migrations

_MAKE = """
CREATE FUNCTION organisations_below(in_district text, top uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE below(id) AS (
        SELECT id FROM orgs_organisation WHERE district_id = in_district AND parent_id = top
        UNION
        SELECT under.id FROM orgs_organisation under JOIN below ON under.parent_id = below.id
        WHERE under.district_id = in_district
    )
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM below WHERE id <> top
$$
"""


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]

    operations = [migrations.RunSQL(_MAKE, "DROP FUNCTION organisations_below(text, uuid)")]
