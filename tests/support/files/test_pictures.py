"""Pictures made clean."""

import io

import pytest
from PIL import Image, ImageCms
from tests.support.files.pictures import BLUE, RED, exif_of_a_phone, opened, picture_bytes, png_claiming

from linli.kernel.errors import InvalidInput
from linli.support.files.calc.pictures import MAX_UPLOAD_BYTES, clean_picture


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 25 for one, other in zip(pixel, colour, strict=False))


def refusal(data: bytes) -> tuple[str, str, dict[str, str | int]]:
    with pytest.raises(InvalidInput) as caught:
        clean_picture(data)
    return caught.value.code, caught.value.field, caught.value.params


def test_picture_loses_place_owner_and_comment() -> None:
    sent = picture_bytes(exif=exif_of_a_phone(), comment=b"Wang Shili")
    assert b"DemoPhone" in sent
    assert dict(opened(sent).getexif().get_ifd(0x8825))
    picture = clean_picture(sent)
    for kept in (picture.full, picture.thumbnail):
        assert (dict(opened(kept).getexif()), b"Exif" in kept, b"Wang" in kept) == ({}, False, False)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_picture_of_another_type_loses_its_metadata_too(kind: str) -> None:
    sent = picture_bytes(kind, exif=exif_of_a_phone())
    picture = clean_picture(sent)
    assert b"DemoPhone" in sent
    assert (picture.content_type, b"DemoPhone" in picture.full, dict(opened(picture.full).getexif())) == (
        "image/webp", False, {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("orientation", "size", "left_top", "right_bottom"),
    [
        (1, (640, 480), RED, BLUE),
        (2, (640, 480), BLUE, RED),
        (3, (640, 480), BLUE, RED),
        (4, (640, 480), RED, BLUE),
        (5, (480, 640), RED, BLUE),
        (6, (480, 640), RED, BLUE),
        (7, (480, 640), BLUE, RED),
        (8, (480, 640), BLUE, RED),
        (99, (640, 480), RED, BLUE),
    ],
)
def test_picture_is_turned_upright(
    orientation: int, size: tuple[int, int], left_top: tuple[int, int, int], right_bottom: tuple[int, int, int]
) -> None:
    picture = clean_picture(picture_bytes(exif=exif_of_a_phone(orientation=orientation)))
    image = opened(picture.full)
    assert (picture.width, picture.height) == image.size == size
    assert near(image.getpixel((20, 20)), left_top)
    assert near(image.getpixel((size[0] - 20, size[1] - 20)), right_bottom)


def test_large_picture_is_made_small() -> None:
    picture = clean_picture(picture_bytes(size=(6000, 3000)))
    assert (picture.width, picture.height) == opened(picture.full).size == (2560, 1280)
    assert opened(picture.thumbnail).size == (360, 180)


def test_small_picture_is_not_blown_up() -> None:
    picture = clean_picture(picture_bytes(size=(90, 60)))
    assert (opened(picture.full).size, opened(picture.thumbnail).size) == ((90, 60), (90, 60))


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "RGBA", "1"])
def test_picture_in_another_colour_model_is_taken(mode: str) -> None:
    kind = "JPEG" if mode in {"L", "CMYK"} else "PNG"
    sent = _saved(opened(picture_bytes("PNG")).convert(mode), kind)
    assert opened(clean_picture(sent).full).mode in {"RGB", "RGBA"}


def test_transparency_is_kept() -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert opened(clean_picture(_saved(clear, "PNG")).full).getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_colour_profile_is_applied_and_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = opened(clean_picture(picture_bytes(icc_profile=profile)).full)
    assert near(image.getpixel((20, 20)), RED)
    assert "icc_profile" not in image.info


def test_unreadable_colour_profile_is_no_obstacle() -> None:
    assert clean_picture(picture_bytes(icc_profile=b"nothing")).width == 640


def test_animation_keeps_its_first_picture() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, BLUE)]
    picture = clean_picture(_saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    assert near(opened(picture.full).getpixel((5, 5)), RED)
    assert getattr(opened(picture.full), "n_frames", 1) == 1


@pytest.mark.parametrize(
    "data", [b"", b"just words", "路灯坏了".encode(), b"<svg onload='x'/>", b"%PDF-1.7", b"PK\3\4"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refusal(data) == ("file_not_an_image", "file", {})


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC"),
        (b"\0\0\0\x18ftypavif" + bytes(20), "AVIF"),
        (picture_bytes("GIF"), "GIF"),
        (picture_bytes("BMP"), "BMP"),
        (picture_bytes("TIFF"), "TIFF"),
    ],
)
def test_picture_of_a_type_not_taken_is_refused_with_what_is_taken(data: bytes, name: str) -> None:
    assert refusal(data) == ("file_type_not_taken", "file", {"type": name, "taken": "JPEG, PNG, WebP"})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_truncated_picture_is_refused(kind: str) -> None:
    whole = picture_bytes(kind)
    assert refusal(whole[: len(whole) // 2]) == ("file_broken", "file", {})


@pytest.mark.parametrize("side", [5_001, 10_000, 60_000])
def test_decompression_bomb_is_refused_unopened(side: int) -> None:
    assert refusal(png_claiming(side, side)) == ("file_too_large", "file", {"max_megapixels": 25})


def test_photo_of_a_phone_with_many_pixels_is_taken() -> None:
    picture = clean_picture(picture_bytes(size=(8000, 6000), quality=30))
    assert (picture.width, picture.height) == (2560, 1920)


def test_photo_of_too_many_pixels_is_refused() -> None:
    sent = picture_bytes(size=(8000, 6251), quality=30)
    assert refusal(sent) == ("file_too_large", "file", {"max_megapixels": 50})


def test_upload_that_is_too_large_is_refused() -> None:
    sent = picture_bytes() + bytes(MAX_UPLOAD_BYTES)
    assert refusal(sent) == ("file_too_large", "file", {"max_mb": 20})


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()
