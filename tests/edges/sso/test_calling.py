import pytest
from tests.factories.providers import FakeProvider, running

from linli.config.single_sign_on import HalfAProvider, read_single_sign_on
from linli.edges.sso.calling import call
from linli.edges.sso.provider import ProviderFailed


@pytest.mark.parametrize("url", ["http://example.org/", "ftp://example.org/", "file:///etc/passwd"])
def test_nothing_is_asked_without_tls(url: str) -> None:
    with pytest.raises(ProviderFailed, match="not_https"):
        call("GET", url)


@pytest.mark.parametrize("answer", [(200, []), (200, "text"), (302, {}), (500, {}), (200, {"x": "y" * 300_000})])
def test_only_an_object_of_reasonable_size_is_taken(answer: tuple[int, object]) -> None:
    with running(FakeProvider()) as fake:
        fake.answer = lambda *_: answer  # type: ignore[method-assign]
        with pytest.raises(ProviderFailed):
            call("GET", f"{fake.url}/")


def test_nobody_there_is_said_without_the_address() -> None:
    with pytest.raises(ProviderFailed) as caught:
        call("GET", "http://127.0.0.1:1/secret")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"LINLI_OIDC_ISSUER": "https://sso.example"}, "LINLI_OIDC_CLIENT_ID"),
        ({"LINLI_WECOM_CORP_ID": "ww1", "LINLI_WECOM_SECRET": "s"}, "LINLI_WECOM_AGENT_ID"),
        ({"LINLI_FEISHU_URLS": "https://one.example"}, "LINLI_FEISHU_URLS"),
        ({"LINLI_DINGTALK_URLS": "http://one.example,https://two.example"}, "LINLI_DINGTALK_URLS"),
    ],
)  # fmt: skip
def test_half_a_provider_is_named(said: dict[str, str], missing: str) -> None:
    with pytest.raises(HalfAProvider, match=missing):
        read_single_sign_on(said)


def test_two_addresses_are_read() -> None:
    said = read_single_sign_on({"LINLI_WECOM_URLS": "https://one.example/, https://two.example"})

    assert said.wecom_urls == ("https://one.example", "https://two.example")
