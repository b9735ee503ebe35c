"""Published sessions of reviews: those of public programmes for everybody, others for their district."""

import pytest
from django.test import Client
from tests.edges.api.calling import Calling
from tests.factories.district import AT, HOME
from tests.factories.reviews import make_review_programme

from linli.kernel.ids import new_id
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.actions.programmes import set_public
from linli.oversight.reviews.models import Publication, Session

LIST = "/api/v1/reviews/sessions"
BODY = '{"format":"linli-review/1"}'


@pytest.fixture
def published(calling: Calling) -> Session:
    """Publish the first two sessions of a programme that is not public. Gives the first."""
    programme, office = make_review_programme(calling.district), calling.district.viewer("review_office")
    make_year(programme_id=programme, year=AT.year + 1, by=office, at=AT)
    sessions = list(Session.objects.order_by("planned_at")[:2])
    for session in sessions:
        Publication.objects.create(id=new_id(), district_id=HOME, session=session, body=BODY, root="a" * 64,
                                   digest="b" * 64, made_at=session.planned_at)  # fmt: skip
    return sessions[0]


def _open(calling: Calling, session: Session) -> None:
    office = calling.district.viewer("review_office")
    set_public(programme_id=session.programme_id, is_public=True, by=office, source_ip="", at=AT)


def test_district_reads_what_others_do_not(calling: Calling, published: Session) -> None:
    address = f"{LIST}/{published.id}/publication.json"
    worker, away, nobody = calling.as_("grid_worker"), calling.as_("away-community_secretary"), Client()

    assert [len(client.get(LIST).json()["items"]) for client in (worker, away, nobody)] == [2, 0, 0]
    assert [client.get(address).status_code for client in (worker, away, nobody)] == [200, 404, 404]
    assert worker.get(address).content.decode() == BODY


def test_public_programme_is_read_by_everybody_page_by_page(calling: Calling, published: Session) -> None:
    _open(calling, published)
    first = Client().get(LIST, {"limit": 1}).json()
    second = Client().get(LIST, {"limit": 1, "cursor": first["next_cursor"]}).json()

    assert ([each["id"] for each in second["items"]], second["next_cursor"]) == ([str(published.id)], None)
    assert first["items"][0]["id"] != str(published.id)
    assert Client().get(second["items"][0]["publication"]).content.decode() == BODY
