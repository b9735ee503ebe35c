"""Numbers of people on photos: found, told by their kind, covered in a copy."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from tests.support.files.conftest import AT, files_in
from tests.support.files.pictures import picture_bytes

from linli.kernel.errors import NotFound
from linli.support.files.actions import attach_files, can_look, look_at_files, looking, remove_files, store_file
from linli.support.files.calc.numbers import Piece, covered_picture, find_on_picture
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, get_file, open_file

_FONT = next(Path("/usr/share/fonts").rglob("NotoSansCJK-Regular.ttc"), None)
_CALL, _CARD, _CAR = "联系电话 13804012345", "身份证 210102199003074493", "辽A·12345"


def drawn(*lines: str) -> bytes:
    """Draw lines as on a notice, a white sheet before something grey."""
    image = Image.new("RGB", (1200, 160 * len(lines) + 160), "#8a8f94")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 1140, image.height - 60), fill="white")
    for number, line in enumerate(lines):
        draw.text((120, 110 + 160 * number), line, font=ImageFont.truetype(str(_FONT), 56, index=2), fill="black")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=90)
    return written.getvalue()


def kinds_read_on(path: Path) -> list[str]:
    command = [sys.executable, "-m", "linli.support.files.calc.looking", str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program
    return list(json.loads(told)["kinds"])


@pytest.fixture
def attached(root: Path, district: str) -> Callable[[bytes], StoredFileRow]:
    """Store a picture and attach it."""

    def attach(data: bytes) -> StoredFileRow:
        row = store_file(district_id=district, file=io.BytesIO(data), claimed_name="", by="person:a", at=AT)
        return attach_files(district_id=district, file_ids=[row.id], by="person:a", at=AT)[0]

    return attach


def now(row: StoredFileRow) -> StoredFileRow:
    found = get_file(district_id=row.district_id, file_id=row.id)
    assert found is not None
    return found


@pytest.mark.skipif(not can_look() or _FONT is None, reason="needs rapidocr and Noto CJK")
def test_numbers_on_photos_are_found_and_covered_in_a_copy(
    attached: Callable[[bytes], StoredFileRow], caplog: pytest.LogCaptureFixture
) -> None:
    telling, harmless = attached(drawn(_CALL, _CARD, _CAR)), attached(drawn("楼道堆放杂物 请清理", "3号楼2单元"))
    original = open_file(telling).read_bytes()

    assert look_at_files(at=AT) == 2

    telling, harmless = now(telling), now(harmless)
    assert (telling.numbers_seen, harmless.numbers_seen) == (["id_number", "phone", "plate"], [])
    assert open_file(telling).read_bytes() == original
    assert open_file(telling, "covered") != open_file(telling)
    assert kinds_read_on(open_file(telling, "covered")) == []
    assert open_file(harmless, "covered") == open_file(harmless)
    assert "13804012345" not in caplog.text + str(list(StoredFile.objects.order_by("id").values()))
    assert look_at_files(at=AT) == 0


def test_what_nobody_looked_at_has_no_copy(attached: Callable[[bytes], StoredFileRow]) -> None:
    row = attached(picture_bytes())

    with pytest.raises(NotFound, match="photo_not_looked_at"):
        open_file(row, "covered")


@contextmanager
def reader_that_prints(told: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put a program in the reader's place: the outside world, which may break in the middle."""
    monkeypatch.setattr(looking, "can_look", lambda: True)
    monkeypatch.setattr(looking, "_READER", ("-c", f"print({told!r}, end='')"))
    yield


def test_a_photo_that_stops_the_reader_stays_hidden_and_the_next_one_waits(
    attached: Callable[[bytes], StoredFileRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [attached(picture_bytes()) for _ in range(3)]

    with reader_that_prints('{"kinds": [], "boxes": []}\n', monkeypatch):
        looked = look_at_files(at=AT)

    assert looked == 2
    assert [now(row).numbers_seen for row in rows] == [[], ["unread"], []]
    assert [now(row).looked_at is None for row in rows] == [False, False, True]
    with pytest.raises(NotFound, match="photo_not_looked_at"):
        open_file(now(rows[1]), "covered")


def test_the_copy_goes_with_the_photo(
    attached: Callable[[bytes], StoredFileRow], root: Path, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    row = attached(picture_bytes())
    with reader_that_prints('{"kinds": ["phone"], "boxes": [[10, 10, 90, 40]]}\n', monkeypatch):
        look_at_files(at=AT)
    there = len(files_in(root))

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        remove_files(district_id=row.district_id, file_ids=[row.id], at=AT)

    assert (there, files_in(root)) == (3, [])


def test_without_a_reader_nothing_is_asked(
    attached: Callable[[bytes], StoredFileRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = attached(picture_bytes())
    monkeypatch.setattr(looking, "can_look", lambda: False)

    assert (look_at_files(at=AT), now(row).looked_at) == (0, None)


@pytest.mark.parametrize(
    ("pieces", "kinds", "covered"),
    [
        ([("辽A", 0, 0, 90, 60), ("12345", 120, 2, 300, 62)], ["plate"], 2),
        ([("辽A", 0, 0, 90, 60), ("12345", 120, 200, 300, 260)], [], 0),
        ([("辽A", 0, 0, 90, 60), ("12345", 900, 0, 1000, 60)], [], 0),
        ([("3号楼", 0, 0, 90, 60), ("电话138 0401 2345", 0, 80, 400, 140)], ["phone"], 1),
        ([("210102199003074499", 0, 0, 500, 40)], ["other_number"], 1),
        ([("2026年11月29日 8:30", 0, 0, 500, 40), ("110", 0, 60, 50, 90)], [], 0),
    ],
)
def test_numbers_are_found_over_pieces_of_one_line(
    pieces: list[tuple[str, float, float, float, float]], kinds: list[str], covered: int
) -> None:
    found, boxes = find_on_picture([Piece(*piece) for piece in pieces])

    assert (found, len(boxes)) == (kinds, covered)


@pytest.mark.parametrize(("kind", "content_type"), [("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_a_covered_box_is_black_and_the_rest_stays(kind: str, content_type: str) -> None:
    covered = Image.open(io.BytesIO(covered_picture(picture_bytes(kind), content_type, [(40, 40, 200, 100)])))

    dark, left = covered.convert("RGB").getpixel((120, 70)), covered.convert("RGB").getpixel((40, 300))
    assert isinstance(dark, tuple)
    assert isinstance(left, tuple)
    assert max(dark) < 20
    assert left[0] > 180
