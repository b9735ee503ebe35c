"""What a process that serves can hold at a time."""

from linli.edges.cli.running import AT_ONCE
from linli.edges.live import app, halls


def test_process_still_answers_when_every_stream_it_may_have_is_open() -> None:
    assert AT_ONCE >= 1.5 * (app.MOST_CLIENTS + halls.MOST_CLIENTS)
