"""Registers: looked at on a page, written out as Excel, CSV or JSON, each export with a line in the audit log."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import ROUTES, Asked, read_asked
from linli.edges.web.desk.lists import top_area
from linli.edges.web.desk.register_books import Book, Glossary, Wanted, books, get_book, glossary
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import BOXES, STATES
from linli.edges.words.times import LOCAL, say_day, say_moment
from linli.edges.written_out import counted
from linli.kernel.errors import InvalidInput
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.registry.territory.queries import area_chain, children_of
from linli.support.documents.actions import write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import CONTENT_TYPES, ColumnKind, RegisterFormat

SHOWN = 50
LONG_AGO = date(2000, 1, 1)
FORMATS = [(each.value, "Excel" if each is RegisterFormat.XLSX else each.value.upper()) for each in RegisterFormat]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a row. part: its classes; url: where it leads, "" if nowhere."""

    text: str
    part: str
    url: str


@require_GET
@staff_only
@tells_errors
def show_registers(request: ViewerRequest) -> HttpResponse:
    """List the registers."""
    may_somewhere(request.viewer, Verb.SEE_CASES).require()
    return render(request, "web/desk/registers.html", {"books": list(books().values())})


@require_GET
@staff_only
@tells_errors
def show_register(request: ViewerRequest, name: str) -> HttpResponse:
    """Show the first rows of a register with its filters and its exports."""
    viewer, at = request.viewer, timezone.now()
    may_somewhere(viewer, Verb.EXPORT).require()
    book, wanted = get_book(name), _wanted(request, request.GET, at)
    say = glossary(viewer, at)
    rows = list(book.fetch(replace(wanted, limit=SHOWN + 1)))
    area = wanted.asked.area
    chain = area_chain(area, at=at) if area else ()
    context = {
        "book": book, "asked": wanted.asked, "rows": [_shown(book, row, say, at) for row in rows[:SHOWN]],
        "has_more": len(rows) > SHOWN,
        "formats": FORMATS,
        "areas": children_of(area or top_area(viewer), on=timezone.localdate(at)), "query": request.GET.urlencode(),
        "area_name": chain[-1].name if chain else "", "box_words": BOXES.get(wanted.asked.box, ""),
        "states": list(STATES.items()) if name == "cases" else [],
        "categories": [
            (code, kind.name) for code, kind in current_rulebooks(viewer.district_id).categories.items()
        ] if name == "cases" else [],
        "state": wanted.asked.states[0] if wanted.asked.states else "",
    }  # fmt: skip
    return render(request, "web/desk/register.html", context)


@require_POST
@staff_only
@tells_errors
def export_register(request: ViewerRequest, name: str) -> HttpResponseBase:
    """Write a register out, as a stream, after a line in the audit log."""
    wanted = _wanted(request, QueryDict(request.POST.get("query", "")), timezone.now())
    return _written_out(request, name, wanted, request.POST.get("format", ""))


def export_cases(request: ViewerRequest, case_ids: tuple[UUID, ...], at: datetime) -> HttpResponseBase:
    """Write out some cases as Excel, after a line in the audit log; those beyond the viewer's reach are left out."""
    asked, until = Asked(ids=case_ids), timezone.localdate(at) + timedelta(days=1)
    wanted = Wanted(request.viewer, asked, _begin(LONG_AGO), _begin(until), at)
    return _written_out(request, "cases", wanted, RegisterFormat.XLSX)


def _written_out(request: ViewerRequest, name: str, wanted: Wanted, file_format: str) -> HttpResponseBase:
    viewer, at, book = request.viewer, wanted.at, get_book(name)
    may_somewhere(viewer, Verb.EXPORT).require()
    say = glossary(viewer, at)

    def note(rows: int) -> None:
        write_line(district_id=viewer.district_id, kind=LineKind.ROWS_EXPORTED, at=timezone.now(),
                   actor_id=viewer.person_id, object_kind="register", object_id=name, source_ip=address_of(request),
                   data={"rows": rows})  # fmt: skip

    blocks = write_register(
        columns=book.columns, rows=counted((book.cells(row, say) for row in book.fetch(wanted)), note),
        file_format=file_format,
        title=book.title, notes="\n".join(_notes(request, wanted)), at=at,
    )  # fmt: skip
    write_line(
        district_id=viewer.district_id, kind=LineKind.EXPORTED, at=at, actor_id=viewer.person_id,
        object_kind="register", object_id=name, source_ip=address_of(request),
        data={"format": file_format, "since": wanted.since.isoformat(), "until": wanted.until.isoformat(),
              "area": wanted.asked.area, "box": wanted.asked.box, "has_words": bool(wanted.asked.q),
              "chosen": len(wanted.asked.ids)},
    )  # fmt: skip
    return download(request, blocks, f"{book.title} {at.astimezone(LOCAL):%Y%m%d-%H%M}", RegisterFormat(file_format))


def download(
    request: ViewerRequest, blocks: Iterator[bytes], name: str, file_format: RegisterFormat
) -> StreamingHttpResponse:
    """Hand out a file as it is made; nobody on the way keeps it."""
    content = _awaited(blocks) if isinstance(request, ASGIRequest) else blocks
    response = StreamingHttpResponse(content, content_type=CONTENT_TYPES[file_format])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{file_format.value}"
    response["Cache-Control"] = "no-store"
    return response


async def _awaited(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Hand out blocks one by one without holding them all: the database is read in a thread meanwhile."""
    take = sync_to_async(lambda: next(blocks, b""))
    while block := await take():
        yield block


def _wanted(request: ViewerRequest, query: QueryDict, at: datetime) -> Wanted:
    """Read the filters; without days it is this month. Raises InvalidInput."""
    box = query.get("box", "")
    if box not in ROUTES:
        raise InvalidInput("unknown_box", field="box")
    asked = read_asked(query, box=box)
    if asked.area and asked.area.split("/")[0] != request.viewer.district_id:
        raise InvalidInput("unknown_filter", field="area")
    today = timezone.localdate(at)
    has_days = bool(asked.since or asked.until or box or asked.ids)
    since = asked.since or (today.replace(day=1) if not has_days else LONG_AGO)
    until = asked.until or today
    if not has_days:
        asked = replace(asked, since=since)
    return Wanted(request.viewer, asked, _begin(since), _begin(until + timedelta(days=1)), at)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)


def _notes(request: ViewerRequest, wanted: Wanted) -> list[str]:
    """Say above the table what it is: demo data, by whom, when, what was asked for."""
    viewer, today = request.viewer, timezone.localdate(wanted.at)
    posts = viewer.posts_with(Verb.EXPORT)
    said = {"name": viewer.name, "post": posts[0].role_name, "organisation": posts[0].organisation_name,
            "when": say_moment(wanted.at, wanted.at), "day": f"{today:%Y-%m-%d}"}  # fmt: skip
    lines = [_("Demo data: people and cases are made up.")] if settings.IS_DEMO else []
    lines.append(_("Written out by %(name)s (%(organisation)s %(post)s) on %(day)s, %(when)s.") % said)
    since, until = wanted.since.astimezone(LOCAL).date(), wanted.until.astimezone(LOCAL).date() - timedelta(days=1)
    if wanted.asked.since or wanted.asked.until:
        lines.append(
            _("From %(since)s to %(until)s.") % {"since": say_day(since, today), "until": say_day(until, today)}
        )
    return lines


def _shown(book: Book, row: Any, say: Glossary, at: datetime) -> list[Cell]:
    """Give the cells of a row for a page."""
    case_id = book.case_of(row)
    url = reverse("desk_case", args=[case_id]) if case_id else ""
    return [
        Cell(text := _said(value, at), _part(book, column, text), url if text and column.key == book.lead else "")
        for column, value in zip(book.columns, book.cells(row, say), strict=True)
    ]


def _said(value: object, at: datetime) -> str:
    if isinstance(value, datetime):
        return say_moment(value, at)
    return "" if value is None else str(value)


def _part(book: Book, column: Column, text: str) -> str:
    """Class a cell for narrow screens: what it leads with, what stands below it, what is left to the file."""
    place = "lead" if column.key == book.lead else "" if column.key in book.brief and text else "wide-only"
    return f"{place} num".strip() if column.kind is ColumnKind.NUMBER else place
