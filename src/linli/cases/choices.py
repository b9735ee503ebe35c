"""The closed lists of the room. What a district may change (categories, steps, deadlines) is data, in `rulebooks`."""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands. MERGED: with another one, outside the table of stages, until it is taken out again."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    REPORTED_BACK = "reported_back"
    VERIFIED = "verified"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"


# Nobody has anything to do with these: they are in no list of open cases.
FINISHED = frozenset({State.CLOSED, State.REJECTED, State.MERGED})
TABLED = frozenset(State) - {State.MERGED}  # the states that a table of stages may name


class Action(StrEnum):
    """What can be done to a case; each one is a step in its history."""

    REPORT = "report"
    ACCEPT = "accept"
    REJECT = "reject"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    REPORT_BACK = "report-back"
    VERIFY = "verify"
    CLOSE = "close"
    RETURN = "return"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    SUSPEND = "suspend"
    RESUME = "resume"
    JOIN = "join"
    OVERRIDE = "override"
    NOTE = "note"
    RECATEGORISE = "recategorise"
    HAND_OVER = "hand-over"
    SETTLE = "settle"
    MERGE = "merge"
    UNMERGE = "unmerge"
    WARN = "warn"
    ESCALATE = "escalate"
    DISPUTE = "dispute"
    UPHOLD = "uphold"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    WHISTLE = "whistle"
    REPORT_IN = "report-in"
    OPINION = "opinion"
    EVALUATE = "evaluate"
    CHANGE_LEAD = "change-lead"
    TAKE_BACK = "take-back"
    ASK_TIME = "ask-time"
    GRANT_TIME = "grant-time"
    REFUSE_TIME = "refuse-time"
    LAPSE_TIME = "lapse-time"
    REMIND = "remind"
    SUPERVISE = "supervise"
    ANSWER_SUPERVISION = "answer-watch"
    CLOSE_SUPERVISION = "close-watch"
    CALL_OFF_SUPERVISION = "call-off-watch"
    GIVE_CARD = "give-card"
    APPEAL_CARD = "appeal-card"
    UPHOLD_CARD = "uphold-card"
    TAKE_BACK_CARD = "take-back-card"


LADDER = frozenset({Action.WARN, Action.ESCALATE})
# Deeds on a case beside the table of stages, which change no stage: between offices, never shown to reporters.
BESIDE_STAGES = frozenset({
    Action.RECATEGORISE, Action.DISPUTE, Action.REFUSE, Action.WITHDRAW, Action.WHISTLE, Action.REPORT_IN,
    Action.OPINION, Action.EVALUATE, Action.CHANGE_LEAD, Action.TAKE_BACK,
})  # fmt: skip


class DisputeEnd(StrEnum):
    """How a dispute about who has to deal with a case ended; `OPEN`: it is not decided yet."""

    OPEN = ""
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


TIME = frozenset({Action.ASK_TIME, Action.GRANT_TIME, Action.REFUSE_TIME, Action.LAPSE_TIME, Action.REMIND})
SUPERVISING = frozenset(
    {
        Action.SUPERVISE,
        Action.ANSWER_SUPERVISION,
        Action.CLOSE_SUPERVISION,
        Action.CALL_OFF_SUPERVISION,
        Action.GIVE_CARD,
        Action.APPEAL_CARD,
        Action.UPHOLD_CARD,
        Action.TAKE_BACK_CARD,
    }
)
# What stands in a history beside the table of stages: the state stays, and it is staff's alone.
BESIDE_TABLE = LADDER | TIME | SUPERVISING


class TimeKind(StrEnum):
    """What time is asked for: days on top of the solution's deadline, or a longer hold."""

    EXTENSION = "extension"
    HOLD = "hold"


class RequestState(StrEnum):
    """Where a request for time stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


class SupervisionReason(StrEnum):
    """Why a higher level watches a case."""

    OVERDUE = "overdue"
    CAME_BACK = "came_back"
    DISSATISFIED = "dissatisfied"
    IMPORTANT = "important"


class SupervisionState(StrEnum):
    """Where a supervision stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CardColour(StrEnum):
    """A yellow card warns an organisation; a red one says that it was warned."""

    YELLOW = "yellow"
    RED = "red"


class CardReason(StrEnum):
    """What the rules give a card for."""

    OVERDUE = "overdue"
    OVERDUE_AGAIN = "overdue_again"
    SUPERVISION_MISSED = "supervision_missed"


class CardState(StrEnum):
    """Where a card stands; one that was taken back counts nowhere."""

    GIVEN = "given"
    APPEALED = "appealed"
    UPHELD = "upheld"
    TAKEN_BACK = "taken_back"


class Source(StrEnum):
    """By which way a case came in."""

    PORTAL = "portal"
    DESK = "desk"
    API = "api"
    HOTLINE = "hotline"
    SYSTEM = "system"
    REVIEW = "review"
    PHONE = "phone"
    PREVENTION = "prevention"
    VISIT = "visit"


class ConsentWay(StrEnum):
    """By which way a contact came that stands with a version of the consent text.

    PORTAL: whoever left it read the text there. STAFF: written down by staff, on the telephone or at the counter, with
    the text before them. HOTLINE, API: with an order of the hotline, or sent by a program; these answer for having
    asked.
    """

    NONE = ""
    PORTAL = "portal"
    STAFF = "staff"
    HOTLINE = "hotline"
    API = "api"


class ClockKind(StrEnum):
    """The two promises of a case."""

    RESPONSE = "response"
    SOLUTION = "solution"


class BesideClock(StrEnum):
    """The clocks beside these two: who decides a dispute, who was called to report in, who leads to give an opinion."""

    DISPUTE = "dispute"
    REPORT_IN = "report-in"
    OPINION = "opinion"


class RulebookKind(StrEnum):
    """The documents a district runs by: five for its cases (CASE_BOOKS), and what its rates are counted by."""

    CATEGORIES = "categories"
    WORKFLOW = "workflow"
    DISPATCH = "dispatch"
    DEADLINES = "deadlines"
    PRIORITY = "priority"
    RATES = "rates"


# What cases run by; each names the versions it was opened under.
CASE_BOOKS = frozenset(RulebookKind) - {RulebookKind.RATES}


class LeftOutKind(StrEnum):
    """By what cases can be left out of the rates."""

    CATEGORY = "category"
    SOURCE = "source"


class DueLeftOut(StrEnum):
    """What may be left out of what was due to be dealt with: cases on hold, cases that were given more time."""

    HELD = "held"
    EXTENDED = "extended"


class RatesBy(StrEnum):
    """By what the lines of a table of rates are told apart."""

    AREA = "area"
    ORGANISATION = "organisation"
    CATEGORY = "category"
    PERIOD = "period"


class VerifiedBy(StrEnum):
    """How it was found out whether the problem is gone."""

    REPORTER = "reporter"
    CALL = "call"
    VISIT = "visit"
    TIMEOUT = "timeout"


class Satisfaction(StrEnum):
    """What the reporter said; `UNKNOWN` when nobody was reached."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"
    UNKNOWN = "unknown"


class FileKind(StrEnum):
    """What a photo of a case shows."""

    REPORT = "report"
    EVIDENCE = "evidence"
