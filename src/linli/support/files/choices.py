"""What kinds of files there are, and in which sizes a picture is kept."""

import enum


class FileKind(enum.StrEnum):
    """What a file is to people."""

    IMAGE = "image"


class PictureSize(enum.StrEnum):
    """full: long side at most 2,560 pixels; thumbnail: at most 360."""

    FULL = "full"
    THUMBNAIL = "thumbnail"


class PictureType(enum.StrEnum):
    """The content types a picture is kept as."""

    JPEG = "image/jpeg"
    WEBP = "image/webp"
