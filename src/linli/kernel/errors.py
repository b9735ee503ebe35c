"""Errors that carry a code, so that edges can word them and choose a status.

LinliError
├── InvalidInput          422  a value that can't be taken; names the field
├── NotAllowed            403  the rights say no; says which rule
├── NotFound              404  nothing there, or nothing this person may see
├── Conflict              409  somebody was faster, or the state does not allow it
├── PreconditionFailed    412  the version named in If-Match is not the present one
├── PreconditionRequired  428  a change without If-Match
└── TooManyRequests       429  slow down; says for how long
"""


class LinliError(Exception):
    """What went wrong, as a code and plain values; edges put it into words.

    field: the input it is about, as the caller spelled it, or "".
    """

    def __init__(self, code: str, *, field: str = "", params: dict[str, str | int] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params: dict[str, str | int] = params or {}

    def __str__(self) -> str:
        said = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return " ".join(part for part in (self.code, self.field, said) if part)


class InvalidInput(LinliError):
    """A value that can't be taken."""


class NotAllowed(LinliError):
    """The rights say no."""


class NotFound(LinliError):
    """Nothing there, or nothing this person may see: the two look alike on purpose."""


class Conflict(LinliError):
    """Somebody was faster, or the present state does not allow it."""


class PreconditionFailed(LinliError):
    """The version named by the caller is not the present one."""


class PreconditionRequired(LinliError):
    """A change that names no version."""


class TooManyRequests(LinliError):
    """Too many in too short a time. params["wait_s"]: seconds until the next try."""
