"""A change of the tree as it may be taken back: what it did to which areas, and what of the territory stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from linli.kernel.errors import Conflict, NotFound
from linli.registry.territory.choices import ChangeKind, ChangePart
from linli.registry.territory.models import Area, AreaChange, BoundaryVersion, Building, Compound


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands on a change, so that it can't be taken back: a code that begins with change_has_, and how many."""

    code: str
    n: int
    name: str = ""

    def as_error(self) -> Conflict:
        """Give the refusal."""
        return Conflict(self.code, field="change", params={"n": self.n, "name": self.name})


@dataclass(frozen=True, slots=True)
class ChangedArea:
    """What a change did to one area; as in AreaChange. successor: who has the ground of one that ended."""

    id: UUID
    code: str
    name: str
    path: str
    part: ChangePart
    successor: UUID | None
    name_before: str
    ended_before: date | None
    went: Mapping[str, Any]
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class MadeChange:
    """A change of the tree. number: of the boundary version that it made, 0 for none; newest_row: its last row's id."""

    id: UUID
    district_id: str
    kind: ChangeKind
    on: date
    made_at: datetime
    reason: str
    number: int
    newest_row: UUID
    is_taken_back: bool
    areas: tuple[ChangedArea, ...]

    def of(self, *parts: ChangePart) -> list[ChangedArea]:
        """List the areas of which that became."""
        return [area for area in self.areas if area.part in parts]

    def require_time(self, at: datetime) -> None:
        """Raise Conflict unless it is still time: before it counts, or on the day that it was saved and counts.

        Codes: change_taken_back, change_counts.
        """
        today = timezone.localdate(at)
        if self.is_taken_back:
            raise Conflict("change_taken_back", field="change")
        is_of_today = self.on == today == timezone.localdate(self.made_at)
        if self.on <= today and not is_of_today:
            raise Conflict("change_counts", field="change")


def read_change(*, district_id: str, change_id: UUID) -> MadeChange:
    """Read a change of a district's tree. 1 query. Raises NotFound (no_such_change), so for one that takes one back."""
    later = AreaChange.objects.filter(district_id=district_id, undoes=OuterRef("change"))
    found = AreaChange.objects.filter(district_id=district_id, change=change_id, undoes=None)
    columns = ("area_id", "area__code", "area__name", "area__path", "part", "successor_id", "name_before",
               "ended_before", "went", "boundary_number")  # fmt: skip
    rows = list(
        found.annotate(gone=Exists(later)).order_by("id")
        .values_list(*columns, "id", "kind", "valid_on", "made_at", "reason", "gone")
    )  # fmt: skip
    if not rows:
        raise NotFound("no_such_change", field="change")
    areas = tuple(
        ChangedArea(row[0], row[1], row[2], row[3], ChangePart(row[4]), row[5], row[6], row[7], row[8], row[9] > 0)
        for row in rows
    )
    newest_row, kind, on, made_at, reason, gone = rows[-1][10:]
    number = max(row[9] for row in rows)
    return MadeChange(
        change_id, district_id, ChangeKind(kind), on, made_at, reason, number, newest_row, gone, areas
    )  # fmt: skip


def stands_of_territory(change: MadeChange) -> list[Stand]:
    """List what of the territory stands on a change: later changes and boundaries, areas and houses put into new ones.

    At most 5 queries.
    """
    found = []
    later = _later(change).order_by("-id").values_list("area__name", flat=True).first()
    if later is not None:
        found.append(Stand("change_has_later", 1, later))
    elif change.number and _loaded_since(change):
        found.append(Stand("change_has_boundaries", 1))
    begun = [area.id for area in change.of(ChangePart.BEGUN)]
    below = Area.objects.filter(district_id=change.district_id, parent_id__in=begun).exclude(id__in=begun).count()
    if below:
        found.append(Stand("change_has_areas", below))
    if change.kind is ChangeKind.ADD:
        houses = Building.objects.filter(district_id=change.district_id, subgrid_id__in=begun).count()
        houses += Compound.objects.filter(district_id=change.district_id, area_id__in=begun).count()
        if houses:
            found.append(Stand("change_has_houses", houses))
    return found


def _live(district_id: str) -> QuerySet[AreaChange]:
    """Give the rows of changes that count: neither taken back nor taking back."""
    undone = AreaChange.objects.filter(district_id=district_id, undoes=OuterRef("change"))
    return AreaChange.objects.filter(~Exists(undone), district_id=district_id, undoes=None)


def _later(change: MadeChange) -> QuerySet[AreaChange]:
    """Give later rows that build on it. A name stands apart from all else; drawings go back one after the other."""
    newer = _live(change.district_id).filter(id__gt=change.newest_row)
    areas = [area.id for area in change.areas]
    if change.kind is ChangeKind.RENAME:
        return newer.filter(area_id__in=areas, kind=ChangeKind.RENAME.value)
    same = Q(area_id__in=areas) | Q(successor_id__in=areas)
    if change.number:
        same |= Q(boundary_number__gt=0)
    return newer.filter(same).exclude(kind=ChangeKind.RENAME.value)


def _loaded_since(change: MadeChange) -> bool:
    """Tell whether boundaries were drawn since by something else than a change of the tree."""
    of_changes = AreaChange.objects.filter(district_id=change.district_id, boundary_number__gt=change.number)
    known = set(of_changes.values_list("boundary_number", flat=True))
    since = BoundaryVersion.objects.filter(district_id=change.district_id, number__gt=change.number)
    return not set(since.values_list("number", flat=True)) <= known
