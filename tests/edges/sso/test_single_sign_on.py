"""Signing in by an account of the office's, against local fakes of the four providers; never against a real one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from tests.factories.district import DemoDistrict
from tests.factories.providers import ID, SECRET, FakeProvider, running

from linli.config.single_sign_on import SingleSignOn
from linli.ledger.audit.models import AuditLine
from linli.registry.people.models import Login, OfficeAccount, Person, Totp

ALL = ("oidc", "dingtalk", "feishu", "wecom")
WORKER = "grid_worker-1"


@pytest.fixture
def provider(settings: Any) -> Iterator[FakeProvider]:
    with running(FakeProvider()) as fake:
        two = (fake.url, fake.url)
        said = SingleSignOn(
            fake.url, ID, SECRET, "number", ID, SECRET, two, ID, SECRET, two, ID, "1000002", SECRET, two
        )
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, sso=said)
        yield fake


def link(provider: FakeProvider, code: str, username: str = WORKER) -> Login:
    login = Login.objects.get(username=username)
    OfficeAccount.objects.create(
        login=login, provider=code, subject=provider.subject, made_at=login.password_changed_at
    )
    return login


def leave(client: Client, code: str, target: str = "/desk/open/") -> str:
    answer = client.get(f"/desk/login/with/{code}/?next={target}")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def go(client: Client, provider: FakeProvider, code: str) -> Any:
    """Go there and back."""
    back = provider.come(leave(client, code))
    return client.get(back.removeprefix("http://testserver"))


def is_in(client: Client) -> bool:
    return client.get("/desk/account/").status_code == 200


@pytest.mark.parametrize("code", ALL)
def test_linked_account_signs_in(district: DemoDistrict, client: Client, provider: FakeProvider, code: str) -> None:
    login = link(provider, code)

    answer = go(client, provider, code)

    assert (answer.status_code, answer.headers["Location"], is_in(client)) == (302, "/desk/open/", True)
    line = AuditLine.objects.get(kind="login")
    assert (line.actor_id, line.data, line.outcome) == (login.person_id, {"by": code}, "done")


@pytest.mark.parametrize("code", ALL)
def test_account_that_nobody_linked_signs_nobody_in_and_makes_nobody(
    district: DemoDistrict, client: Client, provider: FakeProvider, code: str
) -> None:
    before = (Login.objects.count(), Person.objects.count())

    answer = go(client, provider, code)

    assert (answer.status_code, is_in(client)) == (403, False)
    assert (Login.objects.count(), Person.objects.count(), OfficeAccount.objects.count()) == (*before, 0)
    assert AuditLine.objects.get().outcome == "refused"


@pytest.mark.parametrize("code", ALL)
def test_state_has_to_be_this_browsers_own_and_counts_once(
    district: DemoDistrict, client: Client, provider: FakeProvider, code: str
) -> None:
    link(provider, code)
    back = provider.come(leave(client, code)).removeprefix("http://testserver")
    other = Client()
    leave(other, code)

    forged = [other.get(back), client.get(back.partition("&state=")[0] + "&state=é")]

    assert [answer.status_code for answer in forged] == [403, 403]
    assert client.get(back).status_code == 403
    assert [is_in(client), is_in(other)] == [False, False]


@pytest.mark.parametrize("code", ALL)
def test_secret_goes_to_the_provider_alone(
    district: DemoDistrict, client: Client, provider: FakeProvider, code: str
) -> None:
    assert SECRET not in leave(client, code)


@pytest.mark.parametrize("code", ["oidc", "feishu"])
def test_verifier_is_told_when_the_code_is_changed_and_not_before(
    district: DemoDistrict, client: Client, provider: FakeProvider, code: str
) -> None:
    link(provider, code)
    query = parse_qs(urlsplit(leave(client, code)).query)

    verifier = client.session["sso"]["trip"][3]
    assert query["code_challenge_method"] == ["S256"]
    assert verifier not in str(query)
    go(client, provider, code)
    assert len([said for _, _, said in provider.asked if "code_verifier" in said]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"}, {"aud": "another"}, {"iss": "https://another.example"}, {"exp": 1}, {"sub": ""},
        {"sub": 7}, {"aud": [ID, "another"]},
    ],
    ids=str,
)  # fmt: skip
def test_signed_word_that_is_not_for_us_signs_nobody_in(
    district: DemoDistrict, client: Client, provider: FakeProvider, wrong: dict[str, Any]
) -> None:
    link(provider, "oidc")
    back = provider.come(leave(client, "oidc")).removeprefix("http://testserver")
    provider.wrong = {name: value for name, value in wrong.items() if name != "iss"}
    if "iss" in wrong:
        provider.wrong = {"iss": wrong["iss"]}

    assert (client.get(back).status_code, is_in(client)) == (403, False)


def test_signature_by_another_key_signs_nobody_in(
    district: DemoDistrict, client: Client, provider: FakeProvider
) -> None:
    link(provider, "oidc")
    back = provider.come(leave(client, "oidc")).removeprefix("http://testserver")
    true_key, provider.key = provider.key, FakeProvider().key
    answer = provider.answer

    def with_true_keys(method: str, path: str, said: dict[str, str], headers: dict[str, str]) -> tuple[int, Any]:
        if path == "/keys":
            return 200, {"keys": [true_key.as_dict(private=False)]}
        return answer(method, path, said, headers)

    provider.answer = with_true_keys  # type: ignore[method-assign]
    assert (client.get(back).status_code, is_in(client)) == (403, False)


@pytest.mark.parametrize("code", ["oidc", "feishu"])
def test_number_of_the_roster_links_the_first_time(
    district: DemoDistrict, client: Client, provider: FakeProvider, code: str
) -> None:
    login = Login.objects.get(username=WORKER)
    provider.employee_code = Person.objects.get(id=login.person_id).code
    # The same number in the other district would be two people: then nobody gets in.
    Person.objects.filter(district_id="210105", code=provider.employee_code).update(code="ELSEWHERE")

    assert go(client, provider, code).status_code == 302
    assert OfficeAccount.objects.get().login_id == login.id
    provider.employee_code = ""
    assert go(Client(), provider, code).status_code == 302


def test_number_that_two_people_have_links_nobody(
    district: DemoDistrict, client: Client, provider: FakeProvider
) -> None:
    both = Login.objects.filter(username__in=[WORKER, "away-grid_worker"]).values("person_id")
    Person.objects.filter(id__in=both).update(code="SAME")
    provider.employee_code = "SAME"

    assert go(client, provider, "oidc").status_code == 403
    assert OfficeAccount.objects.count() == 0


def test_number_does_not_move_a_linked_person_to_another_account(
    district: DemoDistrict, client: Client, provider: FakeProvider
) -> None:
    login = link(provider, "oidc")
    Person.objects.filter(id=login.person_id).update(code="ONLY")
    provider.subject, provider.employee_code = "somebody-else", "ONLY"

    assert go(client, provider, "oidc").status_code == 403


def test_locked_login_stays_out(district: DemoDistrict, client: Client, provider: FakeProvider) -> None:
    link(provider, "wecom")
    Login.objects.update(is_active=False)

    assert go(client, provider, "wecom").status_code == 403


def test_second_factor_is_asked_for_all_the_same(
    district: DemoDistrict, client: Client, provider: FakeProvider
) -> None:
    login = link(provider, "dingtalk")
    Totp.objects.create(login=login, secret=b"x", confirmed_at=login.password_changed_at)

    answer = go(client, provider, "dingtalk")

    assert (answer.headers["Location"], is_in(client)) == ("/desk/login/code/", False)


def test_administrator_has_to_set_up_a_second_factor(
    district: DemoDistrict, client: Client, provider: FakeProvider, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    link(provider, "oidc", "security_admin")

    go(client, provider, "oidc")

    assert client.get("/desk/people/").headers["Location"] == "/desk/second-factor/"


@pytest.mark.parametrize("code", ALL)
def test_provider_that_fails_is_said_in_words(
    district: DemoDistrict, client: Client, provider: FakeProvider, code: str
) -> None:
    link(provider, code)
    back = provider.come(leave(client, code)).removeprefix("http://testserver")
    provider.answer = lambda *_: (500, {"message": "oops"})  # type: ignore[method-assign]

    answer = client.get(back)

    assert (answer.status_code, is_in(client)) == (403, False)
    assert "oops" not in answer.content.decode()


def test_provider_that_calls_itself_otherwise_is_not_gone_to(
    district: DemoDistrict, client: Client, provider: FakeProvider
) -> None:
    provider.wrong = {"issuer": "https://another.example"}

    assert client.get("/desk/login/with/oidc/").status_code == 403


def test_nothing_is_there_that_nobody_configured(district: DemoDistrict, client: Client) -> None:
    answers = [client.get(f"/desk/login/{way}/{code}/") for code in (*ALL, "none") for way in ("with", "from")]

    assert {answer.status_code for answer in answers} == {404}
    assert "/desk/login/with/" not in client.get("/desk/login/").content.decode()


def test_sign_in_page_offers_what_is_configured(district: DemoDistrict, client: Client, provider: FakeProvider) -> None:
    page = client.get("/desk/login/").content.decode()

    assert [code for code in ALL if f"/desk/login/with/{code}/" in page] == list(ALL)


def test_target_elsewhere_is_not_gone_to(district: DemoDistrict, client: Client, provider: FakeProvider) -> None:
    link(provider, "oidc")
    back = provider.come(leave(client, "oidc", "https://evil.example/")).removeprefix("http://testserver")

    assert client.get(back).headers["Location"] == "/desk/"


def test_security_administrator_links_and_unlinks(district: DemoDistrict, provider: FakeProvider) -> None:
    admin, person_id = district.login(Client(), "security_admin"), district.viewer("grid_worker").person_id
    page = f"/desk/people/{person_id}/"
    link_it = {"do": "link", "provider": "wecom", "subject": f" {provider.subject} "}

    assert admin.post(f"{page}login/", link_it).status_code == 302
    assert provider.subject in admin.get(page).content.decode()
    assert admin.post(f"{page}login/", link_it).status_code == 409
    client = Client()
    assert go(client, provider, "wecom").status_code == 302
    assert admin.post(f"{page}login/", {"do": "unlink", "provider": "wecom"}).status_code == 302
    assert (is_in(client), go(client, provider, "wecom").status_code) == (False, 403)
    kinds = set(AuditLine.objects.values_list("kind", flat=True))
    assert {"account_linked", "account_unlinked"} <= kinds


@pytest.mark.parametrize("role", ["community_secretary", "system_admin", "auditor"])
def test_nobody_else_links(district: DemoDistrict, provider: FakeProvider, role: str) -> None:
    client, person_id = district.login(Client(), role), district.viewer("grid_worker").person_id

    answer = client.post(f"/desk/people/{person_id}/login/", {"do": "link", "provider": "wecom", "subject": "x"})

    assert (answer.status_code, OfficeAccount.objects.count()) == (403, 0)
