"""The minutes of a session as an official document, handed out with a line in the audit log."""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.minutes import minutes_document
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.oversight.reviews.queries.minutes import get_minutes
from linli.registry.territory.queries import has_demo
from linli.support.documents.actions import write_docx, write_pdf

_WRITERS = {
    "docx": (write_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (write_pdf, "application/pdf"),
}


@never_cache
@require_GET
@staff_only
@tells_errors
def minutes_file(request: ViewerRequest, meeting_id: UUID, file_format: str) -> HttpResponse:
    """Hand out the minutes as docx or PDF."""
    viewer = request.viewer
    minutes = get_minutes(viewer=viewer, meeting_id=meeting_id)
    document = minutes_document(minutes, is_demo=has_demo())
    write, content_type = _WRITERS[file_format]
    response = HttpResponse(write(document), content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.title)}.{file_format}"
    write_line(
        district_id=viewer.district_id, kind=LineKind.EXPORTED, at=timezone.now(), actor_id=viewer.person_id,
        object_kind="review_minutes", object_id=str(meeting_id), source_ip=address_of(request),
        data={"did": "minutes", "format": file_format, "turns": len(minutes.turns)},
    )  # fmt: skip
    return response
