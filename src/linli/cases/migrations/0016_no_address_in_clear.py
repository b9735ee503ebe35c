"""Take away the places in clear, which are sealed by now."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("cases", "0015_seal_address")]

    operations = [migrations.RemoveField("case", "written")]
