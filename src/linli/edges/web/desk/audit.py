"""The audit log, for the auditor: filtered, page by page, and written out, which leaves a line itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_day, read_uuid
from linli.edges.web.desk.register_books import books
from linli.edges.web.desk.registers import FORMATS, download
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.audit import KINDS, OUTCOMES, say_about
from linli.edges.words.times import LOCAL, say_moment
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.audit.queries import LinePage, LineRow, Who, list_lines
from linli.registry.people.queries import names_of, people_named, role_names
from linli.registry.people.rules import Viewer, may_read_audit
from linli.support.documents.actions import write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind, RegisterFormat

PAGE, BATCH = 50, 1000
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the log. who: a part of a name, or a whole user name; since, until: days, both included."""

    kind: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None
    before: UUID | None = None

    def query(self) -> dict[str, str]:
        """Give the filters as an address has them, without the page."""
        said = {"kind": self.kind, "who": self.who, "since": self.since or "", "until": self.until or ""}
        return {name: str(value) for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Line:
    """A line in words."""

    when: str
    at: datetime
    who: str
    username: str
    kind: str
    about: str
    outcome: str
    is_refused: bool
    source_ip: str


@require_GET
@staff_only
@tells_errors
def show_audit(request: ViewerRequest) -> HttpResponse:
    """List lines, newest first."""
    may_read_audit(request.viewer).require()
    at, asked = timezone.now(), _read(request.GET)
    page = _page(request.viewer, asked, PAGE)
    more = asked.query() | ({"before": str(page.next_before)} if page.next_before else {})
    context = {
        "lines": _lines(request.viewer, page.lines, at), "asked": asked, "kinds": KINDS.items(),
        "more_url": f"?{urlencode(more)}" if page.next_before else "", "is_first": asked.before is None,
        "query": urlencode(asked.query()), "formats": FORMATS,
    }  # fmt: skip
    return render(request, "web/desk/audit.html", context)


@never_cache
@require_POST
@staff_only
@tells_errors
def export_audit(request: ViewerRequest) -> HttpResponseBase:
    """Write the lines out, as a stream, after a line that says so."""
    viewer, at = request.viewer, timezone.now()
    may_read_audit(viewer).require()
    asked = replace(_read(QueryDict(request.POST.get("query", ""))), before=None)
    file_format, title = request.POST.get("format", ""), _("Audit log")
    notes = [_("Demo data: people and cases are made up.")] if settings.IS_DEMO else []
    blocks = write_register(columns=_columns(), rows=_rows(viewer, asked, at), file_format=file_format, title=title,
                            notes="\n".join(notes), at=at)  # fmt: skip
    write_line(district_id=viewer.district_id, kind=LineKind.EXPORTED, at=at, actor_id=viewer.person_id,
               object_kind="audit", source_ip=address_of(request),
               data={"format": file_format, "kind": asked.kind, "since": str(asked.since or ""),
                     "until": str(asked.until or ""), "has_words": bool(asked.who)})  # fmt: skip
    return download(request, blocks, f"{title} {at.astimezone(LOCAL):%Y%m%d-%H%M}", RegisterFormat(file_format))


def _read(query: QueryDict) -> Asked:
    kind = query.get("kind", "")
    return Asked(
        kind if kind in KINDS else "", query.get("who", "").strip()[:LONGEST], read_day(query.get("since", "")),
        read_day(query.get("until", "")), read_uuid(query.get("before", "")),
    )  # fmt: skip


def _page(viewer: Viewer, asked: Asked, limit: int) -> LinePage:
    """Read a page of lines. 1 query, 2 where somebody is asked for by name."""
    who = None
    if asked.who:
        who = Who(people_named(district_id=viewer.district_id, text=asked.who), asked.who)
    return list_lines(
        district_id=viewer.district_id, kinds=[asked.kind] if asked.kind else (), who=who, with_strangers=True,
        since=_begin(asked.since) if asked.since else None,
        until=_begin(asked.until + timedelta(days=1)) if asked.until else None, before=asked.before, limit=limit,
    )  # fmt: skip


def _rows(viewer: Viewer, asked: Asked, at: datetime) -> Iterator[list[object]]:
    before: UUID | None = None
    while True:
        page = _page(viewer, replace(asked, before=before), BATCH)
        for row, line in zip(page.lines, _lines(viewer, page.lines, at), strict=True):
            yield [row.at, line.who, line.username, line.kind, line.about, line.outcome, line.source_ip]
        if page.next_before is None:
            return
        before = page.next_before


def _columns() -> list[Column]:
    return [
        Column("at", _("When"), 20, ColumnKind.DATETIME), Column("who", _("Who"), 16),
        Column("username", _("User name"), 20), Column("kind", _("Deed"), 20), Column("about", _("About"), 48),
        Column("outcome", _("Outcome"), 10), Column("source_ip", _("From where"), 18),
    ]  # fmt: skip


def _lines(viewer: Viewer, rows: Sequence[LineRow], at: datetime) -> list[Line]:
    """Put lines into words. 2 queries: names of people, names of roles."""
    people = {row.actor_id for row in rows if row.actor_id} | {found for row in rows for found in _people_in(row)}
    names = {str(key): name for key, name in names_of(district_id=viewer.district_id,
                                                      person_ids=sorted(people)).items()}  # fmt: skip
    roles, registers = role_names(), {"rates": _("Three rates")} | {name: book.title for name, book in books().items()}
    return [_line(row, at, names, roles, registers) for row in rows]


def _people_in(row: LineRow) -> list[UUID]:
    said = [row.object_id] if row.object_kind in {"person", "absence"} else []
    found = (read_uuid(text) for text in (*said, str(row.data.get("deputy", ""))))
    return [each for each in found if each]


def _line(
    row: LineRow, at: datetime, names: Mapping[str, str], roles: Mapping[str, str], registers: Mapping[str, str]
) -> Line:
    about = say_about(object_kind=row.object_kind, object_id=row.object_id, data=row.data, names=names, roles=roles,
                      registers=registers)  # fmt: skip
    return Line(
        say_moment(row.at, at), row.at, names.get(str(row.actor_id), ""), row.actor_name,
        str(KINDS.get(row.kind, row.kind)), about, str(OUTCOMES.get(row.outcome, row.outcome)), row.outcome != "done",
        row.source_ip,
    )  # fmt: skip


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)
