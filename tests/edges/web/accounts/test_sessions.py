"""Where somebody is signed in: seen by its holder and who manages the login, ended one by one or all the others."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import PASSWORD, DemoDistrict

from linli.edges.live.who import Credential, viewer_behind
from linli.edges.web.middleware import SEEN_KEY
from linli.ledger.audit.models import AuditLine
from linli.registry.people.actions.sessions import forget_old_sessions
from linli.registry.people.models import Login, OpenSession

WINDOWS = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1"
WORKER = "grid_worker-1"


def enter(username: str = WORKER, *, device: str = WINDOWS, address: str = "203.0.113.7") -> Client:
    client = Client(headers={"user-agent": device}, REMOTE_ADDR=address)
    client.post("/desk/login/", {"username": username, "password": PASSWORD})
    return client


def session_of(client: Client) -> OpenSession:
    return OpenSession.objects.get(session_key=client.cookies["sessionid"].value)


def is_in(client: Client) -> bool:
    return client.get("/desk/account/").status_code == 200


def end(client: Client, of: Client) -> Any:
    return client.post(f"/desk/account/sessions/{session_of(of).id}/end/")


def test_each_signing_in_is_listed_with_device_and_place(district: DemoDistrict) -> None:
    here = enter()
    enter(device=IPHONE, address="10.0.0.9")
    enter("grid_worker-2", address="198.51.100.4")

    page = here.get("/desk/account/").content.decode()

    for words in ("Windows", "203.0.113.7", "10.0.0.9", "苹果手机"):
        assert words in page
    assert "198.51.100.4" not in page


def test_signing_in_makes_a_new_session_each_time(district: DemoDistrict) -> None:
    client = enter()
    first = client.cookies["sessionid"].value
    client.post("/desk/login/", {"username": WORKER, "password": PASSWORD})

    assert client.cookies["sessionid"].value != first
    assert not Session.objects.filter(session_key=first).exists()


def test_ending_one_ends_it_and_its_streams(district: DemoDistrict) -> None:
    here, there = enter(), enter(device=IPHONE)
    credential = Credential(session_key=there.cookies["sessionid"].value)
    assert viewer_behind(credential, at=timezone.now()).is_known

    assert end(here, there).status_code == 302

    assert (is_in(here), is_in(there), viewer_behind(credential, at=timezone.now()).is_known) == (True, False, False)
    assert AuditLine.objects.filter(kind="session_ended", object_id=WORKER).count() == 1


def test_ending_all_others_keeps_this_one(district: DemoDistrict) -> None:
    here, there, elsewhere, stranger = enter(), enter(), enter(), enter("grid_worker-2")

    here.post("/desk/account/sessions/end-others/")

    assert [is_in(each) for each in (here, there, elsewhere, stranger)] == [True, False, False, True]
    assert OpenSession.objects.filter(login__username=WORKER).count() == 1
    assert session_of(here).login.username == WORKER
    page = here.get("/desk/account/").content.decode()
    assert page.count("203.0.113.7") == 1


def test_session_of_somebody_else_cannot_be_ended(district: DemoDistrict) -> None:
    here, other = enter(), enter("grid_worker-2")

    assert end(here, other).status_code == 404
    assert is_in(other)


def test_signing_out_takes_it_off_the_list(district: DemoDistrict) -> None:
    client = enter()
    client.post("/desk/logout/")

    assert OpenSession.objects.count() == 0


def test_change_of_password_leaves_this_session_alone_on_the_list(district: DemoDistrict) -> None:
    here, there = enter(), enter(device=IPHONE)
    new = "another-made-up-2026"
    here.post("/desk/password/", {"old": PASSWORD, "new": new, "again": new})

    page = here.get("/desk/account/").content.decode()

    assert ("苹果手机" in page, "Windows" in page, is_in(there)) == (False, True, False)


def test_idle_session_is_not_listed_and_wiped_later(district: DemoDistrict) -> None:
    here = enter()
    enter(device=IPHONE)
    OpenSession.objects.filter(system="iphone").update(seen_at=timezone.now() - timedelta(minutes=31))

    assert "苹果手机" not in here.get("/desk/account/").content.decode()
    assert forget_old_sessions(at=timezone.now() + timedelta(hours=11)) == 0
    assert forget_old_sessions(at=timezone.now() + timedelta(hours=13)) == 2
    assert Session.objects.count() == 0


def test_use_is_noted_once_a_minute(district: DemoDistrict) -> None:
    client = enter()
    before = session_of(client).seen_at
    client.get("/desk/account/")
    assert session_of(client).seen_at == before

    session = client.session
    session[SEEN_KEY] -= 61
    session.save()
    client.get("/desk/account/")

    assert session_of(client).seen_at > before


def test_security_administrator_sees_and_ends_sessions_of_a_person(district: DemoDistrict) -> None:
    worker, admin = enter(device=IPHONE), enter("security_admin")
    page = f"/desk/people/{district.viewer('grid_worker').person_id}/"

    assert "苹果手机" in admin.get(page).content.decode()
    answer = admin.post(f"{page}login/", {"do": "session", "session": str(session_of(worker).id)})

    assert (answer.status_code, is_in(worker), is_in(admin)) == (302, False, True)
    assert AuditLine.objects.get(kind="session_ended").actor_id == district.viewer("security_admin").person_id


@pytest.mark.parametrize("role", ["community_secretary", "system_admin", "auditor"])
def test_others_see_and_end_nothing(district: DemoDistrict, role: str) -> None:
    worker, other = enter(device=IPHONE), enter(district.username(role))
    page = f"/desk/people/{district.viewer('grid_worker').person_id}/"

    answers = [other.get(page), other.post(f"{page}login/", {"do": "session", "session": str(session_of(worker).id)})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert is_in(worker)


def test_session_of_another_person_is_not_ended_under_a_managed_name(district: DemoDistrict) -> None:
    auditor, admin = enter("auditor"), enter("security_admin")
    page = f"/desk/people/{district.viewer('grid_worker').person_id}/"

    answer = admin.post(f"{page}login/", {"do": "session", "session": str(session_of(auditor).id)})

    assert (answer.status_code, is_in(auditor)) == (404, True)


@pytest.mark.parametrize("others", [0, 4])
def test_page_costs_the_same_however_many_there_are(district: DemoDistrict, others: int) -> None:
    here = enter()
    for _number in range(others):
        enter()

    with CaptureQueriesContext(connection) as caught:
        here.get("/desk/account/")

    assert len([query for query in caught if "people_opensession" in query["sql"]]) == 1


def test_stamp_of_a_session_is_its_logins(district: DemoDistrict) -> None:
    here = enter()

    assert session_of(here).stamped_at == Login.objects.get(username=WORKER).stamped_at
