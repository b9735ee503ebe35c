"""What several tests of the review begin with."""

import pytest
from tests.factories.district import DemoDistrict
from tests.factories.review import WHOLE_TURN, Sitting, make_sitting


@pytest.fixture
def scoring(district: DemoDistrict) -> Sitting:
    """Let a session come to the scores of its first turn."""
    sitting = make_sitting(district)
    sitting.press(*WHOLE_TURN)
    return sitting
