"""Photos: sent first and seen by the sender; attached later and seen by whoever sees the case."""

from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import BaseModel

from linli.cases.queries.detail import may_see_file
from linli.edges.api.openapi import answers, problems
from linli.edges.api.request import ApiRequest, look_up
from linli.edges.api.visitors import uploaders, waiting_files
from linli.edges.callers import address_of, caller_of, new_visitor, remember_visitor, visitor_of
from linli.edges.limits import FILES
from linli.kernel.errors import InvalidInput, NotFound
from linli.registry.territory.queries import served_districts
from linli.support.files.actions import store_file
from linli.support.files.queries import StoredFileRow, open_file

router = Router(tags=["files"])
_SENT = {"id": "0192f0c1-0000-7000-8000-000000000005",
         "thumbnail_url": "/api/v1/files/0192f0c1-0000-7000-8000-000000000005?size=thumbnail"}  # fmt: skip
_PICTURE = {"description": "The picture.", "content": {
    "image/jpeg": {"schema": {"type": "string", "format": "binary"}},
    "image/webp": {"schema": {"type": "string", "format": "binary"}},
}}  # fmt: skip


class SentAnswer(BaseModel):
    """A photo kept for a day; attach it by its id."""

    id: UUID
    thumbnail_url: str


@router.post("/files", operation_id="send_file", response={201: SentAnswer}, openapi_extra={
    "responses": {**answers({201: _SENT}), **problems(422, 429)},
})  # fmt: skip
def post_file(request: ApiRequest, response: HttpResponse, file: Annotated[UploadedFile, File()]) -> Status[SentAnswer]:
    """Send a photo (JPEG, PNG or WebP, at most 20 MB). What it says of place and device is taken away."""
    if not request.viewer.is_known:
        FILES.take(address_of(request))
    viewer, districts = request.viewer, served_districts()
    if not districts:
        raise InvalidInput("place_missing", field="file")
    stored = store_file(
        district_id=viewer.district_id or districts[0], file=file, claimed_name=file.name or "",
        by=caller_of(request, visitor_of(request)), at=request.at,
    )  # fmt: skip
    if not viewer.is_known and not visitor_of(request):
        remember_visitor(response, new_visitor(), is_secure=settings.SESSION_COOKIE_SECURE)
    return Status(201, SentAnswer(id=stored.id, thumbnail_url=f"/api/v1/files/{stored.id}?size=thumbnail"))


@router.get("/files/{uuid:file_id}", operation_id="get_file", openapi_extra={
    "responses": {200: _PICTURE, **problems(404, 422, 429)},
})  # fmt: skip
def get_file(
    request: ApiRequest, file_id: UUID, size: Annotated[Literal["thumbnail", "full", "covered"], Query()] = "full"
) -> FileResponse:
    """Give a picture to whoever sent it, until it is attached, and to staff who may see its case.

    covered: with numbers of people covered; 404 until a program has looked for them.
    """
    look_up(request)
    row = next(iter(waiting_files([file_id])), None)
    if row is None or not _may_see(request, row):
        raise NotFound("no_such_file")
    path = open_file(row, size)
    return FileResponse(path.open("rb"), content_type=row.content_type,
                        headers={"Cache-Control": "private, max-age=3600"})  # fmt: skip


def _may_see(request: ApiRequest, row: StoredFileRow) -> bool:
    if row.attached_at is None:
        return row.uploaded_by in uploaders(request)
    return request.viewer.is_known and may_see_file(viewer=request.viewer, file_id=row.id)
