"""Many points located at once lie where each lies by itself."""

import numpy as np
from tests.factories.district import AT, DemoDistrict

from linli.registry.territory.queries import Locator, locate


def test_many_points_lie_where_each_does(district: DemoDistrict) -> None:
    middle = district.point_in("compound")
    steps = np.linspace(-0.02, 0.02, 41)
    grid = np.array([(middle.lng + east, middle.lat + north) for east in steps for north in steps])

    found = Locator(at=AT)(grid)

    assert found == [locate(lng=lng, lat=lat, crs="GCJ-02", at=AT) for lng, lat in grid.tolist()]
    assert {area.reason for area in found} >= {"inside", "outside"}


def test_no_points_are_nowhere(district: DemoDistrict) -> None:
    assert Locator(at=AT)(np.empty((0, 2))) == []
