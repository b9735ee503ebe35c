from dataclasses import dataclass

import pytest

from linli.kernel import bus


@dataclass(frozen=True)
class Rang:
    """Somebody rang."""

    times: int


class RangLouder(Rang):
    """An event of its own, though it is a kind of the other."""


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Hear with two ears; nobody hears afterwards."""
    monkeypatch.setattr(bus, "_receivers", type(bus._receivers)(list))
    heard: list[object] = []

    def first(event: Rang) -> None:
        heard.append(("first", event.times))

    def second(event: Rang) -> None:
        heard.append(("second", event.times))

    for receiver in (first, second, first):
        bus.subscribe(Rang, receiver)
    return heard


def test_event_reaches_each_receiver_once_in_order(heard: list[object]) -> None:
    bus.publish(Rang(3))

    assert heard == [("first", 3), ("second", 3)]


def test_event_of_another_type_reaches_nobody(heard: list[object]) -> None:
    bus.publish(RangLouder(1))
    bus.publish("rang")

    assert heard == []


def test_receiver_that_fails_is_not_swallowed(heard: list[object]) -> None:
    def fails(event: Rang) -> None:
        raise ValueError(event.times)

    bus.subscribe(Rang, fails)

    with pytest.raises(ValueError, match="7"):
        bus.publish(Rang(7))
