"""What helps while a case is written down: places by name, what the words speak for, open cases alike nearby."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from linli.cases.actions.opening import Point
from linli.cases.calc.categories import Category, suggest
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.nearby import SimilarCase, list_similar
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.web.desk.asking import read_uuids
from linli.edges.web.desk.lines import CaseLine, case_lines
from linli.edges.words.cases import say_state
from linli.kernel.errors import LinliError
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import locate
from linli.registry.territory.queries.searching import FoundPlace, search_places

LONGEST_WORDS = 60
_PARTS = 4


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place as a button: value carries it back to the form, words name it."""

    name: str
    area: str
    value: str


@dataclass(frozen=True, slots=True)
class AlikeCase:
    """An open case nearby. line: None where it is beyond the viewer's reach; then title is its category alone."""

    id: UUID
    title: str
    state_text: str
    distance_m: int
    line: CaseLine | None


def find_places(viewer: Viewer, text: str, at: datetime) -> list[PlaceChoice]:
    """Find compounds and buildings in the areas that the viewer's posts serve. At most 4 queries."""
    posts = viewer.posts_with(Verb.REPORT)
    serves_all = any(post.organisation_ids for post in posts)
    within = [viewer.district_id] if serves_all else [post.area_path for post in posts]
    found = search_places(text[:LONGEST_WORDS], district_id=viewer.district_id, within=within, at=at)
    return [PlaceChoice(place.name, " · ".join(place.area_names), _written(place)) for place in found]


def take_place(sent: QueryDict) -> None:
    """Fill a chosen place into the form: its pin, or its area where nobody drew it; and its name as the address."""
    parts = sent.get("place", "").split("|", _PARTS - 1)
    if len(parts) != _PARTS:
        return
    lng, lat, area, name = parts
    sent["lng"], sent["lat"], sent["crs"] = lng, lat, "GCJ-02"
    sent["area"] = "" if lng else area
    sent["address"] = sent["place_q"] = sent["place_found"] = name


def read_point(sent: QueryDict) -> Point | None:
    """Read the pin; an area that was chosen by hand goes before it."""
    if sent.get("area"):
        return None
    try:
        return Point(float(sent.get("lng", "")), float(sent.get("lat", "")), sent.get("crs", "") or "GCJ-02")
    except ValueError:
        return None


def suggested_category(viewer: Viewer, sent: QueryDict) -> Category | None:
    """Tell what the words speak for. At most 2 queries."""
    text = sent.get("text", "")
    return suggest(text, current_rulebooks(viewer.district_id).categories.values()) if text else None


def list_alike(viewer: Viewer, sent: QueryDict, at: datetime) -> list[AlikeCase]:
    """List open cases of the kind near the pin: whole lines of those within reach, of others their kind alone.

    At most 6 queries; none without a pin and a kind.
    """
    kinds = current_rulebooks(viewer.district_id).categories
    suggested = suggest(sent.get("text", ""), kinds.values())
    kind = kinds.get(sent.get("category", "")) or suggested
    point = read_point(sent)
    if kind is None or point is None:
        return []
    near = _near(viewer, kind.code, sent.get("text", ""), point, at)
    lines = _lines_of(viewer, near, {code: each.name for code, each in kinds.items()}, at)
    return [
        AlikeCase(case.id, lines[case.id].title if case.id in lines else kind.name, str(say_state(case.state)),
                  case.distance_m, lines.get(case.id))
        for case in near
    ]  # fmt: skip


def unseen(alike: Sequence[AlikeCase], sent: QueryDict) -> bool:
    """Whether one of them was not on the page when it was sent."""
    return bool({case.id for case in alike} - set(read_uuids(sent.getlist("seen"))))


def _near(viewer: Viewer, category: str, text: str, point: Point, at: datetime) -> list[SimilarCase]:
    try:
        located = locate(lng=point.lng, lat=point.lat, crs=point.crs, at=at)
    except LinliError:
        return []  # no place on earth: sending says so
    if located.district_id != viewer.district_id or located.lng is None or located.lat is None:
        return []
    return list_similar(
        district_id=viewer.district_id, category=category, text=text, lng=located.lng, lat=located.lat, at=at
    )


def _lines_of(viewer: Viewer, near: Sequence[SimilarCase], names: dict[str, str], at: datetime) -> dict[UUID, CaseLine]:
    if not near:
        return {}
    rows = list_cases(viewer=viewer, wanted=CaseFilter(ids=tuple(case.id for case in near)), at=at).rows
    return {line.id: line for line in case_lines(rows, categories=names, at=at)}


def _written(place: FoundPlace) -> str:
    lng, lat = ("", "") if place.lng is None or place.lat is None else (f"{place.lng:.6f}", f"{place.lat:.6f}")
    return f"{lng}|{lat}|{place.area_code}|{place.name}"
