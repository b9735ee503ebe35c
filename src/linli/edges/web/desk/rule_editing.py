"""Changing a rulebook by its form: rows added, moved and deleted by buttons, then a look at it, then it counts."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.cases.actions.rulebooks import publish_rulebook
from linli.cases.calc.rulebooks import Content
from linli.cases.choices import RulebookKind
from linli.cases.errors import Fault, RulebookHasFaults
from linli.cases.queries.rule_preview import preview_rulebook
from linli.cases.queries.rulebooks import current_rulebooks, rulebook_content
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.rule_changes import preview_context
from linli.edges.web.desk.rule_fields import Field, Layout, Names, layout_of
from linli.edges.web.desk.rule_rows import (
    Row,
    content_of,
    empty_row,
    number,
    one,
    place_for_new,
    read_rows,
    rows_of,
    settings_of,
)
from linli.edges.web.desk.rule_sums import sum_up
from linli.edges.web.desk.telling import status_of
from linli.edges.words.cases import RULEBOOKS
from linli.edges.words.errors import say_error
from linli.edges.words.rule_faults import say_fault
from linli.kernel.decision import Decision
from linli.kernel.errors import Conflict, InvalidInput, LinliError
from linli.registry.orgs.choices import OrganisationKind
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.choices import Verb
from linli.registry.people.queries import role_names
from linli.registry.people.rules import Viewer, may

_MOST_ORGANISATIONS = 5000
_WORKING = frozenset({OrganisationKind.DEPARTMENT, OrganisationKind.TEAM, OrganisationKind.UNIT})
# How the names of fields begin that together hold one value of the document.
_BEGINS = {
    "response": "response_", "solution": "solution_", "fallback_roles": "fallback-", "levels": "level-"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the form with what is in it."""

    field: Field
    name: str
    values: tuple[str, ...]
    error: bool
    is_first_of_new: bool

    @property
    def value(self) -> str:
        """The one value of a field that has one."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of the form. place: counted from 0 over the whole form; number: the same from 1."""

    place: int
    number: int
    title: str
    sum: str
    cells: tuple[Cell, ...]
    is_open: bool
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand together."""

    key: str
    title: str
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault in words, with the place on the page it is about."""

    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is on the form: rows and settings as typed, the version they were made from, and the row just made."""

    rows: list[Row]
    settings: Row
    follows: int
    opened: int = -1


def edit_table(request: ViewerRequest, kind: RulebookKind) -> HttpResponse:
    """Answer the form of a rulebook, and each of its buttons."""
    viewer, sent = request.viewer, request.POST
    follows, content = rulebook_content(district_id=viewer.district_id, kind=kind)
    layout = layout_of(kind, content, _names(viewer, kind))
    if request.method == "GET":
        return _form(request, kind, layout, Draft(rows_of(kind, content), settings_of(kind, content), follows))
    pressed, _colon, value = sent.get("do", "look").partition(":")
    if pressed in {"publish", "back"}:
        return _answer_preview(request, kind, layout, is_agreed=pressed == "publish")
    rows, settings = read_rows(layout, sent)
    draft = Draft(rows, settings, read_number(sent))
    if pressed != "look":
        return _form(request, kind, layout, _moved(kind, layout, draft, pressed, value))
    try:
        return _show_preview(request, kind, content_of(kind, rows, settings), draft.follows)
    except LinliError as error:
        return _form(request, kind, layout, draft, error)


def may_edit(viewer: Viewer) -> Decision:
    """Say whether the viewer may change the district's rulebooks."""
    return may(viewer, Verb.EDIT_RULEBOOKS, district_id=viewer.district_id, area_path=viewer.district_id)


def digest(content: Content) -> str:
    """Mark exactly this document, so that another can't be put in force unseen."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_json(sent: QueryDict) -> Content:
    """Read the document that a preview carries. Raises InvalidInput."""
    try:
        content = json.loads(sent.get("content", ""))
    except json.JSONDecodeError as error:
        raise InvalidInput("not_json", field="content") from error
    if not isinstance(content, dict):
        raise InvalidInput("not_json", field="content")
    return content


def read_number(sent: QueryDict) -> int:
    """Read which version a form was made from."""
    return number(sent.get("follows", ""))


def newest(error: LinliError, follows: int) -> int:
    """Tell which version the form goes on from: after a conflict the newer one, which the next look compares with."""
    return int(error.params["number"]) if isinstance(error, Conflict) and "number" in error.params else follows


def _answer_preview(request: ViewerRequest, kind: RulebookKind, layout: Layout, *, is_agreed: bool) -> HttpResponse:
    """Put in force what was looked at, or go back to the form with it."""
    viewer, sent = request.viewer, request.POST
    content, follows, error = read_json(sent), read_number(sent), None
    if is_agreed and sent.get("seen") != digest(content):
        return _show_preview(request, kind, content, follows)
    if is_agreed:
        try:
            made = publish_rulebook(
                district_id=viewer.district_id, kind=kind, content=content, follows=follows,
                reason=sent.get("reason", ""), by=viewer, at=timezone.now(),
            )  # fmt: skip
        except LinliError as refused:
            error = refused
        else:
            messages.success(request, _("Version %(number)d is in force for cases from now on.") % {"number": made})
            return HttpResponseRedirect(reverse("rule", args=[kind.value]))
    try:
        draft = Draft(rows_of(kind, content), settings_of(kind, content), follows)
    except (KeyError, TypeError, ValueError, AttributeError) as odd:
        raise InvalidInput("not_json", field="content") from odd
    return _form(request, kind, layout, draft, error)


def _show_preview(request: ViewerRequest, kind: RulebookKind, content: Content, follows: int) -> HttpResponse:
    viewer, reason = request.viewer, request.POST.get("reason", "")
    seen = preview_rulebook(viewer=viewer, kind=kind, content=content, follows=follows, at=timezone.now())
    if seen.changes.is_none:
        raise InvalidInput("nothing_changed", field="content")
    if not reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    context = {
        "kind": kind.value, "name": RULEBOOKS[kind], "content": json.dumps(content), "seen": digest(content),
        "follows": follows, "reason": reason, **preview_context(kind, seen, viewer.district_id),
    }  # fmt: skip
    return render(request, "web/desk/rule_preview.html", context)


def _moved(kind: RulebookKind, layout: Layout, draft: Draft, pressed: str, value: str) -> Draft:
    """Do what a row's button says; what can't be done leaves the rows as they are."""
    rows, place = list(draft.rows), number(value)
    if pressed == "add":
        if value not in {key for key, _title in layout.groups}:
            return draft
        place = place_for_new(kind, rows, value)
        rows.insert(place, empty_row(layout, value))
    elif not 0 <= place < len(rows):
        return draft
    elif pressed == "delete":
        del rows[place]
        place = -1
    else:
        other = place + {"up": -1, "down": 1}.get(pressed, 0)
        if 0 <= other < len(rows) and one(rows[place], "state") == one(rows[other], "state"):
            rows[place], rows[other] = rows[other], rows[place]
            place = other
    return Draft(rows, draft.settings, draft.follows, place)


def _form(
    request: ViewerRequest, kind: RulebookKind, layout: Layout, draft: Draft, error: LinliError | None = None
) -> HttpResponse:
    faults = error.faults if isinstance(error, RulebookHasFaults) else ()
    rows = [_row(kind, layout, draft, place, faults) for place in range(len(draft.rows))]
    groups = [
        Group(key, title, tuple(
            row for row, typed in zip(rows, draft.rows, strict=True) if not key or one(typed, "state") == key
        ))
        for key, title in layout.groups
    ]  # fmt: skip
    names = layout.names["category"]
    context: dict[str, Any] = {
        "kind": kind.value, "name": RULEBOOKS[kind], "groups": groups, "hint": _hint(kind),
        "settings": [
            Cell(field, field.name, draft.settings.get(field.name, ()), _is_about(field, faults, -1), False)
            for field in layout.settings
        ],
        "faults": [FaultLine(say_fault(each, names), f"row-{each.row}" if each.row >= 0 else "") for each in faults],
        "error": _words(error), "follows": newest(error, draft.follows) if error else draft.follows,
        "reason": request.POST.get("reason", ""), "field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/desk/rule_form.html", context, status=status_of(error) if error else 200)


def _words(error: LinliError | None) -> str:
    if error is None:
        return ""
    if isinstance(error, RulebookHasFaults):
        return _("Not put in force; what you wrote is kept. To be mended:")
    return say_error(error)


def _row(kind: RulebookKind, layout: Layout, draft: Draft, place: int, faults: tuple[Fault, ...]) -> FormRow:
    typed = draft.rows[place]
    shown = next(field.name for field in layout.fields if field.shape != "hidden")
    is_opened = place == draft.opened
    cells = tuple(
        Cell(
            field, f"{place}-{field.name}", typed.get(field.name, ()), _is_about(field, faults, place),
            is_opened and field.name == shown,
        )
        for field in layout.fields
    )  # fmt: skip
    is_marked = any(fault.row == place for fault in faults)
    title, said = sum_up(kind, typed, layout)
    return FormRow(place, place + 1, title, said, cells, is_opened or is_marked, is_marked)


def _is_about(field: Field, faults: tuple[Fault, ...], place: int) -> bool:
    """Whether a fault is about this field: by its name, or as one of several that hold what it names."""
    named = {fault.field for fault in faults if fault.row == place}
    return field.name in named or any(field.name.startswith(_BEGINS[name]) for name in named if name in _BEGINS)


def _hint(kind: RulebookKind) -> str:
    if kind is RulebookKind.WORKFLOW:
        return _("Press a row to open it. The first step of a state is the usual next one.")
    if kind is RulebookKind.CATEGORIES:
        return _("Press a row to open it. Residents see the categories in this order.")
    return _("Press a row to open it. The first line that fits counts, so lines for any category stand last.")


def _names(viewer: Viewer, kind: RulebookKind) -> Names:
    """Name what rows can point to; of organisations those that do work for the district, and those named already."""
    existing = list_organisations(district_id=viewer.district_id, on=timezone.localdate(), limit=_MOST_ORGANISATIONS)
    books = current_rulebooks(viewer.district_id)
    named = {rule.organisation_code for rule in books.dispatch.rules}
    return Names(
        {code: kind.name for code, kind in books.categories.items()}, role_names(Verb.WORK_CASES),
        {row.code: row.name for row in existing if row.kind in _WORKING or row.code in named},
        role_names(Verb.SEE_CASES) if kind is RulebookKind.DEADLINES else {},
    )  # fmt: skip
