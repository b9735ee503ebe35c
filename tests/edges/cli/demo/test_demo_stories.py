"""The demo's stories: varied, in season, in place, the same each time."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely

from linli.edges.cli.demo.ids import chances
from linli.edges.cli.demo.places import make_places
from linli.edges.cli.demo.rows import Places, Story
from linli.edges.cli.demo.stories import TIME_ZONE, stories
from linli.edges.cli.demo.texts import categories, fill, in_season

CODES = {
    "water_burst", "drainage", "heating", "power", "gas", "streetlight", "road", "snow_ice", "garbage", "sanitation",
    "illegal_parking", "fire_hazard", "noise", "stall", "illegal_building", "green", "property_service", "elevator",
    "roof_leak", "dispute", "elder_help", "stray_animal", "pollution", "public_facility", "advice", "other",
}  # fmt: skip
AS_OF = datetime(2026, 11, 22, 10, 24, tzinfo=TIME_ZONE)
FROM = date(2025, 11, 22)


@pytest.fixture(scope="module")
def places() -> Places:
    return make_places()


@pytest.fixture(scope="module")
def year(places: Places) -> list[Story]:
    return list(stories(places, FROM, AS_OF, 5000, 1))


def test_categories_have_twelve_texts_each() -> None:
    assert {category.code for category in categories()} == CODES
    assert min(len(category.texts) for category in categories()) >= 12
    assert all(len(category.months) == 12 for category in categories())


def test_phrases_use_known_slots_only() -> None:
    slots = dict.fromkeys("bcdefghknst", "〇")
    for category in categories():
        phrases = [*category.titles, *category.texts, *category.effects, *category.asks, *category.arrived]
        phrases += [*category.handled, *category.accepted, *category.returned, *category.satisfied]
        for phrase in [*phrases, *category.dissatisfied]:
            assert not re.search(r"[\[\]{}|]", fill(phrase, slots, chances(seed=1, of="test")))


def test_stories_are_as_many_as_asked_in_order_and_in_time(year: list[Story]) -> None:
    times = [story.reported_at for story in year]
    assert len(year) == 5000
    assert times == sorted(times)
    assert datetime(2025, 11, 22, tzinfo=TIME_ZONE) <= times[0] <= times[-1] < AS_OF
    assert len({story.id for story in year}) == 5000


def test_stories_are_of_all_categories(year: list[Story]) -> None:
    assert {story.category for story in year} == CODES


def test_texts_are_mostly_distinct(year: list[Story]) -> None:
    assert len({story.text for story in year}) >= 0.9 * len(year)
    assert all(story.text and story.title and story.place for story in year)


def test_heating_and_snow_are_reported_in_season_only(year: list[Story]) -> None:
    months = {code: {story.reported_at.month for story in year if story.category == code} for code in CODES}
    assert months["heating"] == {11, 12, 1, 2, 3}
    assert months["snow_ice"] == {12, 1, 2}


@pytest.mark.parametrize("code", ["drainage", "roof_leak", "noise"])
def test_floods_and_noise_are_reported_most_in_summer(year: list[Story], code: str) -> None:
    months = Counter(story.reported_at.month for story in year if story.category == code)
    assert sum(months[month] for month in (7, 8)) > 2 * sum(months[month] for month in (1, 2))


def test_phrases_of_another_season_are_left_out() -> None:
    assert in_season(["雪|扫雪", "夏|蚊子", "路灯"], 1) == ["雪|扫雪", "路灯"]


def test_stories_lie_in_their_subgrid(places: Places, year: list[Story]) -> None:
    shapes = {row.area_code: row.geojson for row in places.boundaries}
    cells = [shapely.from_geojson(shapes[story.subgrid_code]) for story in year]
    assert all(shapely.covers(cells, shapely.points([(story.lng, story.lat) for story in year])))
    assert all(story.subgrid_code.startswith(story.grid_code) for story in year)


def test_stories_of_a_building_lie_within_metres_of_it(places: Places, year: list[Story]) -> None:
    buildings = {building.code: building for building in places.buildings}
    told = [(story, buildings[story.building_code]) for story in year if story.building_code is not None]
    assert len(told) > 1000
    assert all(abs(story.lng - at.lng) < 1e-4 and abs(story.lat - at.lat) < 1e-4 for story, at in told)


def test_stories_in_villages_have_no_storeys(places: Places, year: list[Story]) -> None:
    villages = {area.code for area in places.areas if area.kind == "村"}
    rural = [story for story in year if story.community_code in villages]
    assert len(rural) > 100
    assert not [story.text for story in rural if re.search("单元|电梯|物业|号楼", story.text + story.title)]


def test_lifts_fail_in_tall_buildings_only(places: Places, year: list[Story]) -> None:
    floors = {building.code: building.floors for building in places.buildings}
    assert (
        min(floors[story.building_code] for story in year if story.category == "elevator" and story.building_code) > 10
    )


def test_echoes_follow_their_story_nearby(year: list[Story]) -> None:
    by_id = {story.id: story for story in year}
    echoes = [(by_id[story.echo_of], story) for story in year if story.echo_of is not None]
    assert len(echoes) > 50
    for origin, echo in echoes:
        assert origin.category == echo.category
        assert origin.community_code == echo.community_code
        assert timedelta() < echo.reported_at - origin.reported_at <= timedelta(minutes=170)


def test_some_compounds_are_hot(year: list[Story]) -> None:
    counts = Counter(story.compound_code for story in year if story.compound_code is not None)
    assert counts.most_common(1)[0][1] > 10 * sum(counts.values()) / len(counts)


def test_reporters_are_invented_or_absent(year: list[Story]) -> None:
    phones = [story.reporter_phone for story in year if story.reporter_phone is not None]
    assert 0.6 < len(phones) / len(year) < 0.85
    assert all(re.fullmatch(r"1009\d{7}", phone) for phone in phones)
    assert all((story.reporter_name is None) == (story.reporter_phone is None) for story in year)
    assert not [story.text for story in year if re.search(r"\d{7,}", story.text)]
    assert {story.photos for story in year} == {0}


def test_same_seed_tells_the_same_and_another_seed_does_not(places: Places) -> None:
    first, again, other = (list(stories(places, FROM, AS_OF, 300, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_less_than_a_day_is_refused(places: Places) -> None:
    with pytest.raises(ValueError, match="a day at least"):
        list(stories(places, FROM, datetime(2025, 11, 22, 1, tzinfo=UTC), 10, 1))
