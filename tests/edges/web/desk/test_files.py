"""Photos of cases: shown to whoever may see the case, to nobody else."""

import io

import pytest
from django.test import Client
from PIL import Image
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.opening import Caller, open_case
from linli.cases.choices import Source
from linli.support.files.actions import store_file


def report_with_photo(district: DemoDistrict) -> str:
    """Open a case of community 1 with a photo; give the photo's address."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "gray").save(picture, "JPEG")
    picture.seek(0)
    stored = store_file(district_id=district.id, file=picture, claimed_name="a.jpg", by="visitor:x", at=AT)
    report = district.report("compound", file_ids=(stored.id,))
    open_case(report=report, by=Caller(Source.PORTAL, "visitor:x"), at=AT)
    return f"/desk/files/{stored.id}"


@pytest.fixture
def photo(district: DemoDistrict, settings: object, tmp_path: object) -> str:
    settings.FILES_ROOT = tmp_path  # type: ignore[attr-defined]
    return report_with_photo(district)


@pytest.mark.parametrize("size", ["", "?size=thumbnail"])
def test_photo_is_shown_to_whoever_sees_the_case(district: DemoDistrict, photo: str, client: Client, size: str) -> None:
    answer = district.login(client, "grid_worker").get(photo + size)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"].startswith("private")
    answer.close()


@pytest.mark.parametrize(("role", "community"), [("grid_worker", 2), ("department_handler", 2), ("auditor", 1)])
def test_photo_is_not_there_for_others(
    district: DemoDistrict, photo: str, client: Client, role: str, community: int
) -> None:
    assert district.login(client, role, community=community).get(photo).status_code == 404


def test_unknown_size_is_not_there(district: DemoDistrict, photo: str, client: Client) -> None:
    assert district.login(client, "grid_worker").get(f"{photo}?size=huge").status_code == 404
