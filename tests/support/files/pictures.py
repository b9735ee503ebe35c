"""Pictures as people send them, made for the tests."""

import io
import zlib
from struct import pack
from typing import Any

from PIL import Image

RED, BLUE = (220, 20, 20), (20, 20, 220)


def picture_bytes(
    kind: str = "JPEG", *, size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: Any
) -> bytes:
    """Encode a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def exif_of_a_phone(*, orientation: int = 1) -> Image.Exif:
    """Make EXIF data with a maker, an owner and a place."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "DemoPhone"
    exif[0x8298] = "Wang Shili"
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (41.0, 48.0, 30.0), 3: "E", 4: (123.0, 25.0, 10.0)})
    return exif


def opened(data: bytes) -> Image.Image:
    """Decode a picture."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def png_claiming(width: int, height: int) -> bytes:
    """Make a PNG of a few bytes that says it is that large."""
    header = _chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", zlib.compress(bytes(1000))) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body))
