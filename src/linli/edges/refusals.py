"""A line of audit for each refusal by rights, on pages and in the API, so that somebody who tries doors is noticed."""

from contextlib import suppress

from django.utils import timezone

from linli.edges.callers import address_of
from linli.edges.limits import REFUSALS
from linli.edges.request import ViewerRequest
from linli.kernel.errors import LinliError, NotAllowed, TooManyRequests
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind, Outcome

# What is due first is asked of everybody; it tries no door.
_NO_DOORS = frozenset({"not_signed_in", "password_due", "second_factor_due", "csrf_failed", "token_unknown"})


def note_refusal(request: ViewerRequest, error: LinliError) -> None:
    """Write it down, if somebody known was refused by the rights. At most 2 queries; beyond a limit no more lines."""
    viewer = request.viewer
    if not isinstance(error, NotAllowed) or not viewer.is_known or error.code in _NO_DOORS:
        return
    with suppress(TooManyRequests):
        REFUSALS.take(str(viewer.person_id))
        write_line(
            district_id=viewer.district_id, kind=LineKind.NOT_ALLOWED, at=timezone.now(), actor_id=viewer.person_id,
            object_kind="address", object_id=request.path, outcome=Outcome.REFUSED, source_ip=address_of(request),
            data={"code": error.code},
        )  # fmt: skip
