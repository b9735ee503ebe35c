"""What kinds of files there are, and in which sizes a picture is kept."""

import enum


class FileKind(enum.StrEnum):
    """What a file is to people."""

    IMAGE = "image"


class PictureSize(enum.StrEnum):
    """full: long side at most 2,560 pixels; thumbnail: at most 360; covered: full, with numbers of people blackened."""

    FULL = "full"
    THUMBNAIL = "thumbnail"
    COVERED = "covered"


class PictureType(enum.StrEnum):
    """The content types a picture is kept as."""

    JPEG = "image/jpeg"
    WEBP = "image/webp"


# What a look at a photo may find beside the kinds of `kernel/personal_words.py`.
OTHER_NUMBER, UNREAD = "other_number", "unread"
