"""The index by words begins with the district: rows of others that hold the same words are never read."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, BtreeGinExtension, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import F
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    """Add it, then drop the one before it, without keeping anybody from writing."""

    atomic = False
    dependencies = [("cases", "0027_promised_by_day")]
    operations = [
        BtreeGinExtension(),
        AddIndexConcurrently("case", GinIndex(Lower("district"), F("search"), name="case_words")),
        RemoveIndexConcurrently("case", "case_search"),
    ]
