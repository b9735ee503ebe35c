"""Ways out of the program, and how a delivery stands."""

from enum import StrEnum


class Channel(StrEnum):
    """By which way somebody is told outside; inside the program they are told always."""

    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"
    WEBHOOK = "webhook"


PERSONAL = (Channel.PUSH, Channel.EMAIL, Channel.SMS)
ROBOTS = (Channel.DINGTALK, Channel.WECOM, Channel.FEISHU)


class Whom(StrEnum):
    """What kind of recipient a delivery's recipient_id names."""

    PERSON = "person"
    REPORTER = "reporter"
    ROBOT = "robot"
    SYSTEM = "system"


class State(StrEnum):
    """How a delivery stands. QUEUED: not tried yet, maybe waiting for its digest; FAILED: will be tried again."""

    QUEUED = "queued"
    FAILED = "failed"
    SENT = "sent"
    GIVEN_UP = "given_up"


WAITING = (State.QUEUED, State.FAILED)


class Pace(StrEnum):
    """How soon somebody is told by a channel."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    MORNING = "morning"
