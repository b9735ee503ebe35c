"""What only callers of the API are told, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError

TITLES: Mapping[int, Any] = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("Sign in or send a token"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("This address does not take that method"),
    409: gettext_lazy("Not possible as things stand"),
    412: gettext_lazy("It was changed meanwhile"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("This kind of content is not taken"),
    422: gettext_lazy("A value cannot be taken"),
    428: gettext_lazy("Say which version you saw"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong on our side"),
    503: gettext_lazy("Too busy"),
}
_CODES: Mapping[str, Any] = {
    "token_unknown": gettext_lazy("This token is unknown, revoked or expired. Make a new one in the workbench."),
    "token_reads_only": gettext_lazy("This token may read only. Make one that may write."),
    "csrf_failed": gettext_lazy("The header X-CSRFToken is missing or old. Load the page again, or use a token."),
    "password_due": gettext_lazy("Set a new password in the workbench first."),
    "second_factor_due": gettext_lazy("Set up a second factor in the workbench first."),
    "if_match_missing": gettext_lazy("Send If-Match with the ETag of the case as you saw it."),
    "if_match_unreadable": gettext_lazy('If-Match is not an ETag of ours: send it as it came, like "3".'),
    "unknown_route": gettext_lazy("There is no such address. The list is at /api/v1/docs."),
    "method_not_allowed": gettext_lazy("This address does not take that method. What it takes is in the header Allow."),
    "body_unreadable": gettext_lazy("The body is not JSON that can be read."),
    "body_too_large": gettext_lazy("The body is too large."),
    "no_such_file": gettext_lazy("There is no such file, or it is not within your reach."),
    "unknown_area": gettext_lazy("There is no area with this code."),
    "unknown_parameter": gettext_lazy("There is no such name to ask by here. There are: %(names)s."),
    "unknown_bbox": gettext_lazy("bbox is four degrees: west,south,east,north."),
    "too_many_streams": gettext_lazy("Too many are watching. Ask /api/v1/events/state now and then instead."),
    "server_error": gettext_lazy("Something went wrong on our side. Nothing was changed; try again later."),
    "key_too_long": gettext_lazy("An Idempotency-Key has 1 to 200 characters."),
}
_FIELD_KINDS: Mapping[str, Any] = {
    "missing": gettext_lazy("This is missing."),
    "string_too_long": gettext_lazy("Too long: at most %(max_length)s."),
    "too_long": gettext_lazy("Too long: at most %(max_length)s."),
    "literal_error": gettext_lazy("One of: %(expected)s."),
    "enum": gettext_lazy("One of: %(expected)s."),
    "greater_than_equal": gettext_lazy("Not less than %(ge)s."),
    "less_than_equal": gettext_lazy("Not more than %(le)s."),
    "bool_parsing": gettext_lazy("Write true or false."),
    "int_parsing": gettext_lazy("Write a whole number."),
    "float_parsing": gettext_lazy("Write a number."),
    "uuid_parsing": gettext_lazy("Write an id as it came."),
    "not_text": gettext_lazy("There is a character in it that is no text."),
}


def say_problem(error: LinliError) -> str:
    """Word an error for a caller of the API."""
    said = _CODES.get(error.code)
    if said is None:
        return say_error(error)
    return str(said) % error.params if error.params else str(said)


def say_field(kind: str, context: Mapping[str, Any]) -> str:
    """Word what is wrong with a field, by pydantic's name for it."""
    said = _FIELD_KINDS.get(kind)
    if said is None:
        return str(gettext_lazy("This cannot be taken: look at its type in the documentation."))
    try:
        return str(said) % context
    except KeyError:
        return str(said)
