"""When to try again."""

from datetime import timedelta

_FIRST_WAIT_S = 30
_LONGEST_WAIT_S = 6 * 3600  # a server that was away overnight is asked again before noon


def wait_before_next_try(tries: int) -> timedelta:
    """Double the wait with each failed try, from 30 seconds to 6 hours. tries: failed so far, from 1."""
    return timedelta(seconds=min(_FIRST_WAIT_S * 2 ** min(tries - 1, 20), _LONGEST_WAIT_S))
