"""The table of saved views: filters of a list that somebody keeps under a name."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, Whose

MOST_VIEWS = 12
_KEPT = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("finding one's own work again"),
    legal_basis=LegalBasis.CONTRACT,
    retention_days=None,
)


class SavedView(DistrictModel):
    """Filters of one list, kept by one person as a tab; no right: what it shows is filtered anew each time.

    Seen and changed by its owner alone. rank: 1 to 12 over all of a person's views, so that the database holds how
    many there may be; 0 only while two change places. The filters are those of `queries.lists.CaseFilter`. Name and
    search words are what the person typed, kept as long as the view.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {"name": _KEPT, "q": _KEPT}

    person = DistrictForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    box = models.CharField(max_length=16, default="")
    name = models.CharField(max_length=12)
    rank = models.SmallIntegerField()
    states = models.JSONField(default=list)
    category = models.CharField(max_length=40, default="")
    area_path = models.CharField(max_length=120, default="")
    light = models.CharField(max_length=8, default="")
    q = models.CharField(max_length=100, default="")
    sort = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "person", "rank"], name="view_rank_once"),
            models.UniqueConstraint(fields=["district", "person", "box", "name"], name="view_name_once"),
            models.CheckConstraint(condition=models.Q(rank__gte=0, rank__lte=MOST_VIEWS), name="view_rank"),
            models.CheckConstraint(condition=~models.Q(name=""), name="view_named"),
        ]
