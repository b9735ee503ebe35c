"""The table of cases."""

from dataclasses import replace
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_noop

from linli.cases.calc.doors import door_words
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose

_REPORTED = PersonalData(
    whose=Whose.RESIDENT,
    purpose=gettext_noop("finding out about and solving what was reported"),
    legal_basis=LegalBasis.DUTY,
    retention_days=3650,
)
_IS_OPEN, _IS_CLOSED = models.Q(closed_at__isnull=True), models.Q(closed_at__isnull=False)


class Case(DistrictModel):
    """Anything somebody has to deal with by a time; not a person's file, and nothing is concluded about who reported.

    Seen by holders of posts whose reach covers it, by those who took part, and by its reporter through number and
    code. area_path, boundary_number: where it lay when it was routed, whatever is redrawn
    later; its collation lets an index serve prefixes. lng, lat: GCJ-02
    degrees. places of time are UTC instants. version: grows by one with each change, for If-Match.
    answerable_organisation, answerable_post: who received it first and sent it back, until somebody takes it over.
    due_at, amber_at: of the clock that runs now, null when none does. response_mark, solution_mark: the highest rung of
    the ladder that each clock has climbed; rung_at: when one of them comes to the next, null if none will. why: reasons
    as codes and plain values, worded at the edges. address: where, as it was written, encrypted; place: the same up to
    the building, or the area's name, in clear for lists. search: words of the text and the place, and blind words of
    what comes after the building.
    Holds what the reporter wrote, kept ten years.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "title": _REPORTED,
        "text": _REPORTED,
        "address": replace(_REPORTED, sealed_for="case.address", searched_in="search", search_words=door_words),
        "place": _REPORTED,
        "search": _REPORTED,
    }

    number = models.CharField(max_length=20)
    title = models.CharField(max_length=60)
    text = models.TextField()
    category = models.CharField(max_length=40)
    is_category_suggested = models.BooleanField(default=False)
    source = models.CharField(max_length=16)

    address = models.BinaryField(default=b"")
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    area = DistrictForeignKey("territory.Area", related_name="+")
    area_path = models.CharField(max_length=120, db_collation="C")
    place = models.CharField(max_length=120, default="")
    place_reason = models.CharField(max_length=20)
    boundary_number = models.IntegerField(default=0)
    compound = DistrictForeignKey("territory.Compound", null=True, related_name="+")

    state = models.CharField(max_length=16)
    state_before = models.CharField(max_length=16, default="")
    organisation = DistrictForeignKey("orgs.Organisation", null=True, related_name="+")
    post = DistrictForeignKey("people.Post", null=True, related_name="+")
    level = models.CharField(max_length=16)
    is_hole = models.BooleanField(default=False)

    score = models.SmallIntegerField()
    priority_level = models.SmallIntegerField()
    priority_parts = models.JSONField(default=list)
    is_overridden = models.BooleanField(default=False)
    why = models.JSONField(default=list)
    rulebooks = models.JSONField(default=dict)

    reported_at = models.DateTimeField()
    response_due_at = models.DateTimeField()
    solution_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    amber_at = models.DateTimeField(null=True)
    response_mark = models.SmallIntegerField(default=0)
    solution_mark = models.SmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True)
    calendar_number = models.IntegerField()
    responded_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)

    times_returned = models.SmallIntegerField(default=0)
    answerable_organisation = DistrictForeignKey("orgs.Organisation", null=True, related_name="+")
    answerable_post = DistrictForeignKey("people.Post", null=True, related_name="+")

    reporters = models.SmallIntegerField(default=1)
    times_reopened = models.SmallIntegerField(default=0)
    is_sampled = models.BooleanField(default=False)
    opened_by = models.UUIDField(null=True)
    version = models.IntegerField(default=1)
    search = SearchVectorField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "number"], name="case_number"),
            models.CheckConstraint(condition=models.Q(score__gte=0, score__lte=100), name="case_score"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("reported_at")),
                name="case_closed_after_report",
            ),
            models.CheckConstraint(
                condition=models.Q(lng__isnull=True, lat__isnull=True)
                | models.Q(lng__gte=-180, lng__lte=180, lat__gte=-90, lat__lte=90),
                name="case_point",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "-id"], name="case_newest"),
            models.Index(fields=["district", "-id"], name="case_open_newest", condition=_IS_OPEN),
            models.Index(fields=["district", "-id"], name="case_closed_newest", condition=_IS_CLOSED),
            models.Index(fields=["district", "-score", "-id"], name="case_open_priority", condition=_IS_OPEN),
            models.Index(fields=["district", "-reported_at", "-id"], name="case_reported"),
            # What the boards count by day: all they ask of a row lies in these.
            models.Index(
                fields=["district", "reported_at"],
                include=["area_path", "organisation", "category", "state", "source"],
                name="case_reported_by_day",
            ),
            models.Index(
                fields=["district", "closed_at"],
                include=["reported_at", "state", "area_path", "organisation", "source"],
                name="case_closed_by_day",
                condition=_IS_CLOSED,
            ),
            models.Index(
                fields=["district", "responded_at"],
                include=["response_due_at", "area_path", "organisation", "source"],
                name="case_answered_late",
                condition=models.Q(responded_at__gt=models.F("response_due_at")),
            ),
            models.Index(
                fields=["district", "solved_at"],
                include=["solution_due_at", "responded_at", "area_path", "organisation", "source"],
                name="case_solved_late",
                condition=models.Q(solved_at__gt=models.F("solution_due_at")),
            ),
            models.Index(
                fields=["district", "solution_due_at"],
                include=["solved_at", "area_path", "organisation", "category", "state", "source"],
                name="case_promised_by_day",
            ),
            models.Index(fields=["district", "state", "-id"], name="case_state"),
            models.Index(fields=["district", "category", "-id"], name="case_category"),
            models.Index(fields=["district", "-score", "-id"], name="case_priority"),
            models.Index(
                fields=["district", "due_at", "-id"], name="case_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(
                fields=["district", "amber_at"],
                name="case_amber",
                condition=models.Q(closed_at__isnull=True, amber_at__isnull=False),
            ),
            models.Index(
                fields=["district", "rung_at", "id"], name="case_rung", condition=models.Q(rung_at__isnull=False)
            ),
            models.Index(fields=["district", "area_path", "-id"], name="case_area"),
            models.Index(fields=["district", "organisation", "-id"], name="case_organisation"),
            models.Index(
                fields=["district", "area_path"],
                include=["due_at", "amber_at", "source"],
                name="case_open_by_area",
                condition=_IS_OPEN,
            ),
            models.Index(fields=["district", "organisation", "post"], name="case_open_holder", condition=_IS_OPEN),
            models.Index(
                fields=["district", "answerable_organisation"],
                name="case_answerable",
                condition=models.Q(answerable_organisation__isnull=False),
            ),
            models.Index(fields=["district", "category", "lng", "lat"], name="case_open_point", condition=_IS_OPEN),
            models.Index(
                fields=["district", "opened_by", "-id"],
                name="case_opened_by",
                condition=models.Q(opened_by__isnull=False),
            ),
            # No two scans with a condition in common are joined: as an expression, the district is in this one alone.
            GinIndex(Lower("district"), "search", name="case_words"),
        ]
