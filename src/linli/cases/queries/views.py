"""Reading the views that a person keeps."""

from dataclasses import dataclass
from uuid import UUID

from linli.cases.models import MOST_VIEWS, SavedView
from linli.cases.queries.lists import CaseFilter
from linli.cases.rules import own_views
from linli.registry.people.rules import Viewer

__all__ = ["MOST_VIEWS", "KeptView", "list_views"]


@dataclass(frozen=True, slots=True)
class KeptView:
    """A saved view. wanted: its box, filters and order."""

    id: UUID
    name: str
    wanted: CaseFilter


def list_views(*, viewer: Viewer) -> list[KeptView]:
    """List the viewer's own views in their order, those of all lists. 1 query."""
    return [_kept(row) for row in SavedView.objects.filter(own_views(viewer)).order_by("rank")]


def _kept(row: SavedView) -> KeptView:
    wanted = CaseFilter(
        box=row.box, states=tuple(row.states), category=row.category, area_path=row.area_path, light=row.light,
        q=row.q, sort=row.sort,
    )  # fmt: skip
    return KeptView(row.id, row.name, wanted)
