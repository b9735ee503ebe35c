import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.support.files.pictures import picture_bytes

from linli.registry.territory.models import District
from linli.support.files.actions import store_file
from linli.support.files.queries import StoredFileRow

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def root(settings: Settings, tmp_path: Path) -> Path:
    """Name an empty folder for files."""
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def district(db: None) -> str:
    """Make two districts, 990101 and 990102; the first one's code."""
    District.objects.bulk_create([District(code="990101", name="示例区"), District(code="990102", name="示例二区")])
    return "990101"


@pytest.fixture
def store(root: Path, district: str) -> Callable[..., StoredFileRow]:
    """Store a small photo, by default of somebody called person:a at 2026-03-02 09:00 UTC."""

    def stored(*, by: str = "person:a", at: datetime = AT, district_id: str = district) -> StoredFileRow:
        file = io.BytesIO(picture_bytes())
        return store_file(district_id=district_id, file=file, claimed_name="现场.jpg", by=by, at=at)

    return stored


def files_in(folder: Path) -> list[Path]:
    """List all files below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
