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
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    SECOND_FACTOR_ASKED = "second_factor_asked"
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_ENDED = "second_factor_ended"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    ACCOUNT_LINKED = "account_linked"
    ACCOUNT_UNLINKED = "account_unlinked"
    RIGHTS_CHANGED = "rights_changed"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_ENDED = "token_ended"  # noqa: S105
    UNMASKED = "unmasked"
    VIEWED_SENSITIVE = "viewed_sensitive"
    EXPORTED = "exported"
    ROWS_EXPORTED = "rows_exported"
    PRINTED = "printed"
    SETTINGS_CHANGED = "settings_changed"
    RETRIED = "retried"
    DATA_REQUESTED = "data_requested"
    DATA_ANSWERED = "data_answered"
    NOT_ALLOWED = "not_allowed"


class AlarmKind(StrEnum):
    """What somebody did more often than work explains."""

    EXPORTS = "exports"
    ROWS = "rows"
    UNMASKINGS = "unmaskings"
    REFUSALS = "refusals"


# How often within how many minutes is no alarm yet, until a district says otherwise.
DEFAULT_LIMITS: dict[AlarmKind, tuple[int, int]] = {
    AlarmKind.EXPORTS: (20, 60),
    AlarmKind.ROWS: (20_000, 60),
    AlarmKind.UNMASKINGS: (30, 60),
    AlarmKind.REFUSALS: (10, 10),
}
MOST, LONGEST_MINUTES = 10_000_000, 24 * 60


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
