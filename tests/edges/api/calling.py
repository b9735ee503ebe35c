"""Calling the API as somebody of the synthetic district."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from tests.factories.district import DemoDistrict

from linli.registry.people.actions.tokens import make_token

_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(frozen=True, slots=True)
class Calling:
    """Clients with tokens, and the calls that tests share."""

    district: DemoDistrict

    def token(self, role: str, *, community: int = 1, scope: str = "write") -> str:
        """Make a token for the holder of a role."""
        login_id = self.district.viewer(role, community=community).login_id
        assert login_id is not None
        made = make_token(login_id=login_id, name="test", scope=scope, days=1, source_ip="", at=timezone.now())
        return made.text

    def as_(self, role: str, *, community: int = 1, scope: str = "write") -> Client:
        """Give a client that sends such a token with each call."""
        return Client(headers={"Authorization": f"Bearer {self.token(role, community=community, scope=scope)}"})

    def report(self, client: Client, *, key: str = "", **said: Any) -> Any:
        """Report a burst pipe in the compound of community 1, unless said otherwise."""
        point = self.district.point_in()
        body = {"text": "水管爆裂", "category": "water_burst", "location": {"lng": point.lng, "lat": point.lat}} | said
        headers = {"Idempotency-Key": key} if key else {}
        return client.post("/api/v1/cases", body, content_type="application/json", headers=headers)

    def step(self, client: Client, case_id: UUID, name: str, version: int | None, **said: Any) -> Any:
        """Take a step with the version seen."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return client.post(f"/api/v1/cases/{case_id}/{name}", said, content_type="application/json", headers=headers)


def statements(caught: CaptureQueriesContext) -> list[str]:
    """Give what was asked of the database, without the transaction's own words."""
    return [query["sql"] for query in caught.captured_queries if not query["sql"].startswith(_CONTROL)]


def counting() -> CaptureQueriesContext:
    """Count the queries of a block."""
    return CaptureQueriesContext(connection)


def photo() -> SimpleUploadedFile:
    """Make a small picture."""
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "#8a9aa9").save(drawn, "JPEG")
    return SimpleUploadedFile("photo.jpg", drawn.getvalue(), "image/jpeg")
