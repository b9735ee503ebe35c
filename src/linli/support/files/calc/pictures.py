"""A picture somebody sent, made into one that is safe to keep and to show."""

import io
from dataclasses import dataclass

from PIL import Image, ImageCms

from linli.kernel.errors import InvalidInput
from linli.support.files.calc.signatures import taken_type
from linli.support.files.choices import PictureType

MAX_UPLOAD_BYTES = 20 * 2**20
# Phones send JPEGs of 48 megapixels, decoded at half size in some 100 MB. The other two are screenshots and drawings,
# whose decoders hold every pixel several times: 25 megapixels take some 300 (PNG) and 400 MB (WebP), for one moment.
MAX_MEGAPIXELS = {"JPEG": 50, "PNG": 25, "WebP": 25}
MAX_SIDE = 2560
THUMBNAIL_SIDE = 360
_QUALITY = 85  # of both encoders: faces and signs stay legible, some 0.5 to 1 MB a photo

# EXIF orientation -> what turns the picture upright. Source: CIPA DC-008 (Exif), tag 0x0112.
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean picture in both sizes, encoded; width, height: of the full one, in pixels."""

    content_type: PictureType
    full: bytes
    thumbnail: bytes
    width: int
    height: int


def clean_picture(data: bytes) -> Picture:
    """Decode, turn upright, make small, encode anew: only what is seen remains, no EXIF, place, name or comment.

    JPEG stays JPEG; PNG and WebP become WebP (transparency is kept, of animations the first frame). Colours come out
    as sRGB. Raises InvalidInput with field "file": file_too_large (params max_mb or max_megapixels),
    file_not_an_image, file_type_not_taken, file_broken.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidInput("file_too_large", field="file", params={"max_mb": MAX_UPLOAD_BYTES // 2**20})
    type_name = taken_type(data)
    content_type = PictureType.JPEG if type_name == "JPEG" else PictureType.WEBP
    full = _decoded(data, type_name)
    thumbnail = full.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Picture(content_type, _encoded(full, content_type), _encoded(thumbnail, content_type), *full.size)


def _decoded(data: bytes, type_name: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=[type_name]) as image:
            _require_few_pixels(image, type_name)
            image.draft(None, (MAX_SIDE, MAX_SIDE))  # a JPEG twice that size is decoded to half: less memory
            image.load()
            return _seen(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(type_name) from error
    except InvalidInput:
        raise
    except Exception as error:  # decoders of hostile bytes raise nearly anything: OSError, SyntaxError, struct.error
        raise InvalidInput("file_broken", field="file") from error


def _require_few_pixels(image: Image.Image, type_name: str) -> None:
    if image.width * image.height > MAX_MEGAPIXELS[type_name] * 1_000_000:
        raise _too_many_pixels(type_name)


def _too_many_pixels(type_name: str) -> InvalidInput:
    return InvalidInput("file_too_large", field="file", params={"max_megapixels": MAX_MEGAPIXELS[type_name]})


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - a photo with unreadable EXIF is still a photo
        return 1


def _seen(image: Image.Image) -> Image.Image:
    """Make what is seen of it: small first, so that the rest works on few pixels; nothing but pixels remains."""
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    has_that_profile = image.mode == mode
    seen = image if has_that_profile else image.convert(mode)
    seen.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if profile and has_that_profile:
        _turn_to_srgb(seen, profile)
    upright = seen.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else seen.copy()
    upright.info.clear()  # encoders write what they find there: comments, profiles
    return upright


def _turn_to_srgb(image: Image.Image, profile: bytes) -> None:
    """Convert the colours in place: phones send Display P3, which looks pale once its profile is gone."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), inPlace=True)
    except (ImageCms.PyCMSError, OSError):
        return  # a profile nobody can read changes nothing


def _encoded(image: Image.Image, content_type: PictureType) -> bytes:
    written = io.BytesIO()
    if content_type is PictureType.JPEG:
        image.convert("RGB").save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    else:
        image.save(written, "WEBP", quality=_QUALITY)
    return written.getvalue()
