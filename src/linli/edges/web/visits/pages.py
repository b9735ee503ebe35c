"""Campaigns: which there are, how far each is by area, and what it found, the most pressing on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases.queries.ranked import RankedCase, list_ranked
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.lines import CaseLine, case_lines, say_area
from linli.edges.web.desk.registers import download
from linli.edges.web.desk.telling import tells_errors
from linli.edges.web.visits.planning import visiting_roles
from linli.edges.words.cases import say_part, say_part_reason
from linli.edges.words.times import LOCAL, say_day
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.programmes.visits.queries.campaigns import (
    AreaTotals,
    CampaignRow,
    get_campaign,
    list_campaigns,
    list_finding_ids,
    list_totals,
)
from linli.programmes.visits.rules import may_plan, may_see_visits
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.registry.territory.queries import area_chains
from linli.support.documents.actions import write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind, RegisterFormat


@dataclass(frozen=True, slots=True)
class Share:
    """How far a set is somewhere, in words; is_reached: the coverage aimed at."""

    name: str
    percent: str
    done: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area with its shares; depth: how far to set it in."""

    name: str
    url: str
    depth: int
    shares: tuple[Share, ...]
    findings: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A case that a visit found, and the parts of its score."""

    line: CaseLine
    why: tuple[str, ...]


@require_GET
@staff_only
@tells_errors
def show_campaigns(request: ViewerRequest) -> HttpResponse:
    """List the campaigns that concern the viewer."""
    viewer, at = request.viewer, timezone.now()
    may_see_visits(viewer).require()
    today = timezone.localdate(at)
    rows = list_campaigns(viewer=viewer, on=today)
    chains = area_chains({row.area_path for row in rows}, at=at)
    lines = [
        {"name": row.name, "url": reverse("visits_campaign", args=[row.id]), "area": say_area(chains[row.area_path]),
         "days": _days(row, at), "is_running": row.is_running,
         "sets": "、".join(each.name for each in row.sets)}
        for row in rows
    ]  # fmt: skip
    return render(request, "web/visits/campaigns.html", {"lines": lines, "may_plan": _may_plan_somewhere(viewer)})


@require_GET
@staff_only
@tells_errors
def show_campaign(request: ViewerRequest, campaign_id: UUID) -> HttpResponse:
    """Show how far a campaign is, area by area, and what it found."""
    viewer, at = request.viewer, timezone.now()
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=timezone.localdate(at))
    totals = list_totals(viewer=viewer, campaign=campaign)
    ids = list_finding_ids(viewer=viewer, campaign=campaign)
    found = list_ranked(viewer=viewer, ids=ids, at=at)
    context = {
        "campaign": campaign, "days": _days(campaign, at), "lines": _lines(campaign, totals, at),
        "findings": _findings(viewer, found, at), "open_count": sum(each.row.closed_at is None for each in found),
        "found_count": len(ids),
        "places_url": reverse("visits_places", args=[campaign.id]),
        "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
        "roles": visiting_roles() if campaign.may_change else [],
    }  # fmt: skip
    return render(request, "web/visits/campaign.html", context)


@require_POST
@staff_only
@tells_errors
def export_totals(request: ViewerRequest, campaign_id: UUID) -> HttpResponseBase:
    """Write the totals out as Excel, after a line in the audit log."""
    viewer, at = request.viewer, timezone.now()
    may_somewhere(viewer, Verb.EXPORT).require()
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=timezone.localdate(at))
    lines = _lines(campaign, list_totals(viewer=viewer, campaign=campaign), at)
    columns = [Column("area", _("Area"), 30)]
    for number, each in enumerate(campaign.sets):
        columns += [Column(f"done_{number}", f"{each.name} {_('visited / to visit')}", 24),
                    Column(f"percent_{number}", f"{each.name} %", 12)]  # fmt: skip
    columns.append(Column("findings", _("Became cases"), 12, ColumnKind.NUMBER))
    rows = [
        [line.name, *(text for share in line.shares for text in (share.done, share.percent)), line.findings]
        for line in lines
    ]
    notes = [_("Demo data: people and cases are made up.")] if settings.IS_DEMO else []
    notes.append(_("Areas stand in the order of their codes; nobody is ranked by visits."))
    blocks = write_register(columns=tuple(columns), rows=iter(rows), file_format=RegisterFormat.XLSX,
                            title=campaign.name, notes="\n".join(notes), at=at)  # fmt: skip
    write_line(district_id=viewer.district_id, kind=LineKind.EXPORTED, at=at, actor_id=viewer.person_id,
               object_kind="register", object_id="visits", source_ip=address_of(request),
               data={"format": "xlsx", "rows": len(rows)})  # fmt: skip
    return download(request, blocks, f"{campaign.name} {at.astimezone(LOCAL):%Y%m%d-%H%M}", RegisterFormat.XLSX)


def _may_plan_somewhere(viewer: Viewer) -> bool:
    return any(may_plan(viewer, area_path=path) for path in viewer.areas_with(Verb.DISPATCH))


def _days(row: CampaignRow, at: datetime) -> str:
    today = timezone.localdate(at)
    return f"{say_day(row.begins_on, today)} – {say_day(row.ends_on, today)}"


def _lines(campaign: CampaignRow, totals: Sequence[AreaTotals], at: datetime) -> list[AreaLine]:
    chains = area_chains({row.path for row in totals}, at=at)
    top = campaign.area_path.count("/") + 1
    places = reverse("visits_places", args=[campaign.id])
    return [
        AreaLine(
            name=chains[row.path][-1].name if chains.get(row.path) else row.path.rpartition("/")[2],
            url=f"{places}?area={row.path.rpartition('/')[2]}", depth=row.depth - top,
            shares=tuple(_share(campaign, row, number) for number in range(len(campaign.sets))),
            findings=row.findings,
        )
        for row in totals
    ]  # fmt: skip


def _share(campaign: CampaignRow, row: AreaTotals, number: int) -> Share:
    wanted = campaign.sets[number]
    covered = row.covered.get(wanted.id)
    if covered is None or covered.percent is None:
        return Share(wanted.name, "–", "", is_reached=True)
    return Share(wanted.name, f"{covered.percent}%", f"{covered.visited}/{covered.doors}",
                 is_reached=covered.percent >= wanted.goal_percent)  # fmt: skip


def _findings(viewer: Viewer, found: Sequence[RankedCase], at: datetime) -> list[Finding]:
    names = {code: kind.name for code, kind in current_rulebooks(viewer.district_id).categories.items()}
    lines = {line.id: line for line in case_lines([each.row for each in found], categories=names, at=at)}
    return [
        Finding(
            lines[each.row.id],
            (_("set by hand"),) if each.is_overridden else tuple(
                _("%(name)s %(points)d: %(why)s") % {
                    "name": say_part(part["name"]), "points": part["points"],
                    "why": say_part_reason(part["reason"], part["detail"]),
                }
                for part in each.parts if part["points"]
            ),
        )
        for each in found
    ]  # fmt: skip
