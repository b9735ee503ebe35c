"""Each rule refuses what it is there for: models that nobody should write, in a registry of their own."""

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.test.utils import isolate_apps
from tests.architecture import model_rules as rules

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LedgerModel, PersonalData, ReferenceModel

with isolate_apps("tests.architecture"):

    class District(ReferenceModel):
        """As the real one is."""

        code = models.CharField(max_length=6, primary_key=True)
        personal_data = {}

        class Meta:
            app_label = "territory"

    class Good(DistrictModel):
        """Has everything that is allowed."""

        name = models.CharField(max_length=9)
        same = DistrictForeignKey("self", null=True, related_name="+")
        personal_data = {}

        class Meta:
            app_label = "bad"
            unique_together = [("district", "name")]
            constraints = [
                models.UniqueConstraint(fields=["district", "name"], name="with_district"),
                models.UniqueConstraint("district", models.functions.Lower("name"), name="with_district_by_expression"),
                ExclusionConstraint(
                    name="no_overlap_in_district", expressions=[("district", "="), (models.F("name"), "=")]
                ),
            ]

    class Kindless(models.Model):
        """Is none of the three."""

        class Meta:
            app_label = "bad"

    class Bad(DistrictModel):
        """Breaks most rules."""

        district = models.ForeignKey(District, models.PROTECT, related_name="+", null=True)
        code = models.CharField("Number", max_length=9, unique=True)
        state = models.CharField(max_length=9, choices=[("a", "A")], help_text="Say.")
        plain = models.ForeignKey(Good, models.SET_NULL, null=True, related_name="+")
        elsewhere = models.ForeignKey(Kindless, models.CASCADE, related_name="+")
        wrong = DistrictForeignKey(District, related_name="+")
        many = models.ManyToManyField(Good, related_name="+")

        class Meta:
            app_label = "bad"
            verbose_name = "Worse"
            unique_together = [("code", "state")]
            constraints = [
                models.UniqueConstraint(fields=["code"], name="without_district"),
                ExclusionConstraint(name="no_overlap", expressions=[("code", "=")]),
            ]

        def save(self, *args: object, **kwargs: object) -> None:
            """Do nothing, which is the point."""

    class Pointing(ReferenceModel):
        """Is global, and points to a row of a district."""

        row = models.ForeignKey(Good, models.PROTECT, related_name="+")
        personal_data = {"nobody": PersonalData}

        class Meta:
            app_label = "bad"

    class Line(LedgerModel):
        """Points upwards, and declares nothing."""

        row = models.ForeignKey(Good, models.PROTECT, related_name="+")

        class Meta:
            app_label = "bad"


REFUSED = [
    (rules.is_of_one_kind, Kindless, 1),
    (rules.has_its_district, Bad, 1),
    (rules.unique_keys_name_district, Bad, 4),
    (rules.keys_stay_in_district, Bad, 3),
    (rules.keys_stay_in_district, Pointing, 1),
    (rules.keys_stay_in_district, Line, 1),
    (rules.nothing_is_set_on_delete, Bad, 1),
    (rules.has_no_hidden_tables, Bad, 1),
    (rules.declares_personal_data, Line, 1),
    (rules.declares_personal_data, Pointing, 1),
    (rules.has_no_words, Bad, 3),
    (rules.saves_as_django_does, Bad, 1),
]


@pytest.mark.parametrize(("rule", "model", "times"), REFUSED)
def test_bad_model_is_refused(rule: rules.Rule, model: type[models.Model], times: int) -> None:
    assert len(list(rule(model))) == times, list(rule(model))


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_good_models_are_taken(rule: rules.Rule) -> None:
    assert [*rule(Good), *rule(District)] == []


@pytest.mark.parametrize(
    ("source", "target", "may"),
    [
        (("cases", ""), ("registry", "people"), True),
        (("registry", "people"), ("registry", "territory"), True),
        (("registry", "territory"), ("registry", "people"), False),
        (("support", "files"), ("cases", ""), False),
        (("support", "files"), ("support", "calendar"), False),
        (("cases", ""), ("cases", ""), True),
    ],
)
def test_keys_point_down_the_floors(source: tuple[str, str], target: tuple[str, str], *, may: bool) -> None:
    assert rules._may_point(source, target) is may
