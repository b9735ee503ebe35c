"""Give the three roles of the monthly review to districts that are there already; new ones get them with the others."""

from django.db import migrations

ROLES = (
    ("review_office", "述职评议办", ["export", "run_reviews", "see_cases", "see_cockpit"]),
    ("review_juror", "评议代表", []),
    ("discipline_inspector", "纪检监察员", ["unseal_ballots"]),
)


def give(apps, schema_editor):
    role = apps.get_model("people", "Role")
    if not role.objects.exists():
        return
    for code, name, verbs in ROLES:
        role.objects.get_or_create(code=code, defaults={"name": name, "verbs": verbs, "reach": "area"})


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0006_elections"),
    ]

    operations = [
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
