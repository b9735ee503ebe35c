"""Taking in a sheet of cases: choose it, see what every row would become, confirm once.

Between the pages the rows travel in the form, sealed for this person: nothing of them is kept before they are cases.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.cases.actions.importing import Taken, import_cases
from linli.cases.calc.importing import COLUMNS, match_columns
from linli.cases.queries.importing import PlannedCase, SheetLine, plan_import
from linli.edges.callers import caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.crypto import CannotDecrypt, open_document, seal_document
from linli.kernel.errors import InvalidInput, LinliError
from linli.oversight.privacy.queries.consent import current_consent
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.support.documents.actions import read_sheet, write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.calc.sheets import Sheet, SheetRow
from linli.support.documents.choices import CONTENT_TYPES, RegisterFormat

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the dry run in words. faults: (name of the column, what is wrong in it)."""

    number: int
    title: str
    faults: tuple[tuple[str, str], ...]
    category: str
    is_category_suggested: bool
    place: str
    whom: str
    level: int
    due: str
    is_there: bool


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def import_page(request: ViewerRequest) -> HttpResponse:
    """Ask for the sheet; sent, show what it would become; confirmed, open the cases and say what became of each row."""
    may_somewhere(request.viewer, Verb.REPORT).require()
    if request.method == "GET":
        return _ask(request)
    try:
        sheet = _sheet(request)
    except LinliError as error:
        return _ask(request, error)
    places = _places(request.POST, sheet)
    if "text" not in places:
        return _show(request, sheet, places, [])
    planned = plan_import(viewer=request.viewer, lines=_lines(sheet, places), at=timezone.now())
    match request.POST.get("do", ""):
        case "take":
            return _take(request, sheet, planned)
        case "left":
            return _left_out(sheet, planned)
        case _:
            return _show(request, sheet, places, planned)


@require_GET
@staff_only
@tells_errors
def template_file(request: ViewerRequest) -> HttpResponse:
    """Give an empty sheet with the columns that are understood by their names."""
    may_somewhere(request.viewer, Verb.REPORT).require()
    columns = [Column(field, names[0], 40 if field == "text" else 18) for field, names in COLUMNS.items()]
    return _workbook(columns, [], "事项导入模板.xlsx", notes="")


def _sheet(request: ViewerRequest) -> Sheet:
    """Read the sheet that was sent, or the one that travels in the form."""
    sent = request.FILES.get("sheet")
    if sent is not None and sent.file is not None:
        return read_sheet(sent.read(), most_rows=MOST_ROWS)
    if request.POST.get("rows"):
        return _unsealed(request.POST["rows"], request.viewer)
    raise InvalidInput("sheet_missing", field="sheet")


def _places(sent: QueryDict, sheet: Sheet) -> dict[str, int]:
    """Tell the column of each field: as chosen by hand, else by the names. A column that is not there is ignored."""
    if "rows" not in sent:
        return match_columns(sheet.columns)
    chosen = {field: sent.get(f"column_{field}", "") for field in COLUMNS}
    return {
        field: int(place) for field, place in chosen.items() if place.isdecimal() and int(place) < len(sheet.columns)
    }


def _lines(sheet: Sheet, places: Mapping[str, int]) -> list[SheetLine]:
    return [SheetLine(row.number, **{field: row.cells[place] for field, place in places.items()}) for row in sheet.rows]


def _ask(request: ViewerRequest, error: LinliError | None = None) -> HttpResponse:
    context = {
        "columns": [(names[0], _COLUMN_HINTS[field]()) for field, names in COLUMNS.items()],
        "most": MOST_ROWS, "error": say_error(error) if error else "",
    }  # fmt: skip
    return render(request, "web/desk/import.html", context, status=status_of(error) if error else 200)


def _show(
    request: ViewerRequest, sheet: Sheet, places: Mapping[str, int], planned: Sequence[PlannedCase]
) -> HttpResponse:
    good = [row for row in planned if not row.faults]
    context = {
        "rows": _sealed(sheet, request.viewer), "shown": [_shown(row) for row in planned],
        "good": len(good), "bad": len(planned) - len(good), "names": list(enumerate(sheet.columns)),
        "fields": [(field, names[0], places.get(field, -1)) for field, names in COLUMNS.items()],
        "is_text_missing": "text" not in places,
    }  # fmt: skip
    return render(request, "web/desk/import_check.html", context)


def _take(request: ViewerRequest, sheet: Sheet, planned: Sequence[PlannedCase]) -> HttpResponse:
    taken = import_cases(
        planned=planned, sheet=_digest(sheet), viewer=request.viewer, caller=caller_of(request, ""),
        consent=current_consent(request.viewer.district_id).number,
    )  # fmt: skip
    refused = [row for row in taken if row.error]
    left = [row for row in planned if row.faults]
    context = {
        "new": [row for row in taken if row.is_new], "again": sum(not row.is_new for row in taken) - len(refused),
        "refused": [(row.planned.line.number, row.planned.title, _said(row)) for row in refused],
        "left": [_shown(row) for row in left], "rows": _sealed(sheet, request.viewer),
        "places": [(name, value) for name, value in request.POST.items() if name.startswith("column_")],
    }  # fmt: skip
    return render(request, "web/desk/import_done.html", context)


def _left_out(sheet: Sheet, planned: Iterable[PlannedCase]) -> HttpResponse:
    """Give the rows that have faults as a sheet, with a last column that says why."""
    columns = [Column(str(number), name or str(number + 1), 20) for number, name in enumerate(sheet.columns)]
    why = {row.line.number: "；".join(words for _name, words in _faults(row)) for row in planned if row.faults}
    rows = [(*row.cells, why[row.number]) for row in sheet.rows if row.number in why]
    notes = _("Demo data") if settings.IS_DEMO else ""
    return _workbook([*columns, Column("why", _("Why it was left out"), 48)], rows, "未导入.xlsx", notes=notes)


def _workbook(columns: Sequence[Column], rows: Sequence[Sequence[str]], name: str, *, notes: str) -> HttpResponse:
    blocks = write_register(
        columns=columns, rows=rows, file_format=RegisterFormat.XLSX, title="", notes=notes, at=timezone.now()
    )
    response = HttpResponse(b"".join(blocks), content_type=CONTENT_TYPES[RegisterFormat.XLSX])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(name)}"
    return response


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


def _said(row: Taken) -> str:
    return say_error(row.error) if row.error else ""


def _shown(row: PlannedCase) -> ShownRow:
    due = say_moment(row.solution_due_at, timezone.now()) if row.solution_due_at else ""
    where, who = " ".join(filter(None, (*row.area_names, row.line.address))), f"{row.organisation} {row.whom}".strip()
    return ShownRow(
        row.line.number, row.title, tuple(_faults(row)), row.category_name, row.is_category_suggested,
        where, who, row.level, due, row.is_there,
    )  # fmt: skip


def _faults(row: PlannedCase) -> Iterable[tuple[str, str]]:
    for fault in row.faults:
        yield COLUMNS[fault.field][0], say_error(InvalidInput(fault.code, field=fault.field, params=fault.params))


def _digest(sheet: Sheet) -> str:
    return sha256(json.dumps(asdict(sheet), ensure_ascii=False).encode()).hexdigest()


def _sealed(sheet: Sheet, viewer: Viewer) -> str:
    """Pack the rows so that only this server reads them, and only from the hand of this person."""
    return urlsafe_b64encode(seal_document(asdict(sheet), purpose=_purpose(viewer))).decode()


def _unsealed(text: str, viewer: Viewer) -> Sheet:
    try:
        plain = open_document(urlsafe_b64decode(text), purpose=_purpose(viewer))
    except (CannotDecrypt, NotBase64, ValueError) as error:
        raise InvalidInput("sheet_missing", field="sheet") from error
    return Sheet(tuple(plain["columns"]), tuple(SheetRow(row["number"], tuple(row["cells"])) for row in plain["rows"]))


def _purpose(viewer: Viewer) -> str:
    return f"import.sheet.{viewer.person_id}"


_COLUMN_HINTS = {
    "text": lambda: _("What it is about, in the reporter's words. The only column that is needed."),
    "category": lambda: _("A name of the list. Left empty, the words decide."),
    "area": lambda: _("The name of an area, as long as need be, or its code. Left empty: the district's queue."),
    "address": lambda: _("Estate, building, or what is near."),
    "name": lambda: _("Kept encrypted, shown masked, deleted a year after the case is closed."),
    "phone": lambda: _("As the name. Digits may be a number or a text."),
    "street": lambda: _("The subdistrict, where the name of the community alone is not enough."),
    "order_number": lambda: _("Of a work order of the hotline 12345. The same order is never taken in twice."),
    "order_title": lambda: _("Of the work order: it goes before the text."),
    "order_kind": lambda: _("In the hotline's words; kept with the case."),
    "order_nature": lambda: _("In the hotline's words; kept with the case."),
    "order_origin": lambda: _("In the hotline's words; kept with the case."),
    "order_class": lambda: _("In the hotline's words. Its last part is the category, if there is one of that name."),
    "order_due_at": lambda: _("By when the hotline wants an answer; beside the district's own deadlines."),
    "reported_at": lambda: _("From when the clocks run: 2026-11-23 08:30 or 8:30. Left empty: from now."),
}
