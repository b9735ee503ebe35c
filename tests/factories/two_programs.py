"""The two programs that check draws, asked the same: the one of sixty lines, and the one browsers run."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from tests.factories.draws import changed, random_record, with_added_keys

from linli.oversight.reviews.calc import verifying

SCRIPT = Path(__file__).resolve().parents[2] / "src/linli/edges/web/static/built/verify.js"
_AT_ONCE = 250


def load(page: Page) -> None:
    """Put the script into an empty page: no server, no network, and not what only secure pages have."""
    page.add_init_script("delete Crypto.prototype.subtle")
    page.goto("about:blank")
    page.add_script_tag(path=SCRIPT)


def disagreements(page: Page, texts: Iterator[str]) -> tuple[int, int, list[str]]:
    """Ask both about each text: how many were asked, how many both call valid, and those on which a line differs."""
    asked = valid = 0
    differ: list[str] = []
    waiting = list(texts)
    for begin in range(0, len(waiting), _AT_ONCE):
        some = waiting[begin : begin + _AT_ONCE]
        said = page.evaluate(
            "texts => texts.map(text => checkDraw(text).map(({code, holds, detail}) => [code, holds, detail]))", some
        )
        for text, lines in zip(some, said, strict=True):
            ours = verifying.check(text.encode("utf-8", "surrogatepass"))
            is_same = [(code, holds) for code, holds, _ in lines] == [(code, each[0]) for code, each in ours.items()]
            details = all(ours[code][1].endswith(detail) for code, _, detail in lines if code in ours)
            asked += 1
            valid += all(holds for holds, _ in ours.values())
            if not (is_same and details):
                differ.append(text)
    return asked, valid, differ


def written_anyhow(count: int, chance: random.Random, *, largest: int = 40) -> Iterator[str]:
    """Give random records, written with this or that spacing."""
    for _ in range(count):
        yield _written(random_record(chance, largest=largest), chance)


def spoilt(count: int, chance: random.Random) -> Iterator[str]:
    """Give records with one value changed, a key too many, a key twice, a sign less: most of them not valid."""
    for _ in range(count):
        record = random_record(chance, largest=12)
        text = _written(changed(record, chance), chance)
        match chance.randrange(4):
            case 0:
                text = _written(chance.choice([each for _, each in with_added_keys(record)]), chance)
            case 1:
                at = chance.randrange(len(text))
                text = text[:at] + text[at + 1 :]
            case 2:
                text = text.replace('"due"', '"due":false,"due"', 1)
        yield text


def _written(record: Any, chance: random.Random) -> str:
    return json.dumps(record, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 1]))
