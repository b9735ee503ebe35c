"""What several tests of pages look into."""

import io
import logging
from collections.abc import Iterator

import pytest

from linli.kernel.logs import JsonLine


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Take what all loggers say as JSON lines, from INFO on, as a server in operation writes it with LINLI_LOG=json."""
    taken = io.StringIO()
    handler = logging.StreamHandler(taken)
    handler.setFormatter(JsonLine())
    root, ours = logging.getLogger(), logging.getLogger("linli.edges.web.measuring")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield taken
    ours.setLevel(before)
    root.removeHandler(handler)
