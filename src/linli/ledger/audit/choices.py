"""What is written into the audit log."""

from enum import StrEnum


class LineKind(StrEnum):
    """What somebody did or tried."""

    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOGIN_LOCKED = "login_locked"
    LOGOUT = "logout"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of line, no password
    LOGIN_MADE = "login_made"
    LOGIN_ENDED = "login_ended"
    LOGIN_OPENED = "login_opened"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    SESSIONS_ENDED = "sessions_ended"
    RIGHTS_CHANGED = "rights_changed"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_ENDED = "token_ended"  # noqa: S105
    UNMASKED = "unmasked"
    VIEWED_SENSITIVE = "viewed_sensitive"
    EXPORTED = "exported"
    PRINTED = "printed"
    SETTINGS_CHANGED = "settings_changed"
    RETRIED = "retried"
    DATA_REQUESTED = "data_requested"
    DATA_ANSWERED = "data_answered"
    NOT_ALLOWED = "not_allowed"


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
