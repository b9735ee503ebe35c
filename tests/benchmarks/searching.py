"""Searching by Chinese words, numbers, sounds: how long it takes, how many rows that hold the words are found."""

import json
import os
import sys
from collections.abc import Iterable
from statistics import median
from urllib.parse import quote

from tests.benchmarks.asking import Caller, time_calls
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import HERE, Place, run
from tests.benchmarks.table import Table

P50_MS, RECALL_PERCENT, RECALL_WORDS, EACH = 50, 99, 12, 3
LIST = "/api/v1/cases?limit=50&q="
# 铁西, the letters of a name, 社区, and what is in no name; last 网, for thousands are called 网格员.
SOUNDS = ("tx", "zxm", "shequ", "xqxyz", "wang")
NAMES = {
    "people by pinyin": "/api/v1/people?q=",
    "organisations by pinyin": "/api/v1/organisations?q=",
    "areas by pinyin, on their page": "/desk/registry/areas/?q=",
    "people, roles, areas and organisations by pinyin, on one page": "/desk/recipients/?to_q=",
}


def measure(place: Place, table: Table, _effort: Effort) -> None:
    """Ask for each word a few times, as who sees a district; recall is counted in the database, all districts."""
    with place.serving() as served:
        count, words, telephone = (served.samples[name] for name in ("count", "words", "telephone"))
        by_token, in_a_grid = (
            Caller(served.server.port, token) for token in (served.token, served.samples["tokens"][HERE])
        )
        by_session, as_admin = (
            Caller(served.server.port, cookie=f"sessionid={served.samples[name]}")
            for name in ("session", "admin_session")
        )
        halves = _halves(by_token, LIST, words)
        worst = max(halves, key=lambda word: halves[word])
        table.add(f"full text, {len(words)} words among {count:,}: half within", median(halves.values()), "ms",
                  at_most=P50_MS)  # fmt: skip
        table.add(f"full text, the slowest word ({worst})", halves[worst], "ms", at_most=P50_MS)
        halves = _halves(in_a_grid, LIST, words)
        worst = max(halves, key=lambda word: halves[word])
        table.add("the same for who sees one grid: half within", median(halves.values()), "ms", at_most=P50_MS)
        table.add(f"the same for who sees one grid, the slowest word ({worst})", halves[worst], "ms", at_most=P50_MS)
        halves = _halves(by_token, LIST, (served.samples["number"], telephone, telephone[-4:]))
        for name, half in zip(("number", "telephone", "last four digits of one"), halves.values(), strict=True):
            table.add(f"cases by {name}", half, "ms", at_most=P50_MS)
        for name, address in NAMES.items():
            caller = by_token if "api" in address else as_admin if "registry" in address else by_session
            halves = _halves(caller, address, SOUNDS)
            worst = max(halves, key=lambda sound: halves[sound])
            table.add(f"{name}: half within", median(halves.values()), "ms", at_most=P50_MS)
            table.add(f"{name}: the slowest ({worst})", halves[worst], "ms", at_most=P50_MS)
        command = [sys.executable, "-m", "tests.benchmarks.searching", *words[:RECALL_WORDS]]
        found, held = json.loads(run(command, served.variables))
        table.add(f"full text: of {held:,} rows that hold one of {RECALL_WORDS} words, found", 100 * found / held, "%",
                  at_least=RECALL_PERCENT)  # fmt: skip


def _halves(caller: Caller, address: str, words: Iterable[str]) -> dict[str, float]:
    """Ask for each word a few times. Returns what half of them stayed within, in ms, by word."""
    halves = {}
    for word in words:
        path = address + quote(word)
        timed = time_calls(lambda each, _n, to=path: each.fetch("GET", to), [caller], EACH)  # type: ignore[misc]
        halves[word] = timed.percentile_ms(50)
    return halves


def recall(words: list[str]) -> tuple[int, int]:
    """Count rows that the search finds among those whose text holds the word, and the latter, over all words."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
    django.setup()
    from django.contrib.postgres.search import SearchQuery
    from django.db.models import Count, Q

    from linli.cases.calc.words import search_query
    from linli.cases.models import Case

    found = held = 0
    for word in words:
        matches = Q(search=SearchQuery(search_query(word), config="simple", search_type="raw"))
        counted = Case.objects.filter(text__contains=word).aggregate(
            held=Count("id"), found=Count("id", filter=matches)
        )
        found, held = found + counted["found"], held + counted["held"]
    return found, held


if __name__ == "__main__":
    print(json.dumps(recall(sys.argv[1:])))
