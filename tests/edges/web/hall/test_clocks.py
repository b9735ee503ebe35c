"""What screens show of the hall's time, with a bad network, wrong clocks, sleep and a server started again."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.edges.web.hall.scripts import PROJECT, compiled, run_node

pytestmark = pytest.mark.skipif(
    not (PROJECT / "frontend/node_modules/typescript").exists(), reason="the front end's packages are not here"
)


_PAUSES = """import { pauseAfter } from "./pacing.js";
console.log(JSON.stringify([0, 100, 400, 1000, 3000].map((took) => [0, 1].map((chance) => pauseAfter(took, chance)))));
"""


def test_page_without_a_stream_asks_less_of_a_busy_server_and_never_in_step(tmp_path: Path) -> None:
    folder = compiled(tmp_path, "pacing.ts")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "pauses.mjs").write_text(_PAUSES)
    pauses = json.loads(run_node(folder / "pauses.mjs"))

    assert pauses[0] == pauses[1] == [1600, pytest.approx(2200)]
    assert [pytest.approx(least / 0.8) for least, _ in pauses] == [2000, 2000, 3200, 8000, 10_000]
    assert all(most / least == pytest.approx(1.1 / 0.8) for least, most in pauses)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = compiled(tmp_path_factory.mktemp("hall"), "clock.ts")
    (folder / "package.json").write_text('{"type": "module"}')
    shutil.copy(Path(__file__).with_name("halls_of_clocks.mjs"), folder)
    found: dict[str, Any] = json.loads(run_node(folder / "halls_of_clocks.mjs"))
    return found


def test_two_hundred_screens_agree_with_the_server_and_each_other(seen: dict[str, Any]) -> None:
    assert seen["hall"]["p99"] <= 100
    assert seen["hall"]["spread"] <= 150
    assert seen["hall"]["rises"] == 0


def test_clock_goes_on_alone_for_eight_minutes(seen: dict[str, Any]) -> None:
    assert seen["cut"]["drift"] <= 50


def test_after_sleep_the_lost_minute_is_made_good(seen: dict[str, Any]) -> None:
    assert seen["sleep"]["asleep"] > 55_000
    assert seen["sleep"]["awake"] <= 100
    assert seen["sleep"]["rises"] == 0


def test_time_behind_is_glided_to_and_never_rises(seen: dict[str, Any]) -> None:
    assert seen["step"]["rises"] == 0
    assert seen["step"]["jump"] <= 1
    assert seen["step"]["off"] <= 1


def test_twenty_pauses_cost_less_than_fifty_milliseconds(seen: dict[str, Any]) -> None:
    assert seen["pauses"] <= 50


def test_figures_are_written_as_the_server_writes_them(seen: dict[str, Any]) -> None:
    assert seen["texts"] == ["08:00", "08:00", "07:59", "00:01", "00:00", "00:00", "+00:01", "+01:01"]
    assert seen["waits"] == [1000, 999.5, 1, 1, 1000, 999, 1, 1000]
    assert seen["marks"] == [0, 60_000, 60_000, 30_000, 30_000, 0, 0]
