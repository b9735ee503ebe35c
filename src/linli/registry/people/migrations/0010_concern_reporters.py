"""Give the role of concern reporters to districts that are there already; new ones get it with the others."""

from django.db import migrations


def give(apps, schema_editor):
    role = apps.get_model("people", "Role")
    if role.objects.exists():
        role.objects.get_or_create(
            code="concern_reporter", defaults={"name": "党员民情员", "verbs": ["report"], "reach": "own"}
        )


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0009_posts_of_area_changes"),
    ]

    operations = [
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
