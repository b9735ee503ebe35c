"""Photos of cases: shown to whoever may see the case, to nobody else."""

import io

import pytest
from django.test import Client
from PIL import Image
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.opening import Caller, open_case
from linli.cases.choices import Source
from linli.cases.models import Case
from linli.support.files.actions import store_file
from linli.support.files.models import StoredFile


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


def test_staff_are_told_what_a_photo_shows_and_pass_on_the_copy(
    district: DemoDistrict, photo: str, client: Client
) -> None:
    worker, page = district.login(client, "grid_worker"), f"/desk/cases/{Case.objects.get().id}/"
    StoredFile.objects.update(looked_at=AT, numbers_seen=[])
    clear = worker.get(page).content.decode()
    StoredFile.objects.update(numbers_seen=["phone", "plate"])

    told = worker.get(page).content.decode()

    assert ("照片上有" in clear, "size=covered" in clear) == (False, False)
    assert "照片上有手机号码、车牌号" in told
    assert f"{photo}?size=covered" in told
    assert worker.get(f"{photo}?size=covered").status_code == 404  # the program has not written it


def test_a_photo_nobody_looked_at_is_said_to_be_one(district: DemoDistrict, photo: str, client: Client) -> None:
    page = f"/desk/cases/{Case.objects.get().id}/"

    told = district.login(client, "grid_worker").get(page).content.decode()

    assert "还没有查找过号码，请勿转发。" in told
    assert "size=covered" not in told
