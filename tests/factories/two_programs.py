"""The two programs that check draws, asked the same: the one of sixty lines, and the one browsers run."""

import json
import random
import runpy
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.factories.draws import changed, counted_record, random_record, with_added_keys

from linli.oversight.reviews.calc import verifying

if TYPE_CHECKING:  # the benchmarks are run without a browser
    from playwright.sync_api import Page

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "src/linli/edges/web/static/built/verify.js"
_IN_NODE = Path(__file__).with_name("verify_many.js")
_AT_ONCE = 250
# Texts of records in; for each its checks in order: code, whether it holds, what to compare by eye.
Ask = Callable[[list[str]], list[list[Any]]]


@dataclass
class Compared:
    """What came of asking both.

    valid: by both; accepted: by either; differ: texts on which a line differs; slowest_s: of the Python one.
    """

    asked: int = 0
    valid: int = 0
    accepted: int = 0
    differ: list[str] = field(default_factory=list)
    slowest_s: float = 0.0


def in_page(page: "Page") -> Ask:
    """Put the script into an empty page: no server, no network, and not what only secure pages have."""
    page.add_init_script("delete Crypto.prototype.subtle")
    page.goto("about:blank")
    page.add_script_tag(path=SCRIPT)
    return lambda texts: page.evaluate(
        "texts => texts.map(text => checkDraw(text).map(({code, holds, detail}) => [code, holds, detail]))", texts
    )


@contextmanager
def in_node() -> Iterator[Ask]:
    """Run the script in the Node that built it, one process for all that is asked."""
    node = runpy.run_path(str(PROJECT / "tools/frontend"))["find_node"]().program
    command = [str(node), str(_IN_NODE), str(SCRIPT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        asked, said = running.stdin, running.stdout
        if asked is None or said is None:
            raise RuntimeError("no pipes")

        def ask(texts: list[str]) -> list[list[Any]]:
            answers = []
            for text in texts:  # one by one: pipes hold little, and neither side may wait for the other
                print(json.dumps(text), file=asked, flush=True)
                answers.append(json.loads(said.readline()))
            return answers

        yield ask
        asked.close()


def compare(ask: Ask, texts: Iterable[str]) -> Compared:
    """Ask both about each text."""
    found, waiting = Compared(), iter(texts)
    while some := list(islice(waiting, _AT_ONCE)):
        for text, lines in zip(some, ask(some), strict=True):
            began = time.process_time()
            ours = verifying.check(text.encode("utf-8", "surrogatepass"))
            found.slowest_s = max(found.slowest_s, time.process_time() - began)
            is_same = [(code, holds) for code, holds, _ in lines] == [(code, each[0]) for code, each in ours.items()]
            details = all(ours[code][1].endswith(detail) for code, _, detail in lines if code in ours)
            verdicts = {all(holds for holds, _ in ours.values()), all(holds for _, holds, _ in lines)}
            found.asked += 1
            found.valid += verdicts == {True}
            found.accepted += True in verdicts
            if not (is_same and details):
                found.differ.append(text)
    return found


def written_anyhow(count: int, chance: random.Random) -> Iterator[str]:
    """Give records, every other one counted by a programme's rules, written with this or that spacing."""
    for number in range(count):
        yield _written(counted_record(chance) if number % 2 else random_record(chance), chance)


def tampered(count: int, chance: random.Random) -> Iterator[str]:
    """Give so many records with one value changed; of each twentieth besides, all with one key too many."""
    for number in range(count):
        record = counted_record(chance, largest=30) if number % 2 else random_record(chance, largest=12)
        yield _written(changed(record, chance), chance)
        if number % 20 == 0:
            yield from (_written(each, chance) for _, each in with_added_keys(record))


def garbled(count: int, chance: random.Random) -> Iterator[str]:
    """Give records with a sign less or a key twice: most of them not valid."""
    for number in range(count):
        text = _written(random_record(chance, largest=12), chance)
        at = chance.randrange(len(text))
        yield text.replace('"due"', '"due":false,"due"', 1) if number % 2 else text[:at] + text[at + 1 :]


def _written(record: Any, chance: random.Random) -> str:
    return json.dumps(record, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 1]))
