"""The synthetic district in a database that threads and the listening connection see."""

import pytest
from tests.edges.live.watching import wait_for_listening
from tests.factories.district import DemoDistrict, make_district

from linli.edges.live.timing import Timing

# As in service, only quicker.
QUICK = Timing(
    debounce_s=0.02, check_s=(0.6, 0.7), turn_s=(0.05, 0.1), ping_s=(0.2, 0.3), reconnect_s=(0.05, 0.2), alive_s=0.5
)  # fmt: skip
PATIENT = Timing(debounce_s=0.02, check_s=(480, 480), ping_s=(60, 60), reconnect_s=(0.05, 0.2), alive_s=30)


@pytest.fixture
def district(transactional_db: None) -> DemoDistrict:
    wait_for_listening(0)
    return make_district()
