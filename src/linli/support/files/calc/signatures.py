"""What a file is, by its first bytes and never by its name."""

from linli.kernel.errors import InvalidInput

TAKEN = ("JPEG", "PNG", "WebP")

_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
# Major brands of ISO/IEC 14496-12 files. Source: ISO/IEC 23008-12 annex B and the AVIF specification.
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})


def taken_type(data: bytes) -> str:
    """Tell JPEG, PNG or WebP.

    Raises InvalidInput: file_not_an_image, or file_type_not_taken with params "type" (HEIC, AVIF, GIF, BMP, TIFF) and
    "taken" (what to save it as instead), field "file".
    """
    found = _type(data)
    if not found:
        raise InvalidInput("file_not_an_image", field="file")
    if found not in TAKEN:
        raise InvalidInput("file_type_not_taken", field="file", params={"type": found, "taken": ", ".join(TAKEN)})
    return found


def _type(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        return "HEIC" if brand in _HEIF_BRANDS else "AVIF" if brand in _AVIF_BRANDS else ""
    return next((name for start, name in _STARTS if data.startswith(start)), "")
