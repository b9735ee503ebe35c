"""Who the pages see: the session's login with the posts held today, and nobody once it has been idle."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.edges.request import ViewerRequest
from linli.edges.web.middleware import SEEN_KEY, signed_in_viewer
from linli.registry.people.models import Login
from linli.registry.people.rules import NOBODY, Viewer


def seen(client: Client) -> Viewer:
    """Go through the middleware with a client's cookies and tell whom it saw."""
    request: ViewerRequest = RequestFactory(cookies={}).get("/desk/")  # type: ignore[assignment]
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    found: list[Viewer] = []

    def respond(request: ViewerRequest) -> HttpResponse:
        found.append(request.viewer)
        request.session.save()
        return HttpResponse()

    signed_in_viewer(respond)(request)
    return found[0]


def idle(client: Client, for_how_long: timedelta) -> None:
    session = client.session
    session[SEEN_KEY] = int((timezone.now() - for_how_long).timestamp())
    session.save()


def test_signed_in_staff_are_seen_with_their_posts(district: DemoDistrict, client: Client) -> None:
    district.login(client, "grid_worker")

    assert seen(client) == district.viewer("grid_worker")


def test_resident_is_nobody_and_costs_no_query(district: DemoDistrict, client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        viewer = signed_in_viewer(lambda _: HttpResponse())(_plain_request())

    assert (viewer.status_code, len(captured)) == (200, 0)


def _plain_request() -> ViewerRequest:
    request: ViewerRequest = RequestFactory().get("/")  # type: ignore[assignment]
    return request


@pytest.mark.parametrize(("minutes", "is_known"), [(29, True), (31, False)])
def test_session_ends_after_thirty_idle_minutes(
    district: DemoDistrict,
    client: Client,
    minutes: int,
    is_known: bool,  # noqa: FBT001
) -> None:
    district.login(client, "grid_worker")
    idle(client, timedelta(minutes=minutes))

    assert seen(client).is_known == is_known
    assert seen(client).is_known == is_known


def test_use_keeps_a_session_alive(district: DemoDistrict, client: Client) -> None:
    district.login(client, "grid_worker")
    for _ in range(3):
        idle(client, timedelta(minutes=29))
        assert seen(client).is_known

    assert timezone.now().timestamp() - client.session[SEEN_KEY] < 60


def test_login_that_was_shut_is_nobody_at_once(district: DemoDistrict, client: Client) -> None:
    district.login(client, "grid_worker")
    Login.objects.filter(username="grid_worker-1").update(is_active=False)

    assert seen(client) == NOBODY


def test_session_from_before_a_change_of_password_is_nobody(district: DemoDistrict, client: Client) -> None:
    district.login(client, "grid_worker")
    Login.objects.filter(username="grid_worker-1").update(password_changed_at=timezone.now())

    assert seen(client) == NOBODY
