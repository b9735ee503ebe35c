"""The small territory of the factories, loaded."""

import pytest
from tests.factories.territory import Made, load_territory


@pytest.fixture
def made(db: None) -> Made:
    return load_territory()
