"""Photos of cases, for whoever may see the case."""

from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from linli.cases.queries.detail import may_see_file
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.kernel.errors import NotFound
from linli.support.files.choices import PictureSize
from linli.support.files.queries import get_file, open_file


@require_GET
@staff_only
@tells_errors
def show_file(request: ViewerRequest, file_id: UUID) -> HttpResponseBase:
    """Send a photo, in full or as a thumbnail; a browser keeps it for itself for an hour."""
    viewer = request.viewer
    row = get_file(district_id=viewer.district_id, file_id=file_id)
    if row is None or not may_see_file(viewer=viewer, file_id=file_id):
        raise NotFound("file_removed")
    path = open_file(row, request.GET.get("size", PictureSize.FULL))
    response = FileResponse(path.open("rb"), content_type=row.content_type)
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
