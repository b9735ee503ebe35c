"""Where a stored picture lies below the folder of files."""

from pathlib import PurePosixPath
from uuid import UUID

from linli.support.files.choices import PictureSize, PictureType

_ENDINGS = {PictureType.JPEG: "jpg", PictureType.WEBP: "webp"}


def picture_place(district_id: str, file_id: UUID, content_type: str, size: PictureSize) -> PurePosixPath:
    """Make `<district>/<aa>/<id>.<ending>`, or `<id>.thumbnail.<ending>`.

    aa: the id's last two digits, which are random, so that no folder gets more than a 256th of the files; the first
    ones are the time. Raises ValueError for a district that is no six digits or a content type that is not kept.
    """
    if not (len(district_id) == 6 and district_id.isascii() and district_id.isdigit()):  # noqa: PLR2004 - GB/T 2260
        raise ValueError(f"{district_id!r} is no district's code.")
    name = str(file_id) if size is PictureSize.FULL else f"{file_id}.{size}"
    return PurePosixPath(district_id, file_id.hex[-2:], f"{name}.{_ENDINGS[PictureType(content_type)]}")


def file_id_of(name: str) -> UUID | None:
    """Read the id from a stored picture's name, finished or not; None for any other name."""
    try:
        return UUID(name.lstrip(".").split(".", maxsplit=1)[0])
    except ValueError:
        return None
