"""Signing in with a second factor over HTTP, and that an administrator without one comes nowhere."""

import re
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import PASSWORD, DemoDistrict

from linli.edges.limits import PROOFS
from linli.edges.live.who import Credential, viewer_behind
from linli.kernel.crypto import decrypt
from linli.registry.people.models import Totp
from linli.registry.people.queries.factors import PURPOSE

PAGE = "/desk/second-factor/"
BEYOND = ("/desk/", "/desk/people/", "/desk/people/new/", "/desk/account/", "/desk/tokens/", "/desk/audit/")


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def enter(client: Client, username: str = "security_admin") -> Any:
    return client.post("/desk/login/", {"username": username, "password": PASSWORD, "next": "/desk/people/"})


def code_of() -> str:
    totp = Totp.objects.get()
    return pyotp.TOTP(decrypt(totp.pending or totp.secret, purpose=PURPOSE)).now()


def set_up(client: Client) -> list[str]:
    """Set it up through the pages; gives the recovery codes, and lets a used code be used again."""
    client.post(PAGE, {"do": "begin", "password": PASSWORD})
    answer = client.post(PAGE, {"do": "confirm", "code": code_of()})
    Totp.objects.update(last_step=0)
    return re.findall(r"<code>([0-9-]{19})</code>", answer.content.decode())


@pytest.mark.parametrize("username", ["security_admin", "system_admin", "auditor"])
def test_administrator_without_one_is_led_to_it_and_comes_nowhere(
    district: DemoDistrict, client: Client, required: None, username: str
) -> None:
    enter(client, username)

    answers = [client.get(page) for page in BEYOND]
    assert {(answer.status_code, answer.headers.get("Location")) for answer in answers} == {(302, PAGE)}
    assert client.get(PAGE).status_code == 200
    api = client.get("/api/v1/cases")
    assert (api.status_code, api.json()["code"]) == (403, "second_factor_due")
    credential = Credential(session_key=client.cookies["sessionid"].value)
    assert not viewer_behind(credential, at=timezone.now()).is_known
    revoke = client.post("/desk/tokens/00000000-0000-0000-0000-000000000007/revoke/")
    assert (revoke.status_code, revoke.headers["Location"]) == (302, PAGE)


def test_once_it_is_set_up_the_way_is_free(district: DemoDistrict, client: Client, required: None) -> None:
    enter(client)
    codes = set_up(client)

    assert len(codes) == 10
    assert client.get("/desk/people/").status_code == 200
    credential = Credential(session_key=client.cookies["sessionid"].value)
    assert viewer_behind(credential, at=timezone.now()).is_known


def test_others_go_on_without(district: DemoDistrict, client: Client, required: None) -> None:
    enter(client, "grid_worker-1")

    assert client.get("/desk/").status_code == 200


def test_password_then_code_then_a_new_session(district: DemoDistrict, required: None) -> None:
    set_up(enter_in(first := Client()))
    client = Client()

    half = enter(client)
    key = client.cookies["sessionid"].value
    assert (half.status_code, half.headers["Location"]) == (302, "/desk/login/code/")
    assert client.get("/desk/people/").headers["Location"].startswith("/desk/login/")
    wrong = client.post("/desk/login/code/", {"code": "000000"})
    right = client.post("/desk/login/code/", {"code": code_of()})

    assert (wrong.status_code, right.status_code, right.headers["Location"]) == (403, 302, "/desk/people/")
    assert client.cookies["sessionid"].value != key
    assert (client.get("/desk/people/").status_code, first.get("/desk/people/").status_code) == (200, 200)


def enter_in(client: Client) -> Client:
    enter(client)
    return client


def test_recovery_code_signs_in(district: DemoDistrict, required: None) -> None:
    codes = set_up(enter_in(Client()))
    client = enter_in(Client())

    assert client.post("/desk/login/code/", {"code": codes[0]}).status_code == 302
    assert client.get("/desk/people/").status_code == 200


def test_code_page_is_for_whose_password_was_right(district: DemoDistrict, client: Client) -> None:
    answers = [client.get("/desk/login/code/"), client.post("/desk/login/code/", {"code": "000000"})]

    assert [answer.headers["Location"] for answer in answers] == ["/desk/login/"] * 2


def test_password_is_forgotten_after_five_minutes(district: DemoDistrict, required: None) -> None:
    set_up(enter_in(Client()))
    client = enter_in(Client())
    session = client.session
    session["half"] = session["half"] | {"at": timezone.now().timestamp() - 301}
    session.save()

    assert client.post("/desk/login/code/", {"code": code_of()}).headers["Location"] == "/desk/login/"


def test_session_from_before_the_second_factor_is_out(district: DemoDistrict, required: None) -> None:
    old = enter_in(Client())
    set_up(enter_in(Client()))

    assert old.get("/desk/people/").headers["Location"].startswith("/desk/login/")


def test_secret_is_shown_while_it_is_pending_and_never_after(district: DemoDistrict, client: Client) -> None:
    enter(client)
    client.post(PAGE, {"do": "begin", "password": PASSWORD})
    secret = decrypt(Totp.objects.get().pending, purpose=PURPOSE)

    before = client.get(PAGE).content.decode()
    set_up(client)
    after = client.get(PAGE).content.decode()

    assert (secret[:4] in before, "<svg" in before, "otpauth" in before) == (True, True, False)
    assert secret[:4] not in after
    assert "style=" not in before


def test_wrong_passwords_run_into_a_limit(district: DemoDistrict, client: Client) -> None:
    enter(client)
    statuses = [client.post(PAGE, {"do": "begin", "password": "wrong"}).status_code for _ in range(PROOFS.tries + 1)]

    assert statuses == [422] * PROOFS.tries + [429]
    assert client.post(PAGE, {"do": "begin", "password": PASSWORD}).status_code == 429
    assert Totp.objects.count() == 0


def test_security_administrator_takes_away_a_second_factor(district: DemoDistrict, client: Client) -> None:
    set_up(_as_worker())
    enter(client)
    page = f"/desk/people/{district.viewer('grid_worker').person_id}/"

    assert 'value="factor"' in client.get(page).content.decode()
    assert client.post(f"{page}login/", {"do": "factor"}).status_code == 302
    assert Totp.objects.count() == 0


def _as_worker() -> Client:
    client = Client()
    enter(client, "grid_worker-1")
    return client


def test_stranger_is_sent_to_sign_in(district: DemoDistrict, client: Client) -> None:
    assert client.get(PAGE).headers["Location"] == "/desk/login/"
