"""Models of the tests alone, in a registry of their own: a district, its streets, their houses, a ledger."""

from django.db import models
from django.test.utils import isolate_apps

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LedgerModel, ReferenceModel

with isolate_apps("tests.kernel.db.sample"):

    class District(ReferenceModel):
        """Named as the real one, since `DistrictModel` points to it by name."""

        code = models.CharField(max_length=6, primary_key=True)
        personal_data = {}

        class Meta:
            app_label = "territory"
            db_table = "sample_district"

    class Street(DistrictModel):
        """A row that others point to."""

        name = models.CharField(max_length=50)
        personal_data = {}

        class Meta:
            app_label = "sample"
            constraints = [models.UniqueConstraint(fields=["district", "name"], name="sample_street_once")]

    class House(DistrictModel):
        """A row that points to another and to its own kind."""

        street = DistrictForeignKey(Street, models.CASCADE, related_name="houses")
        number = models.IntegerField()
        beside = DistrictForeignKey("self", null=True, related_name="besides")
        personal_data = {}

        class Meta:
            app_label = "sample"

    class Line(LedgerModel):
        """What may be written once."""

        text = models.TextField()
        is_append_only = True
        personal_data = {}

        class Meta:
            app_label = "sample"


MODELS = (District, Street, House, Line)
