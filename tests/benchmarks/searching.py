"""Full text in Chinese: how long a list by words takes, and how many of the rows that hold the words it finds."""

import json
import os
import sys
from statistics import median
from urllib.parse import quote

from tests.benchmarks.asking import Caller, time_calls
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import Place, run
from tests.benchmarks.table import Table

P50_MS, RECALL_PERCENT, RECALL_WORDS, EACH = 50, 99, 12, 3


def measure(place: Place, table: Table, _effort: Effort) -> None:
    """Ask for each word a few times; recall is counted in the database, all districts."""
    with place.serving() as served:
        count, words = served.samples["count"], served.samples["words"]
        caller = Caller(served.server.port, served.token)
        halves = {}
        for word in words:
            address = f"/api/v1/cases?limit=50&q={quote(word)}"
            timed = time_calls(lambda each, _n, to=address: each.ask("GET", to), [caller], EACH)  # type: ignore[misc]
            halves[word] = timed.percentile_ms(50)
        worst = max(halves, key=lambda word: halves[word])
        table.add(f"full text, {len(words)} words among {count:,}: half within", median(halves.values()), "ms",
                  at_most=P50_MS)  # fmt: skip
        table.add(f"full text, the slowest word ({worst})", halves[worst], "ms", at_most=P50_MS)
        command = [sys.executable, "-m", "tests.benchmarks.searching", *words[:RECALL_WORDS]]
        found, held = json.loads(run(command, served.variables))
        table.add(f"full text: of {held:,} rows that hold one of {RECALL_WORDS} words, found", 100 * found / held, "%",
                  at_least=RECALL_PERCENT)  # fmt: skip


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
