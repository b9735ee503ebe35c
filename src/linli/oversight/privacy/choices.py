"""What people can ask about their data, and how it ends."""

from enum import StrEnum


class RequestKind(StrEnum):
    """What is asked that somebody has to decide; seeing and copying is answered at once."""

    CORRECT = "correct"
    DELETE = "delete"


class Part(StrEnum):
    """What of the data shall go."""

    CONTACT = "contact"
    WORDS = "words"
    PHOTOS = "photos"


class RequestState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"


class Channel(StrEnum):
    """How it was asked."""

    PORTAL = "portal"
    DESK = "desk"


class Refusal(StrEnum):
    """Why not. Source: Personal Information Protection Law, art. 35, 45 to 47."""

    STILL_NEEDED = "still_needed"
    KEPT_BY_LAW = "kept_by_law"
    NOT_ONES_OWN = "not_ones_own"


# By when a request is answered at the latest. The law says "in time" (Personal Information Protection Law, art. 45 and
# 46); fifteen working days is what the national standard on handling requests asks for at most.
MOST_WORK_DAYS = 15
