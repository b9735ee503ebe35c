"""The registry as sheets: what there is, the template, everything written out, a file taken in step by step."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.sheets import read_sent, write_faults, write_out
from linli.edges.web.access import staff_only
from linli.edges.web.desk.registers import download
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.sheets import KINDS, STAGES, STATUSES, say_faults
from linli.edges.words.times import LOCAL, say_moment
from linli.kernel.errors import InvalidInput, LinliError
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.sheets.actions.importing import confirm_import, drop_import, start_import
from linli.registry.sheets.calc.descriptions import kind_of
from linli.registry.sheets.calc.reports import SHOWN, Report, ReportRow, ReportSheet
from linli.registry.sheets.choices import RowStatus, SheetKind, Stage
from linli.registry.sheets.queries.counting import count_rows
from linli.registry.sheets.queries.importing import ImportRow, get_contents, get_import, get_report, list_imports
from linli.registry.sheets.queries.registry import descriptions
from linli.registry.sheets.queries.writing_out import list_empty_sheets, list_sheets
from linli.registry.sheets.rules import kinds_for, may_handle_any
from linli.support.documents.actions import LARGEST_WORKBOOK_BYTES
from linli.support.documents.choices import RegisterFormat

_AT_WORK = frozenset({Stage.WAITING, Stage.CONFIRMED})


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the dry run in words. changes: (column, before, after); faults: "" if nothing is wrong."""

    number: int
    status: str
    word: str
    code: str
    name: str
    changes: tuple[tuple[str, str, str], ...]
    faults: str


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A sheet of the dry run in words. counts: in the order of the statuses; more: rows that are not shown."""

    title: str
    counts: tuple[tuple[str, int], ...]
    unknown: str
    faults: str
    rows: tuple[ShownRow, ...]
    more: int


@require_GET
@staff_only
@tells_errors
def show_registry(request: ViewerRequest) -> HttpResponse:
    """List what there is of each kind that the viewer may handle, and what they sent lately."""
    may_handle_any(request.viewer).require()
    return _show(request)


@require_GET
@staff_only
@tells_errors
def template_file(request: ViewerRequest) -> HttpResponseBase:
    """Give the empty workbook with a sheet for each kind that the viewer may handle."""
    may_handle_any(request.viewer).require()
    blocks = write_out(list_empty_sheets(kinds_for(request.viewer)), notes=(), at=timezone.now())
    return download(request, blocks, _("Registry template"), RegisterFormat.XLSX)


@require_POST
@staff_only
@tells_errors
def export_registry(request: ViewerRequest) -> HttpResponseBase:
    """Write out what the viewer may handle, telephone numbers too, after a line in the audit log."""
    viewer, at = request.viewer, timezone.now()
    may_handle_any(viewer).require()
    sheets = list_sheets(district_id=viewer.district_id, kinds=kinds_for(viewer))
    write_line(
        district_id=viewer.district_id, kind=LineKind.EXPORTED, at=at, actor_id=viewer.person_id,
        object_kind="registry", object_id="sheets", source_ip=address_of(request),
        data={"rows": {each.description.kind.value: len(each.rows) for each in sheets}},
    )  # fmt: skip
    said = {"name": viewer.name, "day": f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"}
    notes = [_("Demo data: people and cases are made up.")] if settings.IS_DEMO else []
    notes.append(_("Written out by %(name)s, %(day)s.") % said)
    name = f"{_('Registry')} {at.astimezone(LOCAL):%Y%m%d-%H%M}"
    return download(request, write_out(sheets, notes=notes, at=at), name, RegisterFormat.XLSX)


@require_POST
@staff_only
@tells_errors
def import_registry(request: ViewerRequest) -> HttpResponse:
    """Take a file and let the worker compare it; its page says how far it is."""
    may_handle_any(request.viewer).require()
    sent = request.FILES.get("sheet")
    try:
        if sent is None or sent.file is None:
            raise InvalidInput("sheet_missing", field="sheet")  # noqa: TRY301 - worded like those of the reading
        if (sent.size or 0) > LARGEST_WORKBOOK_BYTES:
            most = LARGEST_WORKBOOK_BYTES // 1_000_000
            raise InvalidInput("sheet_too_large", field="sheet", params={"most_mb": most})  # noqa: TRY301
        sheets = read_sent(sent.read())
        if not any(kind_of(sheet.title, sheet.columns) for sheet in sheets):
            raise InvalidInput("sheet_none_known", field="sheet")  # noqa: TRY301
        import_id = start_import(
            viewer=request.viewer, sent=sheets, file_name=sent.name or "", source_ip=address_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except InvalidInput as error:
        return _show(request, error)
    return HttpResponseRedirect(reverse("registry_import", args=[import_id]))


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_import(request: ViewerRequest, import_id: UUID) -> HttpResponse:
    """Show how far a file is and what it would change; take it in, or throw it away."""
    viewer = request.viewer
    may_handle_any(viewer).require()
    if request.method == "POST":
        if request.POST.get("do") == "drop":
            drop_import(viewer=viewer, import_id=import_id)
            return HttpResponseRedirect(reverse("registry"))
        confirm_import(viewer=viewer, import_id=import_id, at=timezone.now())
        return HttpResponseRedirect(reverse("registry_import", args=[import_id]))
    row = get_import(viewer=viewer, import_id=import_id)
    template = (
        "web/desk/registry_import_part.html" if request.headers.get("HX-Request") else "web/desk/registry_import.html"
    )
    return render(request, template, _progress(row) | (_report(request, row) if row.stage is Stage.CHECKED else {}))


@require_GET
@staff_only
@tells_errors
def faults_file(request: ViewerRequest, import_id: UUID) -> HttpResponseBase:
    """Give the sent file back with what is to be mended."""
    viewer = request.viewer
    may_handle_any(viewer).require()
    report = get_report(viewer=viewer, import_id=import_id)
    sent = get_contents(viewer=viewer, import_id=import_id)
    blocks = write_faults(sent, report, descriptions(), at=timezone.now())
    return download(request, blocks, _("To be mended"), RegisterFormat.XLSX)


def _show(request: ViewerRequest, error: LinliError | None = None) -> HttpResponse:
    viewer, at = request.viewer, timezone.now()
    kinds = kinds_for(viewer)
    counts = count_rows(district_id=viewer.district_id, kinds=kinds)
    context = {
        "kinds": [(KINDS[kind], number) for kind, number in counts.items()],
        "others": [KINDS[kind] for kind in SheetKind if kind not in kinds],
        "has_phones": SheetKind.PEOPLE in kinds, "error": say_error(error) if error else "",
        "most_mb": LARGEST_WORKBOOK_BYTES // 1_000_000,
        "imports": [
            (row.id, row.file_name, say_moment(row.made_at, at), STAGES[row.stage])
            for row in list_imports(viewer=viewer)
        ],
    }  # fmt: skip
    return render(request, "web/desk/registry.html", context, status=status_of(error) if error else 200)


def _progress(row: ImportRow) -> dict[str, object]:
    done = min(row.done, row.total)
    return {
        "row": row, "stage": STAGES[row.stage], "is_at_work": row.stage in _AT_WORK, "done": done,
        "is_done": row.stage is Stage.DONE, "is_failed": row.stage is Stage.FAILED,
        "is_confirmed": row.stage is Stage.CONFIRMED,
        "totals": [
            (KINDS[kind], [(STATUSES[status], number) for status, number in counts.items() if number])
            for kind, counts in row.counts.items()
        ],
    }  # fmt: skip


def _report(request: ViewerRequest, row: ImportRow) -> dict[str, object]:
    report: Report = get_report(viewer=request.viewer, import_id=row.id)
    described = descriptions()
    return {
        "is_checked": True, "faulty": report.faulty, "changing": report.changing,
        "sheets": [
            _sheet(sheet, {column.key: column.header for column in described[sheet.kind].columns})
            for sheet in report.sheets
        ],
        "statuses": [STATUSES[status] for status in RowStatus],
        "unknown": "、".join(report.unknown), "not_yours": "、".join(report.not_yours),
    }  # fmt: skip


def _sheet(sheet: ReportSheet, headers: dict[str, str]) -> ShownSheet:
    faulty = [row for row in sheet.rows if row.status is RowStatus.FAULTY][:SHOWN]
    shown = [*faulty, *(row for row in sheet.rows if row.status is not RowStatus.FAULTY)]
    all_told = sum(number for status, number in sheet.counts.items() if status is not RowStatus.UNCHANGED)
    return ShownSheet(
        str(KINDS[sheet.kind]), tuple((str(STATUSES[status]), sheet.counts[status]) for status in RowStatus),
        "、".join(sheet.unknown), say_faults(sheet.faults, headers),
        tuple(_row(row, headers) for row in shown), all_told - len(shown),
    )  # fmt: skip


def _row(row: ReportRow, headers: dict[str, str]) -> ShownRow:
    word = str(STATUSES[row.status])
    return ShownRow(
        row.number, row.status.value, word, row.code, row.name, row.changes, say_faults(row.faults, headers)
    )
