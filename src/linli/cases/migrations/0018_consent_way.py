"""By which way a contact with a version of the consent text came; so far they all came by the portal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add it, say it of those that are there, then hold it to what it may be; each on its own."""

    atomic = False
    dependencies = [("cases", "0017_count_without_holes")]
    operations = [
        migrations.AddField("reporter", "consent_way", models.CharField(default="", max_length=8)),
        migrations.RunSQL(
            "UPDATE cases_reporter SET consent_way = 'portal' WHERE consent > 0 AND consent_way = ''",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "reporter",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent", 0), ("consent_way", "")),
                    models.Q(("consent__gt", 0), ("consent_way__in", ["portal", "staff", "hotline", "api"])),
                    _connector="OR",
                ),
                name="reporter_consent_way",
            ),
        ),
    ]
