import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.edges.words.devices import BROWSERS as BROWSER_WORDS
from linli.edges.words.devices import SYSTEMS as SYSTEM_WORDS
from linli.registry.people.calc.devices import BROWSERS, SYSTEMS, device_of

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/140.0 Safari/537.36", ("chrome", "windows")),
        (f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", ("edge", "windows")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("firefox", "linux")),
        (f"Mozilla/5.0 (Linux; Android 14; X) {_WEBKIT} Chrome/130.0 MicroMessenger/8.0", ("wechat", "android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", ("safari", "iphone")),
        (f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {_WEBKIT} Chrome/114.0 Safari/537.36", ("chrome", "harmony")),
        ("", ("other", "other")), ("curl/8.5", ("other", "other")),
    ],
)  # fmt: skip
def test_device_of(said: str, device: tuple[str, str]) -> None:
    assert device_of(said) == device


@given(st.text())
def test_whatever_is_said_has_words(said: str) -> None:
    browser, system = device_of(said)

    assert browser in BROWSER_WORDS
    assert system in SYSTEM_WORDS


def test_each_device_has_words() -> None:
    assert (set(BROWSER_WORDS), set(SYSTEM_WORDS)) == (BROWSERS, SYSTEMS)
