"""What the tests of this room share."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from linli.kernel import bus
from linli.registry.coverage.events import HoleFilled, HoleStands


@pytest.fixture
def heard() -> Iterator[list[object]]:
    """Gather what the room tells of holes, in order."""
    events: list[object] = []
    with patch.dict(bus._receivers, {HoleStands: [events.append], HoleFilled: [events.append]}):
        yield events
