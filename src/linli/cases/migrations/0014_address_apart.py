"""Make room for sealed places beside those in clear."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0013_consent")]

    operations = [
        migrations.RenameField("case", "address", "written"),
        migrations.AddField("case", "address", models.BinaryField(default=b"")),
    ]
