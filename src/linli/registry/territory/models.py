"""The tables of the territory: districts and levels, areas, boundaries by version, compounds, buildings."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, PersonalData, ReferenceModel
from linli.kernel.ids import new_id
from linli.registry.territory.choices import ChangeKind, ChangePart, CompoundKind, Crs

NO_PERSONAL_DATA: dict[str, PersonalData] = {}
_ON_THE_GLOBE = Q(lng__gte=-180, lng__lte=180, lat__gte=-90, lat__lte=90)


class District(ReferenceModel):
    """A district or county of this installation: the unit of isolation. Its place in the tree is an Area of its own.

    code: GB/T 2260. is_served: people here look after it; another may be drawn beside it. Everybody may see it.
    """

    personal_data = NO_PERSONAL_DATA

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=40)
    is_demo = models.BooleanField(default=False)
    is_served = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="district_code_digits"),
        ]


class AreaLevel(ReferenceModel):
    """A level of the tree: data, so that a city may have its own. depth: 1 for the district. Everybody may see it."""

    personal_data = NO_PERSONAL_DATA

    code = models.CharField(max_length=16, primary_key=True)
    depth = models.PositiveSmallIntegerField(unique=True)
    code_digits = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40)


class TerritoryState(DistrictModel):
    """One row a district, whose revision changes with anything in this room; nothing to be shown to anybody.

    Processes compare it with what they hold in memory; writers lock it, so that two never draw at once. The revision
    is made anew each time and not counted up: a number taken back by a rollback would be given out twice.
    """

    personal_data = NO_PERSONAL_DATA

    revision = models.UUIDField(default=new_id)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district"], name="territory_state_district"),
        ]


class Area(DistrictModel):
    """A node of the tree of areas; not a compound and not a building. Never deleted: it ends.

    One that was planned and taken back never was: its last day is the one before its first. Its code is free again,
    and who gets that code gets this row.

    path: codes from the district down, joined by "/"; its collation lets the unique key serve prefixes as well.
    kind: the statistical list's word (社区, 村) or "". is_pseudo: in that list, but no area that anybody looks after.
    pinyin_key: sorts and finds names without ICU; may be "". Everybody may see it.
    """

    personal_data = NO_PERSONAL_DATA

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    level = models.ForeignKey(AreaLevel, on_delete=models.PROTECT, related_name="+")
    parent = DistrictForeignKey("self", null=True, related_name="children")
    path = models.CharField(max_length=120, db_collation="C")
    kind = models.CharField(max_length=16, default="")
    is_pseudo = models.BooleanField(default=False)
    pinyin_key = models.CharField(max_length=160, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "code"], name="area_code"),
            models.UniqueConstraint(fields=["district", "path"], name="area_path"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]+$"), name="area_code_digits"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on") - timedelta(days=1)), name="area_term"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["district", "parent"], name="area_parent")]


class BoundaryVersion(DistrictModel):
    """One edition of all boundaries of a district: what it draws itself, and whatever older ones drew and it left.

    number: 1, 2, 3 ...; valid_from never goes back as numbers grow, save that one which takes a planned one back counts
    before it: so that one is never in force. made_by: a person's id, null for a load.
    Never changed: cases name the version they were routed by. Everybody signed in may see it.
    """

    is_append_only = True
    personal_data = NO_PERSONAL_DATA

    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "number"], name="boundary_version_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="boundary_version_from_one"),
        ]


class Boundary(DistrictModel):
    """An area's polygon from a version on, until a later version draws the same area again.

    geometry: GeoJSON Polygon or MultiPolygon, longitude first, as it came, in the system that crs names; null where
    the version withdraws the area's boundary. is_schematic: a drawing and not the line in force. Everybody may see it.
    """

    is_append_only = True
    personal_data = NO_PERSONAL_DATA

    area = DistrictForeignKey(Area, related_name="boundaries")
    version = DistrictForeignKey(BoundaryVersion, related_name="boundaries")
    geometry = models.JSONField(null=True)
    crs = models.CharField(max_length=8)
    is_schematic = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "area", "version"], name="boundary_area_version"),
            models.CheckConstraint(condition=Q(crs__in=[crs.value for crs in Crs]), name="boundary_crs"),
        ]


class AreaChange(DistrictModel):
    """What a change of the tree did to one area: the history of areas; a change writes a row for each that it touches.

    change: the same for all its rows. successor: who has the ground of one that ended. boundary_number: the version
    it drew, 0 for none. made_by: a person's id, null for a load. ended_before, went: what taking it back needs: the
    last day that one which ended had, and the ids of its buildings and compounds that went to who has its ground.
    undoes: the change that this one takes back, once. Never changed. Everybody signed in may see it.
    """

    is_append_only = True
    personal_data = NO_PERSONAL_DATA

    change = models.UUIDField()
    area = DistrictForeignKey(Area, related_name="changes")
    kind = models.CharField(max_length=8)
    part = models.CharField(max_length=8)
    successor = DistrictForeignKey(Area, null=True, related_name="+")
    name_before = models.CharField(max_length=80, default="")
    valid_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200)
    boundary_number = models.PositiveIntegerField(default=0)
    ended_before = models.DateField(null=True)
    went = models.JSONField(default=dict)
    undoes = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "change", "area"], name="area_change_once"),
            models.UniqueConstraint(
                fields=["district", "undoes", "area"], condition=Q(undoes__isnull=False), name="area_change_undone_once"
            ),
            models.CheckConstraint(
                condition=Q(undoes__isnull=False, part=ChangePart.UNDONE.value)
                | (Q(undoes__isnull=True) & ~Q(part=ChangePart.UNDONE.value)),
                name="area_change_undoes",
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in ChangeKind]), name="area_change_kind"),
            models.CheckConstraint(condition=Q(part__in=[part.value for part in ChangePart]), name="area_change_part"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(part__in=[ChangePart.ENDED.value, ChangePart.MOVED.value]),
                name="area_change_successor",
            ),
            models.CheckConstraint(
                condition=~Q(part=ChangePart.RENAMED.value) | ~Q(name_before=""), name="area_change_name_before"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["district", "area"], name="area_change_area")]


class Compound(DistrictModel):
    """A housing estate, open yard or single building under one management: beside the grids, not above or below them.

    area: the community it is counted in. parent: of a part of a larger estate. boundary: GeoJSON in the system that
    crs names, or null; not versioned, since nothing is routed by it. Everybody may see it.
    """

    personal_data = NO_PERSONAL_DATA

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16)
    area = DistrictForeignKey(Area, related_name="compounds")
    parent = DistrictForeignKey("self", null=True, related_name="parts")
    boundary = models.JSONField(null=True)
    crs = models.CharField(max_length=8)
    households = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "code"], name="compound_code"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in CompoundKind]), name="compound_kind"),
            models.CheckConstraint(condition=Q(crs__in=[crs.value for crs in Crs]), name="compound_crs"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["district", "area"], name="compound_area")]


class Building(DistrictModel):
    """A building: a point in one subgrid and one compound; not the households in it.

    code: community and five digits. lng, lat: degrees in the system that crs names. households: how many, never who.
    Everybody may see it.
    """

    personal_data = NO_PERSONAL_DATA

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    subgrid = DistrictForeignKey(Area, related_name="buildings")
    compound = DistrictForeignKey(Compound, related_name="buildings")
    lng = models.FloatField()
    lat = models.FloatField()
    crs = models.CharField(max_length=8)
    households = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "code"], name="building_code"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{17}$"), name="building_code_digits"),
            models.CheckConstraint(condition=_ON_THE_GLOBE, name="building_on_the_globe"),
            models.CheckConstraint(condition=Q(crs__in=[crs.value for crs in Crs]), name="building_crs"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "subgrid"], name="building_subgrid"),
            models.Index(fields=["district", "compound"], name="building_compound"),
        ]
