"""Let the system administrator see jobs and deliveries, in districts that are there already."""

from django.db import migrations

VERB = "run_jobs"


def give(apps, schema_editor):
    for role in apps.get_model("people", "Role").objects.filter(administrator="system"):
        if VERB not in role.verbs:
            role.verbs = sorted([*role.verbs, VERB])
            role.save(update_fields=["verbs"])


def take(apps, schema_editor):
    for role in apps.get_model("people", "Role").objects.filter(administrator="system"):
        role.verbs = [verb for verb in role.verbs if verb != VERB]
        role.save(update_fields=["verbs"])


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0002_absences_and_logins"),
    ]

    operations = [
        migrations.RunPython(give, take),
    ]
