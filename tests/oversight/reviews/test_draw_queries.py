"""Draws as they are read: by staff of the district, and by everybody where the programme is public."""

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, DemoDistrict
from tests.factories.reviews import make_review_programme

from linli.kernel.errors import NotAllowed, NotFound
from linli.oversight.reviews.actions.drawing import commit_draw, lock_throw, reveal_draw, type_throw
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.calc import records, verifying
from linli.oversight.reviews.models import Draw, Programme
from linli.oversight.reviews.queries.draws import get_draw, get_record_bytes, list_published_draws
from linli.registry.people.rules import NOBODY


@pytest.fixture
def held(district: DemoDistrict) -> list[UUID]:
    """Hold the draws of three months; the fourth is only planned."""
    office = district.viewer("review_office")
    other = district.viewer("discipline_inspector")
    make_year(programme_id=make_review_programme(district), year=AT.year + 1, by=office, at=AT)
    months = list(Draw.objects.order_by("month").values_list("id", flat=True))[:4]
    for number, draw in enumerate(months[:3]):
        commit_draw(draw_id=draw, by=office, source_ip="", at=AT)
        for by in (office, other):
            type_throw(draw_id=draw, item="dice", value=f"{number:020}", by=by, at=AT)
        lock_throw(draw_id=draw, by=office, source_ip="", at=AT)
        reveal_draw(draw_id=draw, by=office, source_ip="", at=AT)
    return months


def test_draw_is_read_with_a_fixed_number_of_queries(district: DemoDistrict, held: list[UUID]) -> None:
    worker = district.viewer("grid_worker")
    with CaptureQueriesContext(connection) as captured:
        page = get_draw(viewer=worker, draw_id=held[0])

    assert (len(captured), page.size, page.take, page.may_run, page.throws[0].typed) == (5, 5, 3, False, 2)
    assert [len(stratum.drawn) for stratum in page.strata] == [1, 2]
    assert sorted(row.rank for row in page.strata[1].pool) == [0, 1, 2]


def test_planned_draw_shows_who_could_be_drawn(district: DemoDistrict, held: list[UUID]) -> None:
    page = get_draw(viewer=district.viewer("review_office"), draw_id=held[3])

    assert (page.state, page.size, page.take, page.commit_hash, page.may_run) == ("planned", 5, 3, "", True)
    assert [stratum.name for stratum in page.strata] == ["街道党工委", "部门党组"]


def test_draw_is_not_there_for_others(district: DemoDistrict, held: list[UUID]) -> None:
    with pytest.raises(NotFound):
        get_draw(viewer=district.viewer("away-community_secretary"), draw_id=held[0])
    with pytest.raises(NotAllowed):
        get_draw(viewer=NOBODY, draw_id=held[0])


def test_records_are_the_districts_own_until_the_programme_is_public(district: DemoDistrict, held: list[UUID]) -> None:
    def seen() -> list[int]:
        viewers = (district.viewer("grid_worker"), district.viewer("away-community_secretary"), NOBODY)
        return [len(list_published_draws(viewer=viewer)) for viewer in viewers]

    assert seen() == [3, 0, 0]
    for viewer in (district.viewer("away-community_secretary"), NOBODY):
        with pytest.raises(NotFound):
            get_record_bytes(viewer=viewer, draw_id=held[0])
    Programme.objects.update(is_public=True)
    assert seen() == [3, 3, 3]
    assert all(holds for holds, _ in verifying.check(get_record_bytes(viewer=NOBODY, draw_id=held[0])).values())


def test_api_gives_pages_and_the_bytes_that_were_hashed(district: DemoDistrict, held: list[UUID]) -> None:
    stranger = Client()
    assert stranger.get("/api/v1/reviews/draws").json() == {"items": [], "next_cursor": None}
    assert stranger.get(f"/api/v1/reviews/draws/{held[0]}/record.json").status_code == 404
    Programme.objects.update(is_public=True)

    codes, cursor = [], ""
    while cursor is not None:
        page = stranger.get(f"/api/v1/reviews/draws?limit=2&cursor={cursor}").json()
        codes += [item["code"][-4:] for item in page["items"]]
        cursor = page["next_cursor"]
    item = page["items"][-1]
    record = stranger.get(item["record"]).content

    assert codes == ["03/1", "02/1", "01/1"]
    assert (records.id_of(records.parse(record)), len(item["drawn"])) == (item["record_id"], 3)
    assert all(holds for holds, _ in verifying.check(record).values())
