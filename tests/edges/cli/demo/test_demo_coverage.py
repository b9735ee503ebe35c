"""In the demo's own district every place has somebody for every function: what the demo shows opens with no hole."""

from collections import defaultdict

import pytest

from linli.edges.cli.demo.organisations import make_organisations
from linli.edges.cli.demo.people import make_staff
from linli.edges.cli.demo.places import make_places
from linli.registry.coverage.calc.covering import Cover, HeldPost, Place
from linli.registry.coverage.calc.default_functions import DEFAULT_FUNCTIONS
from linli.registry.coverage.choices import PlaceKind
from linli.registry.territory.calc.paths import DEFAULT_LEVELS


@pytest.mark.parametrize("district", ["210106", "210104", "210105"])
def test_demo_has_nobody_missing(district: str) -> None:
    places = make_places(districts=(district,))
    staff = make_staff(places, make_organisations(places))
    levels = {level.code: level.depth for level in DEFAULT_LEVELS}
    paths: dict[str, str] = {}
    for area in places.areas:
        above = f"{paths[area.parent_code]}/" if area.parent_code else ""
        paths[area.code] = above + area.code
    real = [area for area in places.areas if not area.is_pseudo]
    cover = Cover(
        depths={paths[area.code]: levels[area.level] for area in real}, levels=levels,
        posts=[HeldPost(post.id, post.role, paths[post.area_code]) for post in staff.posts if post.person_id],
    )  # fmt: skip
    spots: dict[str, set[str]] = defaultdict(set)
    for building in places.buildings:
        spots[building.compound_code].add(paths[building.subgrid_code])
    found = [
        Place(row.id, PlaceKind.COMPOUND, row.code, row.name, paths[row.community_code], tuple(spots[row.code]))
        for row in places.compounds
    ]  # fmt: skip

    holes = cover.holes(found, DEFAULT_FUNCTIONS)

    assert [(hole.place.code, hole.function.code, hole.areas) for hole in holes] == []
