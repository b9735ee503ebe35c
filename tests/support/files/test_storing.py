"""Files taken in."""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DataError, IntegrityError, transaction
from tests.support.files.conftest import AT, files_in
from tests.support.files.pictures import exif_of_a_phone, opened, picture_bytes

from linli.kernel.errors import InvalidInput, NotFound
from linli.support.files.actions import store_file
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, get_file, list_files, open_file

Store = Callable[..., StoredFileRow]


def test_stored_file_is_as_its_row_says(store: Store, district: str) -> None:
    row = store()
    data = open_file(row).read_bytes()
    assert row == StoredFileRow(
        id=row.id, district_id=district, kind="image", content_type="image/jpeg", width=640, height=480,
        sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data), uploaded_at=AT, uploaded_by="person:a",
        attached_at=None, removed_at=None, looked_at=None, numbers_seen=[],
    )  # fmt: skip
    assert get_file(district_id=district, file_id=row.id) == row


def test_stored_file_has_a_thumbnail(store: Store) -> None:
    assert opened(open_file(store(), "thumbnail").read_bytes()).size == (360, 270)


def test_stored_file_lies_in_its_district_by_its_last_digits(store: Store, root: Path) -> None:
    row = store()
    folder = root / "990101" / row.id.hex[-2:]
    assert files_in(root) == [folder / f"{row.id}.jpg", folder / f"{row.id}.thumbnail.jpg"]


def test_stored_file_can_be_read_by_the_owner_only(store: Store, root: Path) -> None:
    before = os.umask(0o000)
    try:
        store()
    finally:
        os.umask(before)
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in [root, *root.rglob("*")]}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_stored_file_has_lost_its_place(root: Path, district: str) -> None:
    sent = io.BytesIO(picture_bytes(exif=exif_of_a_phone(orientation=6)))
    row = store_file(district_id=district, file=sent, claimed_name="a.jpg", by="visitor:b", at=AT)
    assert dict(opened(open_file(row).read_bytes()).getexif()) == {}
    assert (row.width, row.height) == (480, 640)


def test_png_called_jpg_is_taken_for_what_it_is(root: Path, district: str) -> None:
    sent = io.BytesIO(picture_bytes("PNG"))
    row = store_file(district_id=district, file=sent, claimed_name="a.jpg", by="person:a", at=AT)
    assert (row.content_type, open_file(row).suffix) == ("image/webp", ".webp")


def test_refusal_names_the_file_and_leaves_nothing(root: Path, district: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        store_file(district_id=district, file=io.BytesIO(b"words"), claimed_name="现场.jpg", by="person:a", at=AT)
    error = caught.value
    assert (error.code, error.field, error.params) == ("file_not_an_image", "file", {"name": "现场.jpg"})
    assert (StoredFile.objects.count(), files_in(root)) == (0, [])


@pytest.mark.parametrize(("by", "error"), [("", IntegrityError), ("p" * 101, DataError)])
def test_row_that_cannot_be_written_leaves_no_files(store: Store, root: Path, by: str, error: type[Exception]) -> None:
    with pytest.raises(error), transaction.atomic():
        store(by=by)
    assert (StoredFile.objects.count(), files_in(root)) == (0, [])


def test_disk_that_cannot_be_written_leaves_no_row(store: Store, root: Path) -> None:
    root.write_bytes(b"a file where the folder should be")
    with pytest.raises(OSError, match="files"):
        store()
    assert StoredFile.objects.count() == 0


def test_file_of_another_district_is_not_found(store: Store) -> None:
    assert get_file(district_id="990102", file_id=store().id) is None


def test_files_come_in_the_order_asked_for(store: Store, district: str) -> None:
    one, two = store(), store()
    other = store(district_id="990102")
    assert list_files(district_id=district, file_ids=[two.id, other.id, one.id, two.id]) == [two, one]


@pytest.mark.parametrize("size", ["", "../../etc/passwd", "huge"])
def test_unknown_size_is_not_found(store: Store, size: str) -> None:
    with pytest.raises(NotFound, match="file_size"):
        open_file(store(), size)
