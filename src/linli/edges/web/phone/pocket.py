"""What a phone keeps: its holder's own grids with their open cases, for a set time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.cases.calc.categories import Category, offered
from linli.cases.calc.workflow import Transition
from linli.cases.queries.pocket import PocketCase, read_pocket
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.lines import say_area
from linli.edges.web.phone.access import answers_phone
from linli.edges.words.cases import STATES, say_light, say_verb
from linli.programmes.visits.choices import TargetKind
from linli.programmes.visits.queries.campaigns import list_campaigns
from linli.programmes.visits.queries.targets import list_targets
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere, own_grids
from linli.registry.territory.queries import AreaRow, BuildingRow, area_chains, areas_geojson, list_buildings_of_area

_MOST_GRIDS = 6  # whoever looks after more works at a desk


@never_cache
@require_GET
@answers_phone
def pocket_json(request: ViewerRequest) -> HttpResponse:
    """Give the phone what it may keep. At most 8 queries, 4 a grid and 2 for visits that run; however many cases."""
    viewer, at = request.viewer, timezone.now()
    books = current_rulebooks(viewer.district_id)
    grids = own_grids(viewer)[:_MOST_GRIDS]
    pocket = read_pocket(viewer=viewer, area_paths=grids, at=at)
    chains = area_chains({*grids, *(case.area_path for case in pocket.cases)}, at=at)
    post = viewer.posts[0] if viewer.posts else None
    return JsonResponse({
        "now": int(at.timestamp() * 1000), "csrf": get_token(request),
        "person": str(viewer.person_id), "name": viewer.name, "post": post.role_name if post else "",
        "keep_h": settings.PHONE_KEEP_H, "unsent_days": settings.PHONE_UNSENT_DAYS,
        "may_report": bool(may_somewhere(viewer, Verb.REPORT)),
        "grids": [_grid(path, chains.get(path, ()), areas_geojson(path, levels=["grid", "subgrid"], at=at))
                  for path in grids],
        "buildings": [_building(row) for path in grids for row in list_buildings_of_area(path)],
        "categories": [_category(kind) for kind in offered(books.categories.values())],
        "states": {code: str(words) for code, words in STATES.items()},
        "moves": [_move(row) for row in pocket.moves],
        "cases": [_case(case, chains.get(case.area_path, ()), books.categories) for case in pocket.cases],
        "has_more": pocket.has_more,
        "visits": _visits(viewer, grids, at),
    })  # fmt: skip


def _visits(viewer: Viewer, grids: Sequence[str], at: datetime) -> list[dict[str, Any]]:
    """List what there is to visit in the own grids: buildings and organisations, no door and nobody's name."""
    running = [each for each in list_campaigns(viewer=viewer, on=timezone.localdate(at)) if each.is_running and grids]
    return [
        {"id": str(row.id), "campaign": campaign.name, "set": row.set_name, "name": row.name, "doors": row.doors,
         "visited": row.visited, "has_doors": row.kind == TargetKind.DOORS}
        for campaign in running
        for row in list_targets(viewer=viewer, campaign=campaign, area_paths=grids) if row.may_visit
    ]  # fmt: skip


def _grid(path: str, chain: Sequence[AreaRow], drawn: Mapping[str, Any]) -> dict[str, Any]:
    shapes = [feature["geometry"] for feature in drawn["features"]]
    return {"path": path, "code": path.rpartition("/")[2], "name": say_area(chain), "shapes": shapes,
            "is_schematic": drawn["is_schematic"]}  # fmt: skip


def _building(row: BuildingRow) -> dict[str, Any]:
    return {"code": row.code, "name": f"{row.compound_name}{row.name}", "lng": row.lng, "lat": row.lat}


def _category(kind: Category) -> dict[str, Any]:
    return {"code": kind.code, "name": kind.name, "group": kind.group}


def _move(row: Transition) -> dict[str, str]:
    return {"state": row.state, "action": row.action, "label": say_verb(row.action), "next": row.next_state}


def _case(case: PocketCase, chain: Sequence[AreaRow], categories: Mapping[str, Category]) -> dict[str, Any]:
    kind = categories.get(case.category)
    evidence = kind.evidence if kind else ()
    return {
        "id": str(case.id), "number": case.number, "title": case.title, "text": case.text,
        "category": kind.name if kind else case.category, "state": case.state, "light": case.light,
        "light_text": say_light(case.light), "due_at": case.due_at.isoformat() if case.due_at else "",
        "area": say_area(chain), "place": case.place, "address": case.address, "lng": case.lng, "lat": case.lat,
        "is_mine": case.is_mine, "actions": [*case.actions], "needs": [*evidence],
    }  # fmt: skip
