"""Districts that are served, and districts that are only drawn beside them."""

import pytest
from tests.factories.territory import NOW, Made, point

from linli.kernel.errors import InvalidInput
from linli.registry.territory.actions import NewDistrict, load_districts
from linli.registry.territory.queries import (
    areas_geojson,
    current_boundary_version,
    district_name,
    has_demo,
    locate,
    place_by_code,
    served_districts,
)

NEIGHBOUR = NewDistrict(code="210105", name="皇姑区", is_served=False)


def test_served_districts_leave_out_the_neighbour(made: Made) -> None:
    assert (served_districts(), has_demo()) == (["210105", "210106"], True)

    load_districts([NEIGHBOUR])

    assert (served_districts(), has_demo()) == (["210106"], False)
    assert [district_name(code) for code in ("210105", "210106", "999999")] == ["皇姑区", "铁西区", ""]


def test_neighbour_is_drawn_but_holds_no_point(made: Made) -> None:
    load_districts([NEIGHBOUR])

    assert locate(**point(0.1, 1.1), at=NOW).reason == "outside"
    assert locate(**point(0.3, 1), at=NOW).path == "210106"
    assert current_boundary_version("210105", at=NOW) == 1
    assert len(areas_geojson("210105", levels=["district", "community"], at=NOW)["features"]) == 2


def test_place_by_code_takes_served_districts_only(made: Made) -> None:
    load_districts([NEIGHBOUR])

    with pytest.raises(InvalidInput) as refusal:
        place_by_code(code="210105001006", at=NOW)

    assert refusal.value.code == "area_unknown"
    assert place_by_code(code="", at=NOW).path == "210106"
