"""What a review is made of, in codes; the words stand in the glossary."""

from enum import StrEnum


class ReviewLevel(StrEnum):
    """Who reports to whom; every level runs the same thing for itself, with a chain of draws of its own."""

    DISTRICT = "district"
    MIDDLE = "middle"
    GRASSROOTS = "grassroots"


class Occasion(StrEnum):
    """What kind of session it is."""

    REGULAR = "regular"
    FIELD = "field"
    BORN_AFTER_1980 = "born_after_1980"
    MID_YEAR = "mid_year"
    YEAR_END = "year_end"


class Choosing(StrEnum):
    """How presenters are chosen: the three that were in use, one after the other; all are kept."""

    ROTA = "rota"
    NOTICE = "notice"
    SAME_DAY = "same_day"


class DrawState(StrEnum):
    """How far a draw is."""

    PLANNED = "planned"
    COMMITTED = "committed"
    LOCKED = "locked"
    DRAWN = "drawn"
    VOID = "void"


class RecordKind(StrEnum):
    """What a record of the chain tells of."""

    DRAW = "draw"
    VOID = "void"
    AMENDMENT = "amendment"


class ExcuseReason(StrEnum):
    """Why an organisation has no ticket this time; public, so codes alone: nothing about health, no names."""

    DISASTER = "disaster"
    REORGANISATION = "reorganisation"
    VACANT = "vacant"
    INSPECTION = "inspection"
    NATIONAL_TASK = "national_task"


class VoidReason(StrEnum):
    """Why a draw does not count; never because somebody dislikes the outcome."""

    MISREAD = "misread"
    WRONG_POOL = "wrong_pool"
    DISTURBED = "disturbed"
    EQUIPMENT = "equipment"


class StrikeReason(StrEnum):
    """Why an organisation should not have been on the list of a draw."""

    DISSOLVED = "dissolved"
    EXCUSED_BEFORE = "excused_before"
    LISTED_BY_MISTAKE = "listed_by_mistake"


class LeaveReason(StrEnum):
    """Why a deputy presents; approved before the draw's commit."""

    OFFICIAL_TRIP = "official_trip"
    TRAINING = "training"
    LEAVE = "leave"


class Phase(StrEnum):
    """Where a session stands. The last two before the end follow the last turn."""

    READY = "ready"
    TALK = "talk"
    COMMENT = "comment"
    SCORE = "score"
    RESULT = "result"
    SUMMARY = "summary"
    DEPLOYMENT = "deployment"
    CLOSED = "closed"


class BallotMode(StrEnum):
    """Who can find out whose ballot is whose: everybody; two people with a line in the log; nobody."""

    OPEN = "open"
    SEALED = "sealed"
    SECRET = "secret"  # noqa: S105 - a mode, no password


class RemarkKind(StrEnum):
    """What a leader said: on a report; what an organisation has to do; what the whole district has to do next."""

    COMMENT = "comment"
    ASSIGNMENT = "assignment"
    DEPLOYMENT = "deployment"


class ScreenRole(StrEnum):
    """What a page in the hall is for; lamps are shown by it."""

    SCREEN = "screen"
    HOST = "host"
    CLERK = "clerk"
    JUROR = "juror"
    PRESENTER = "presenter"
    VENUE = "venue"
