"""Going from door to door: what there is to visit, writing a visit down, and making a case of a note."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.cases.calc.categories import offered
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.callers import caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.errors import LinliError
from linli.programmes.visits.actions.visiting import LONGEST_NOTE, Called, make_case, write_visit
from linli.programmes.visits.choices import TargetKind
from linli.programmes.visits.queries.campaigns import CampaignRow, get_campaign
from linli.programmes.visits.queries.targets import TargetRow, get_target, list_notes, list_targets
from linli.registry.territory.queries import get_area_by_code


@dataclass(frozen=True, slots=True)
class Group:
    """The targets of a set: where somebody is left to call on, and the others."""

    name: str
    left: tuple[TargetRow, ...]
    done: tuple[TargetRow, ...]


@require_GET
@staff_only
@tells_errors
def show_places(request: ViewerRequest, campaign_id: UUID) -> HttpResponse:
    """List what there is to visit, by set; area: a code, to look at one grid."""
    viewer, today = request.viewer, timezone.localdate()
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=today)
    area = get_area_by_code(request.GET["area"][:20]) if request.GET.get("area") else None
    rows = list_targets(
        viewer=viewer, campaign=campaign, area_paths=[area.path] if area else [], with_out=campaign.may_change
    )  # fmt: skip
    names = dict.fromkeys(row.set_name for row in rows)
    groups = [_group(name, [row for row in rows if row.set_name == name]) for name in names]
    context = {"campaign": campaign, "groups": groups, "area": area.name if area else ""}
    return render(request, "web/visits/places.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def call(request: ViewerRequest, campaign_id: UUID, target_id: UUID) -> HttpResponse:
    """Show a building or an organisation, and write a visit down."""
    viewer, at = request.viewer, timezone.now()
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=timezone.localdate(at))
    target = get_target(viewer=viewer, campaign=campaign, target_id=target_id)
    if request.method == "GET":
        return _show(request, campaign, target, at)
    try:
        _write(request, target, at)
    except LinliError as error:
        return _show(request, campaign, target, at, error=error)
    messages.success(request, _("Visit written down."))
    return HttpResponseRedirect(reverse("visits_target", args=[campaign_id, target_id]))


@require_POST
@staff_only
@tells_errors
def make_case_of_note(request: ViewerRequest, visit_id: UUID) -> HttpResponse:
    """Make a case of what a visit noted down, by one press."""
    case_id = make_case(visit_id=visit_id, category="", by=request.viewer, at=timezone.now())
    messages.success(request, _("It is a case now, and goes its way like any other."))
    return HttpResponseRedirect(reverse("desk_case", args=[case_id]))


def _group(name: str, rows: Sequence[TargetRow]) -> Group:
    done = [row for row in rows if row.is_out or row.visited >= row.doors]
    return Group(name, tuple(row for row in rows if row not in done), tuple(done))


def _write(request: ViewerRequest, target: TargetRow, at: datetime) -> None:
    sent = request.POST
    key = read_uuid(sent.get("key", "")) or uuid.uuid4()
    told = Called(
        key=key, target_id=target.id, done_at=at, door=sent.get("door", "")[:60], note=sent.get("note", ""),
        makes_case=sent.get("do") == "case", category=sent.get("category", "")[:40],
    )  # fmt: skip
    said = "\n".join([str(target.id), told.door, told.note, str(told.makes_case), told.category])
    write_visit(told=told, caller=caller_of(request, ""), body_hash=sha256(said.encode()).hexdigest(),
                by=request.viewer, at=at)  # fmt: skip


def _show(
    request: ViewerRequest, campaign: CampaignRow, target: TargetRow, at: datetime, *, error: LinliError | None = None
) -> HttpResponse:
    kinds = offered(current_rulebooks(request.viewer.district_id).categories.values())
    notes = [(note.id, say_moment(note.at, at), note.note) for note in list_notes(viewer=request.viewer, target=target)]
    context = {
        "campaign": campaign, "target": target, "notes": notes, "key": str(uuid.uuid4()),
        "is_door": target.kind == TargetKind.DOORS, "categories": [(kind.code, kind.name) for kind in kinds],
        "typed": request.POST, "longest_note": LONGEST_NOTE, "error": say_error(error) if error else "",
        "error_field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/visits/target.html", context, status=status_of(error) if error else 200)
