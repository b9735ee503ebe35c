"""Visitors without a name: the same browser again, or somebody who can't show it.

A caller without the cookie who sends a key becomes a visitor whose secret follows from address and key. So the same
call sent again, with the cookie that the first answer set or without it, meets the same command; and a stranger at
the same address who sends that key too gets neither the cookie nor the code.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from linli.edges.api.request import ApiRequest
from linli.edges.callers import address_of, caller_of, new_visitor, visitor_of
from linli.kernel.crypto import keyed_digest
from linli.registry.territory.queries import served_districts
from linli.support.files.queries import StoredFileRow, list_files


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor's secret; is_new: it was made now, so the caller did not show it."""

    secret: str
    is_new: bool


def visitor_behind(request: ApiRequest, key: str) -> Visitor:
    """Tell the visitor, or make one; no query."""
    secret = visitor_of(request)
    if secret:
        return Visitor(secret, is_new=False)
    if not key:
        return Visitor(new_visitor(), is_new=True)
    return Visitor(keyed_digest(f"{address_of(request)}\0{key}", purpose="visitor").hex(), is_new=True)


def uploaders(request: ApiRequest) -> tuple[str, ...]:
    """List the names under which this caller may have sent files: their own, or their address before the cookie."""
    own = caller_of(request, visitor_of(request))
    return (own,) if request.viewer.is_known else tuple(dict.fromkeys((own, caller_of(request, ""))))


def uploader_of(request: ApiRequest, file_ids: Collection[UUID], caller: str) -> str:
    """Tell under which of their names the caller sent these files. 2 queries, none without files."""
    if not file_ids:
        return caller
    return next((row.uploaded_by for row in waiting_files(file_ids) if row.uploaded_by in uploaders(request)), caller)


def waiting_files(file_ids: Collection[UUID]) -> list[StoredFileRow]:
    """Read files of whatever district is served here. 1 query and 1 a district."""
    return [row for code in served_districts() for row in list_files(district_id=code, file_ids=file_ids)]
