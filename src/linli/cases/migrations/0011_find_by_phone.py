"""Find a reporter's cases by the blind index of a telephone number."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index."""

    atomic = False
    dependencies = [("cases", "0010_holes_in_coverage")]
    operations = [
        AddIndexConcurrently("reporter", models.Index(fields=["district", "phone_index"], name="reporter_phone")),
    ]
