"""The three rates: by area, organisation, category and in their course; each number leads to what it counts."""

from datetime import date, datetime

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme, effective_day
from linli.cases.choices import LeftOutKind, RatesBy
from linli.cases.queries.rate_table import RatesAsked, RateTable, get_rates, list_rate_rows
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_day
from linli.edges.web.desk.board import FIGURE_WORDS
from linli.edges.web.desk.lines import case_lines
from linli.edges.web.desk.menu import may_read_rules
from linli.edges.web.desk.rate_lines import (
    AGAINST,
    BY,
    COLUMNS,
    KINDS,
    Address,
    Group,
    apart,
    boxes,
    cells,
    groups,
    say_bounds,
    say_window,
    whole_line,
)
from linli.edges.web.desk.registers import download
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import METHODS, RATES, say_rate_formula, say_source
from linli.edges.words.times import LOCAL, say_moment
from linli.kernel.errors import InvalidInput
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.registry.territory.queries import area_chains
from linli.support.documents.actions import write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind, RegisterFormat

PAGE = 50
_LONG = 40  # lines from which on those with too few call-backs are folded away


@require_GET
@staff_only
@tells_errors
def show_rates(request: ViewerRequest) -> HttpResponse:
    """Show the table for a stretch, an area and what its lines are."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    asked = _asked(request.GET, viewer)
    table = get_rates(viewer=viewer, asked=asked, at=at)
    address, window, today = Address(asked), table.whole.window, at.astimezone(LOCAL).date()
    found, heading = _groups(table, address, today, at)
    found, few = apart(found) if len(table.lines) > _LONG else (found, [])
    context = {
        "heading": heading, "table": table, "boxes": boxes(table, address), "groups": found,
        "few": few, "few_count": sum(len(group.lines) for group in few),
        "window": say_window(window, today), "bounds": say_bounds(table), "by_words": BY[asked.by],
        "kinds": [
            (words, address.page(kind=kind, first=_day_in(window, table.scheme, at), last=None),
             kind == asked.kind) for kind, words in KINDS.items()
        ],
        "tabs": [(words, address.page(by=by), by == asked.by) for by, words in BY.items()],
        "against": [(words, address.page(against=name), name == asked.against) for name, words in AGAINST.items()],
        "previous": _moved(address, windows.before(window, table.scheme)),
        "following": "" if at < window.until else _moved(address, windows.after(window, table.scheme)),
        "up": _up(address, viewer), "columns": list(COLUMNS.values()), "rate_columns": list(RATES.values()),
        "has_changes": asked.by != RatesBy.PERIOD and any(line.said_before for line in table.lines),
        "has_places": any(line.place for line in table.lines),
        "received": address.rows("opened"), "closed": address.rows("closed"),
        "formula": say_rate_formula(table.scheme.rules.weights), "sample": table.scheme.rules.smallest_sample,
        "left_out": _left_out(viewer, table.scheme), "methods": [METHODS[method] for method in table.scheme.methods],
        "query": address.query, "asked": asked, "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
        "may_read_rules": may_read_rules(viewer),
    }  # fmt: skip
    return render(request, "web/desk/rates.html", context)


@require_GET
@staff_only
@tells_errors
def show_rows(request: ViewerRequest, figure: str) -> HttpResponse:
    """List the rows behind a number of the table: as many as it says."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    asked, key = _asked(request.GET, viewer), request.GET.get("row")
    start = request.GET.get("from", "0")
    offset = int(start[:9]) if start.isdecimal() else 0
    page = list_rate_rows(
        viewer=viewer, asked=asked, figure=figure, key=None if key is None else key[:120], at=at, offset=offset,
        limit=PAGE,
    )  # fmt: skip
    kinds = {code: kind.name for code, kind in current_rulebooks(viewer.district_id).categories.items()}
    lines = {
        line.id: line
        for line in case_lines([behind.row for behind in page.rows if behind.row], categories=kinds, at=at)
    }
    following, address = offset + len(page.rows), Address(asked)
    context = {
        "heading": FIGURE_WORDS[figure], "total": page.total, "period": "", "has_period": True, "area": "",
        "rows": [(lines.get(behind.case_id), say_moment(behind.at, at) if behind.at else "") for behind in page.rows],
        "is_call_backs": figure not in {"opened", "closed"},
        "more_url": address.rows(figure, key, following) if following < page.total else "",
        "back": address.page(), "back_words": _("Back to the rates"),
    }  # fmt: skip
    return render(request, "web/desk/cockpit_rows.html", context)


@require_POST
@staff_only
@tells_errors
def export_rates(request: ViewerRequest) -> HttpResponseBase:
    """Write the table out as Excel, with the rules it was counted by, after a line in the audit log."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    may_somewhere(viewer, Verb.EXPORT).require()
    asked = _asked(QueryDict(request.POST.get("query", "")), viewer)
    table = get_rates(viewer=viewer, asked=asked, at=at)
    today = at.astimezone(LOCAL).date()
    found, heading = _groups(table, Address(asked), today, at)
    notes = [_("Demo data: people and cases are made up.")] if settings.IS_DEMO else []
    notes += [
        f"{heading} · {say_window(table.whole.window, today)} · {say_bounds(table)}",
        _("Rules of the rates, version %(number)d: %(formula)s") % {
            "number": table.number, "formula": say_rate_formula(table.scheme.rules.weights),
        },
        *_left_out(viewer, table.scheme),
    ]  # fmt: skip
    blocks = write_register(
        columns=_columns(asked), rows=[*(row for group in found for row in cells(group.lines)), whole_line(table)],
        file_format=RegisterFormat.XLSX, title=_("Three rates"), notes="\n".join(notes), at=at,
    )  # fmt: skip
    write_line(
        district_id=viewer.district_id, kind=LineKind.EXPORTED, at=at, actor_id=viewer.person_id,
        object_kind="register", object_id="rates", source_ip=address_of(request),
        data={"format": RegisterFormat.XLSX, "since": table.whole.window.since.isoformat(),
              "until": table.whole.window.until.isoformat(), "area": asked.area_path},
    )  # fmt: skip
    return download(request, blocks, f"{_('Three rates')} {at.astimezone(LOCAL):%Y%m%d-%H%M}", RegisterFormat.XLSX)


def _asked(query: QueryDict, viewer: Viewer) -> RatesAsked:
    """Read what is asked for. Raises InvalidInput."""
    area, number = query.get("area", "")[:120], query.get("rules", "")
    if area and area.split("/")[0] != viewer.district_id:
        raise InvalidInput("unknown_filter", field="area")
    by, against = query.get("by", RatesBy.AREA), query.get("against", "before")
    if by not in set(RatesBy) or against not in AGAINST:
        raise InvalidInput("unknown_filter", field="by")
    kind = query.get("kind", "month")
    is_custom = kind == windows.CUSTOM
    return RatesAsked(
        kind=kind, first=read_day(query.get("since" if is_custom else "on", "")),
        last=read_day(query.get("until", "")) if is_custom else None, by=RatesBy(by), area_path=area,
        against=against, number=int(number) if number.isdecimal() and len(number) < 6 else 0,  # noqa: PLR2004
    )  # fmt: skip


def _groups(table: RateTable, address: Address, today: date, at: datetime) -> tuple[list[Group], str]:
    """Give the lines in words and the name of the area they are parts of."""
    keys = [line.key for line in table.lines if line.key] if address.asked.by == RatesBy.AREA else []
    chains = area_chains([table.area_path, *(f"{table.area_path}/{key}" for key in keys)], at=at)
    names = {path: chain[-1].name if chain else path.rsplit("/", 1)[-1] for path, chain in chains.items()}
    return groups(table, names, address, today), names.get(table.area_path, "")


def _columns(asked: RatesAsked) -> list[Column]:
    number = ColumnKind.NUMBER
    return [
        Column("name", str(BY[asked.by]), 28),
        *(Column(name, str(words), 12, number) for name, words in COLUMNS.items()),
        *(Column(f"{name}_rate", f"{words} %", 12, number) for name, words in RATES.items()),
        Column("together", f"{_('All together')} %", 12, number), Column("sample", _("Sample"), 12),
        Column("place", _("Place in the order"), 8),
    ]  # fmt: skip


def _moved(address: Address, window: windows.Window) -> str:
    last = window.last if window.kind == windows.CUSTOM else None
    return address.page(kind=window.kind, first=window.first, last=last)


def _day_in(window: windows.Window, scheme: RateScheme, at: datetime) -> date | None:
    """Give the day by which another kind of window round this one is found: now, where this one runs."""
    if window.since <= at < window.until:
        return None
    return effective_day(scheme, window.since).date()


def _up(address: Address, viewer: Viewer) -> str:
    """Give the way to the area above, "" at the viewer's own."""
    area, own = address.asked.area_path, min(
        (post.area_path for post in viewer.posts_with(Verb.SEE_COCKPIT)), key=len, default=""
    )  # fmt: skip
    if not area or area == own or "/" not in area:
        return ""
    above = area.rsplit("/", 1)[0]
    return address.page(area_path="" if above == own else above)


def _left_out(viewer: Viewer, scheme: RateScheme) -> list[str]:
    """Say what the rates are not counted from, and why. 1 query where categories are left out."""
    kinds = current_rulebooks(viewer.district_id).categories if scheme.left_out else {}
    return [
        _("Not counted: %(what)s (%(why)s)") % {
            "what": say_source(each.code) if each.kind == LeftOutKind.SOURCE
            else kinds[each.code].name if each.code in kinds else each.code,
            "why": each.why,
        }
        for each in scheme.left_out
    ]  # fmt: skip
