"""The tree of areas: an area with what is below it, and the forms that change the tree, with a look before saving."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from shapely.geometry import shape

from linli.cases.queries.area_changes import ChangeLook, look_at_area_change
from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.areas.drawing import Drawn, Picture, draw
from linli.edges.web.areas.operations import DRAWN, pick_parent, read_operation, read_text
from linli.edges.web.desk.asking import read_day
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.picking import Picked
from linli.edges.words.areas import DONE, HINTS, KINDS, PARTS, say_square
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_day
from linli.kernel.errors import InvalidInput, LinliError, NotFound
from linli.kernel.ids import new_id
from linli.registry.people.actions.areas import ChangeTerms, change_areas
from linli.registry.people.queries import names_of
from linli.registry.people.queries.areas import report_area
from linli.registry.people.queries.chart import get_chart
from linli.registry.people.rules import may_edit_areas
from linli.registry.territory.calc.drawn import write_drawing
from linli.registry.territory.calc.operations import Operation
from linli.registry.territory.calc.paths import COMMUNITY_DEPTH
from linli.registry.territory.choices import ChangeKind, ChangePart, Crs
from linli.registry.territory.queries import (
    AreaRow,
    ChangeRow,
    LevelCount,
    area_chain,
    children_of,
    count_households,
    get_area_by_code,
    list_area_changes,
    list_levels,
    search_areas,
)
from linli.registry.territory.queries.tree import Piece, ShapeRow, list_area_lines, planned_from, surroundings_of

_SHOWN_TOUCHED = 40
_SHOWN_POSTS = 12
# Changes by which areas end, with posts that could.
_ENDING = (ChangeKind.SPLIT, ChangeKind.MERGE, ChangeKind.MOVE, ChangeKind.CLOSE)
_LOOKS = {"parent": "ground", "sibling": "near", "self": "own", "child": "below"}


@dataclass(frozen=True, slots=True)
class Line:
    """What was done to an area, in words."""

    day: str
    done: str
    what: str
    by: str
    reason: str
    version: int
    is_taken_back: bool
    take_back: str


@require_GET
@staff_only
@tells_errors
def find_areas(request: ViewerRequest) -> HttpResponse:
    """Find areas by name, code or pinyin; without words, the district's own page."""
    viewer = request.viewer
    may_edit_areas(viewer).require()
    words = request.GET.get("q", "").strip()[:60]
    if not words:
        return HttpResponseRedirect(reverse("area", args=[viewer.district_id]))
    found = search_areas(words, within=[viewer.district_id], on=timezone.localdate(), limit=50)
    levels = {level.code: level.name_zh for level in list_levels()}
    context = {"q": words, "found": [(row, levels.get(row.level, "")) for row in found]}
    return render(request, "web/areas/areas_found.html", context)


@require_GET
@staff_only
@tells_errors
def show_area(request: ViewerRequest, code: str) -> HttpResponse:
    """Show an area on a day: counted by level, its map, what is right below, its posts, what was done to it."""
    viewer, at = request.viewer, timezone.now()
    today = timezone.localdate(at)
    on = read_day(request.GET.get("on", "")) or today
    report = report_area(viewer=viewer, area_code=code, on=on)
    area = report.area
    chart = get_chart(viewer=viewer, area_code=code, on=on)
    vacant = {row.area.code: row.vacant for row in chart.below}
    near = surroundings_of(area, on=on)
    buildings, households = count_households(area.path)
    context = {
        "area": area, "chain": area_chain(area.path, at=at)[:-1],
        "levels": [(_level_name(level.count), level) for level in report.levels],
        "buildings": buildings, "households": households,
        "lines": [(line, vacant.get(line.area.code, ())) for line in list_area_lines(area.path, on=on)],
        "posts": chart.top.posts[:_SHOWN_POSTS], "more_posts": max(0, len(chart.top.posts) - _SHOWN_POSTS),
        "vacant": chart.top.vacant, "picture": _picture_of(near), "is_schematic": any(row.is_schematic for row in near),
        "changes": _history(request, area, today), "term": _term(area, today), "is_over": not area.is_there(on),
        "acts": [(kind.value, KINDS[kind]) for kind in _kinds_for(area)] if area.is_there(today) else [],
        "on": on, "day": say_day(on, today), "is_today": on == today,
    }  # fmt: skip
    return render(request, "web/areas/area.html", context)


def _level_name(count: LevelCount) -> str:
    return count.name_en if get_language() == "en" else count.name_zh


@require_GET
@staff_only
@tells_errors
def area_shapes(request: ViewerRequest, code: str) -> HttpResponse:
    """Give an area with those beside, above and below it as GeoJSON in GCJ-02, for drawing."""
    area = _area(request, code)
    day = max(timezone.localdate(), planned_from(area.district_id) or date.min)
    features = [
        {"type": "Feature", "geometry": row.geometry,
         "properties": {"code": row.code, "name": row.name, "role": row.role}}
        for row in surroundings_of(area, on=day, is_planned=True)
    ]  # fmt: skip
    answer = {"type": "FeatureCollection", "features": features}
    return JsonResponse(answer, content_type="application/geo+json")


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def change_area(request: ViewerRequest, code: str, kind: str) -> HttpResponse:
    """Ask for a change; sent, look at what it would do; confirmed, carry it out once."""
    area = _area(request, code)
    if kind not in ChangeKind.__members__.values() or ChangeKind(kind) not in _kinds_for(area):
        raise NotFound("no_such_change")
    form = Form(request, area, ChangeKind(kind))
    return form.show() if request.method == "GET" else form.take()


class Form:
    """One change on its way: what was typed, what it would do, what is wrong with it."""

    def __init__(self, request: ViewerRequest, area: AreaRow, kind: ChangeKind) -> None:
        self._request, self._area, self._kind = request, area, kind
        self._at = timezone.now()
        self._today = timezone.localdate(self._at)
        # Before a day that boundaries are planned for already nothing can be changed any more.
        self._first = max(self._today, planned_from(area.district_id) or date.min)
        self._sent: QueryDict = request.POST
        self._text = ""
        self._parent = Picked("parent")
        self._look: ChangeLook | None = None
        self._error: LinliError | None = None

    def take(self) -> HttpResponse:
        """Look, or save; what cannot be saved is looked at with the reason why."""
        try:
            operation, terms = self._read(), self._terms()
            if self._sent.get("do") == "save":
                return self._saved(operation, terms)
            self._look_at(operation, terms)
        except LinliError as error:
            self._error = error
            return self.show(status_of(error))
        return self.show()

    def show(self, status: int = 200) -> HttpResponse:
        """Give the page."""
        return render(self._request, "web/areas/area_change.html", self._context(), status=status)

    def _read(self) -> Operation:
        self._text = read_text(self._sent, self._request.FILES)
        if self._kind is ChangeKind.MOVE:
            self._parent = pick_parent(self._sent, district_id=self._area.district_id, on=self._first)
            if not self._parent.value:
                raise InvalidInput("area_parent_missing", field="parent")
        return read_operation(self._kind, self._area.code, self._sent, self._text, self._parent)

    def _terms(self) -> ChangeTerms:
        on = read_day(self._sent.get("on", "")) or self._default_day()
        return ChangeTerms(on, self._sent.get("reason", ""), self._sent.get("accepts_gaps") == "on",
                           self._sent.get("ends_posts") == "on")  # fmt: skip

    def _saved(self, operation: Operation, terms: ChangeTerms) -> HttpResponse:
        try:
            changed = change_areas(
                operation=operation, terms=terms, by=self._request.viewer, key=self._sent.get("key", ""),
                source_ip=address_of(self._request), at=self._at,
            )  # fmt: skip
        except InvalidInput:
            self._look_at(operation, terms)
            raise
        words = _("Saved.")
        if changed.posts:
            words += ngettext("%(n)s post follows its area.", "%(n)s posts follow their areas.", changed.posts) % {
                "n": changed.posts
            }
        if changed.ended:
            words += ngettext("%(n)s post ends.", "%(n)s posts end.", changed.ended) % {"n": changed.ended}
        messages.success(self._request, words)
        return HttpResponseRedirect(reverse("area", args=[self._area.code]))

    def _look_at(self, operation: Operation, terms: ChangeTerms) -> None:
        self._look = look_at_area_change(viewer=self._request.viewer, operation=operation, on=terms.on)
        if self._kind is ChangeKind.SPLIT:
            self._keep_parts()

    def _keep_parts(self) -> None:
        """Write the two parts of a line down as polygons, so that their corners can be dragged before saving."""
        assert self._look is not None  # noqa: S101 - for the type
        drawn = {
            row.part: (row.code, shape(dict(row.geometry)))
            for row in self._look.people.areas.touched if row.geometry and not row.was_code
        }  # fmt: skip
        if {ChangePart.KEPT, ChangePart.BEGUN} <= drawn.keys():
            self._text = write_drawing([drawn[ChangePart.KEPT], ("", drawn[ChangePart.BEGUN][1])])

    def _context(self) -> dict[str, object]:
        sent, look = self._sent, self._look
        near = surroundings_of(self._area, on=self._first, is_planned=True)
        return {
            "area": self._area, "kind": self._kind.value, "title": KINDS[self._kind], "hint": HINTS[self._kind],
            "is_drawn_kind": self._kind in DRAWN, "drawing": self._text,
            "can_draw": any(row.role == "self" for row in near) or self._kind is ChangeKind.ADD,
            "name": sent.get("name", self._area.name if self._kind is ChangeKind.RENAME else ""),
            "new_code": sent.get("new_code", ""), "needs_code": self._area.depth <= COMMUNITY_DEPTH,
            "parent": self._parent if self._request.method == "POST" else Picked("parent"),
            "crs": sent.get("crs", Crs.GCJ_02.value) if not look else Crs.GCJ_02.value,
            "systems": [crs.value for crs in Crs],
            "on": sent.get("on", "") or self._default_day().isoformat(), "first": self._first.isoformat(),
            "planned": say_day(self._first, self._today) if self._first > self._today else "",
            "reason": sent.get("reason", ""), "accepts_gaps": sent.get("accepts_gaps") == "on",
            "ends_posts": sent.get("ends_posts") == "on", "can_end": self._kind in _ENDING,
            "key": str(new_id()),
            "carries": self._request.method == "GET" or sent.get("carries") == "on",
            "lifts": sent.get("lifts") == "on",
            "swap": sent.get("swap") == "on" and not look,
            "others": self._siblings(), "levels": self._levels(), "level": sent.get("level", ""),
            "error": say_error(self._error) if self._error else "",
            "error_field": self._error.field if self._error else "",
            "picture": _picture_of(near, look), "look": _say(look) if look else None,
            "shapes_url": reverse("area_shapes", args=[self._area.code]),
            "shown": _shown(look) if look else None,
        }  # fmt: skip

    def _default_day(self) -> date:
        return self._today if self._kind is ChangeKind.RENAME else self._first

    def _siblings(self) -> list[tuple[str, str, bool]]:
        if self._kind is not ChangeKind.MERGE:
            return []
        above = self._area.path.rpartition("/")[0]
        ticked = set(self._sent.getlist("others"))
        return [
            (row.code, row.name, row.code in ticked)
            for row in children_of(above, on=self._first)
            if row.code != self._area.code and row.level == self._area.level and not row.is_pseudo
        ]

    def _levels(self) -> list[tuple[str, str]]:
        if self._kind is not ChangeKind.ADD:
            return []
        return [(level.code, level.name_zh) for level in list_levels() if level.depth > self._area.depth]


def _kinds_for(area: AreaRow) -> tuple[ChangeKind, ...]:
    """List what can be done with an area of its level; the district only grows, is redrawn and renamed."""
    if area.depth == 1:
        return (ChangeKind.ADD, ChangeKind.REDRAW, ChangeKind.RENAME)
    return tuple(ChangeKind)


def _area(request: ViewerRequest, code: str) -> AreaRow:
    may_edit_areas(request.viewer).require()
    area = get_area_by_code(code)
    if area.district_id != request.viewer.district_id:
        raise NotFound("area_unknown", field="code")
    return area


def _history(request: ViewerRequest, area: AreaRow, today: date) -> list[Line]:
    rows = list_area_changes(district_id=area.district_id, area_id=area.id)
    people = [row.made_by for row in rows if row.made_by]
    names = names_of(district_id=request.viewer.district_id, person_ids=people) if people else {}
    first = {row.change: row for row in reversed(rows)}
    return [
        Line(
            say_day(row.valid_on, today), str(DONE[ChangeKind(row.kind)]), _what(row, area),
            names.get(row.made_by, "") if row.made_by else "", row.reason, row.boundary_number, row.is_taken_back,
            _take_back(row, today) if first[row.change] is row else "",
        )
        for row in rows
    ]  # fmt: skip


def _take_back(row: ChangeRow, today: date) -> str:
    return reverse("area_take_back", args=[row.change]) if row.can_be_taken_back(today) else ""


def _what(row: ChangeRow, area: AreaRow) -> str:
    if row.part == ChangePart.UNDONE:
        return str(PARTS[ChangePart.UNDONE])
    said = {"name": row.area_name, "code": row.area_code, "other": row.other_name, "other_code": row.other_code,
            "before": row.name_before}  # fmt: skip
    if row.part == ChangePart.RENAMED:
        return _("was called %(before)s") % said
    if row.area_id != area.id:
        return _("its ground was %(name)s (%(code)s)") % said
    if row.other_code:
        return _("its ground is %(other)s (%(other_code)s) now") % said
    return str(PARTS[ChangePart(row.part)])


def _term(area: AreaRow, today: date) -> str:
    if area.never_was:
        return _("taken back before it began")
    said = {"since": say_day(area.starts_on, today), "until": say_day(area.ends_on, today) if area.ends_on else ""}
    return _("%(since)s to %(until)s") % said if area.ends_on else _("since %(since)s") % said


def _picture_of(near: Iterable[ShapeRow], look: ChangeLook | None = None) -> Picture | None:
    """Draw the surroundings, or after a look what would be: neighbours, the parts, what overlaps and what is left."""
    if look is None:
        return draw(
            Drawn(row.geometry, _LOOKS[row.role], row.name)
            for row in near
        )  # fmt: skip
    areas = look.people.areas
    touched = {row.code for row in areas.touched}
    ground = [
        Drawn(row.geometry, _LOOKS[row.role] if row.role != "self" else "near", row.name)
        for row in near if row.code not in touched and row.role != "child"
    ]  # fmt: skip
    parts = [Drawn(row.geometry, f"part {row.part.value}", row.name) for row in areas.touched if row.geometry]
    wrong = [Drawn(row.piece.geometry, "overlap", row.name) for row in areas.overlaps]
    left = [Drawn(row.piece.geometry, "gap", row.name) for row in areas.gaps]
    return draw([*ground, *parts, *wrong, *left])


def _shown(look: ChangeLook) -> Mapping[str, object]:
    """Give overlaps and gaps to the script, as GeoJSON geometries."""
    areas = look.people.areas
    return {
        "overlaps": [row.piece.geometry for row in areas.overlaps], "gaps": [row.piece.geometry for row in areas.gaps],
    }  # fmt: skip


def _say(look: ChangeLook) -> Mapping[str, object]:
    areas, posts = look.people.areas, look.people.posts
    return {
        "touched": [
            (row.name, row.code, PARTS[row.part], row.successor_code or row.was_code,
             say_square(row.area_m2) if row.area_m2 is not None else "")
            for row in areas.touched[:_SHOWN_TOUCHED]
        ],
        "more_touched": max(0, len(areas.touched) - _SHOWN_TOUCHED),
        "faults": [say_error(InvalidInput(row.code, params={"area": row.area, "other": row.other}))
                   for row in areas.faults],
        "overlaps": [(row.name, row.other, say_square(row.piece.area_m2), _spot(row.piece)) for row in areas.overlaps],
        "gaps": [(row.name, say_square(row.piece.area_m2), _spot(row.piece)) for row in areas.gaps],
        "lifts": [(row.name, say_square(row.gained_m2) if row.gained_m2 else "",
                   say_square(row.lost_m2) if row.lost_m2 else "") for row in areas.lifts],
        "buildings": areas.buildings, "open_cases": look.open_cases, "elsewhere": look.elsewhere,
        "posts": posts.posts, "posts_total": posts.total, "going_on": posts.going_on,
        "responsible": posts.responsible, "can_be_made": areas.can_be_made,
    }  # fmt: skip


def _spot(piece: Piece) -> str:
    return f"{piece.lng:.5f}, {piece.lat:.5f}"
