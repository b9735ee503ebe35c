"""The demo's places: the real list complete, the invented cells exact."""

from collections import Counter, defaultdict

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from linli.edges.cli.demo.catalogue import DISTRICTS
from linli.edges.cli.demo.drawing import draw
from linli.edges.cli.demo.places import make_places
from linli.edges.cli.demo.rows import Places

# 社区 and 村 by street, from the statistical list of 2023; 401 is the pseudo-unit with its virtual community.
COUNTS = {
    "210106": {
        "001": (26, 6), "003": (17, 0), "007": (16, 0), "013": (13, 0), "015": (21, 0), "019": (18, 0),
        "020": (23, 0), "021": (21, 0), "024": (20, 0), "026": (9, 15), "027": (4, 6), "029": (5, 6),
        "030": (1, 6), "031": (1, 13), "401": (0, 0),
    },
    "210104": {
        "002": (16, 0), "003": (13, 0), "006": (9, 4), "007": (14, 0), "008": (16, 0), "009": (16, 0),
        "012": (8, 0), "015": (14, 0), "017": (14, 0), "018": (6, 13),
    },
    "210105": {
        "001": (13, 0), "008": (16, 0), "013": (18, 0), "017": (18, 0), "019": (11, 0), "020": (16, 0),
        "021": (17, 0), "022": (13, 0), "023": (6, 1), "024": (7, 2),
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def places() -> Places:
    return make_places()


@pytest.fixture(scope="module")
def shapes(places: Places) -> dict[str, BaseGeometry]:
    return {row.area_code: shapely.from_geojson(row.geojson) for row in places.boundaries}


def test_communities_are_all_529(places: Places) -> None:
    communities = [area for area in places.areas if area.level == "community"]
    assert Counter(area.kind for area in communities) == {"社区": 456, "村": 72, "虚拟": 1}


@pytest.mark.parametrize("district", DISTRICTS)
def test_communities_by_street_are_those_of_the_list(places: Places, district: str) -> None:
    found: dict[str, Counter[str]] = {
        area.code[6:]: Counter() for area in places.areas if area.level == "subdistrict" and area.district == district
    }
    for area in places.areas:
        if area.level == "community" and area.district == district:
            found[area.code[6:9]][area.kind] += 1
    assert {street: (kinds["社区"], kinds["村"]) for street, kinds in found.items()} == COUNTS[district]


def test_codes_and_ids_are_unique(places: Places) -> None:
    areas = [area.code for area in places.areas]
    buildings = [building.code for building in places.buildings]
    compounds = [compound.code for compound in places.compounds]
    ids = [row.id for rows in (places.areas, places.boundaries, places.buildings, places.compounds) for row in rows]
    assert [len(set(codes)) for codes in (areas, buildings, compounds, ids)] == [
        len(codes) for codes in (areas, buildings, compounds, ids)
    ]


def test_codes_nest_by_length(places: Places) -> None:
    lengths = {"district": 6, "subdistrict": 9, "community": 12, "grid": 14, "subgrid": 16}
    codes = {area.code for area in places.areas}
    assert all(len(area.code) == lengths[area.level] for area in places.areas)
    assert all(
        area.parent_code in codes and area.code.startswith(area.parent_code)
        for area in places.areas
        if area.parent_code is not None
    )
    assert [area.code for area in places.areas if area.parent_code is None] == list(DISTRICTS)


def test_pseudo_unit_is_marked_and_lies_nowhere(places: Places, shapes: dict[str, BaseGeometry]) -> None:
    pseudo = [area.code for area in places.areas if area.is_pseudo]
    assert pseudo == ["210106401", "210106401498"]
    assert [area.code for area in places.areas if area.code not in shapes] == pseudo


def test_number_of_parts_is_as_planned(places: Places) -> None:
    parts = Counter(area.parent_code for area in places.areas if area.level in {"grid", "subgrid"})
    grids = {count for code, count in parts.items() if code is not None and len(code) == 12}
    subgrids = {count for code, count in parts.items() if code is not None and len(code) == 14}
    compounds = set(Counter(compound.community_code for compound in places.compounds).values())
    assert (grids, subgrids, compounds) == ({4, 5, 6, 7, 8}, {2, 3, 4}, {2, 3, 4})


def test_children_partition_their_parent(places: Places, shapes: dict[str, BaseGeometry]) -> None:
    children: dict[str, list[BaseGeometry]] = defaultdict(list)
    for area in places.areas:
        if area.parent_code is not None and area.code in shapes:
            children[area.parent_code].append(shapes[area.code])
    misses = [abs(sum(part.area for part in parts) - shapes[code].area) for code, parts in children.items()]
    overlaps = [code for code, parts in children.items() if not shapely.coverage_is_valid(parts)]
    assert max(misses) < 1e-12
    assert overlaps == []


def test_compounds_partition_their_community(places: Places, shapes: dict[str, BaseGeometry]) -> None:
    cells: dict[str, list[BaseGeometry]] = defaultdict(list)
    for compound in places.compounds:
        cells[compound.community_code].append(shapely.from_geojson(compound.geojson))
    assert max(abs(sum(cell.area for cell in parts) - shapes[code].area) for code, parts in cells.items()) < 1e-12
    assert all(shapely.coverage_is_valid(parts) for parts in cells.values())


def test_shapes_are_valid_and_have_six_decimals(shapes: dict[str, BaseGeometry]) -> None:
    values = [value for shape in shapes.values() for pair in shapely.get_coordinates(shape).tolist() for value in pair]
    assert all(shapely.is_valid(list(shapes.values())))
    assert all(round(value, 6) == value for value in values)


def test_buildings_lie_in_their_subgrid_and_in_one_compound(places: Places, shapes: dict[str, BaseGeometry]) -> None:
    points = shapely.points([(building.lng, building.lat) for building in places.buildings])
    subgrids = [shapes[building.subgrid_code] for building in places.buildings]
    compounds = [shapely.from_geojson(compound.geojson) for compound in places.compounds]
    point, compound = shapely.STRtree(compounds).query(points, predicate="within")
    mine = [(index, building.compound_code) for index, building in enumerate(places.buildings)]
    assert all(shapely.within(points, subgrids))
    assert sorted((int(at), places.compounds[of].code) for at, of in zip(point, compound, strict=True)) == mine


def test_compounds_and_grids_cross(places: Places) -> None:
    grids: dict[str, set[str]] = defaultdict(set)
    compounds: dict[str, set[str]] = defaultdict(set)
    for building in places.buildings:
        grids[building.compound_code].add(building.subgrid_code[:14])
        compounds[building.subgrid_code[:14]].add(building.compound_code)
    assert sum(len(found) > 1 for found in grids.values()) > 0.9 * len(grids)
    assert sum(len(found) > 1 for found in compounds.values()) > 0.5 * len(compounds)


def test_households_add_up(places: Places) -> None:
    districts = {area.code: area.households for area in places.areas if area.level == "district"}
    subgrids = sum(area.households for area in places.areas if area.level == "subgrid")
    assert sum(districts.values()) == subgrids == sum(building.households for building in places.buildings)


def test_building_names_are_unique_in_a_compound(places: Places) -> None:
    names = {(building.compound_code, building.name) for building in places.buildings}
    assert len(names) == len(places.buildings)


def test_compound_names_are_unique_in_a_community(places: Places) -> None:
    names = {(compound.community_code, compound.name) for compound in places.compounds}
    assert len(names) == len(places.compounds)
    assert ("210106003007", "新喜小区") in names


def test_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    first, again, other = (draw("210105", seed=seed).areas for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_district_is_the_same_alone_and_among_others(places: Places) -> None:
    alone = make_places(districts=("210105",))
    assert alone.areas == tuple(area for area in places.areas if area.district == "210105")
    assert alone.buildings == tuple(row for row in places.buildings if row.district == "210105")


def test_building_of_the_guide_stands_in_grid_02(places: Places) -> None:
    compound = next(row.code for row in places.compounds if row.name == "新喜小区")
    mine = {row.name: row.subgrid_code[:14] for row in places.buildings if row.compound_code == compound}
    assert mine["12号楼"] == "21010600300702"
