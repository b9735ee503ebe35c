"""Tables of figures as they go to Excel: with what they were counted by, after a line in the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.registers import download
from linli.edges.words.times import LOCAL
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.support.documents.actions import write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import RegisterFormat


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it goes to Excel. name: as the audit log calls it; notes: of what and by what rules it is."""

    name: str
    title: str
    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]


def hand_out(request: ViewerRequest, sheet: Sheet, said: Mapping[str, Any], at: datetime) -> HttpResponseBase:
    """Write a table out as Excel, after a line in the audit log. said: what that line says besides."""
    viewer, notes = request.viewer, [_("Demo data: people and cases are made up.")] if settings.IS_DEMO else []
    blocks = write_register(
        columns=sheet.columns, rows=sheet.rows, file_format=RegisterFormat.XLSX, title=sheet.title,
        notes="\n".join([*notes, *sheet.notes]), at=at,
    )  # fmt: skip
    write_line(
        district_id=viewer.district_id, kind=LineKind.EXPORTED, at=at, actor_id=viewer.person_id,
        object_kind="register", object_id=sheet.name, source_ip=address_of(request),
        data={"format": RegisterFormat.XLSX, **said},
    )  # fmt: skip
    return download(request, blocks, f"{sheet.title} {at.astimezone(LOCAL):%Y%m%d-%H%M}", RegisterFormat.XLSX)
