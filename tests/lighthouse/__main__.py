"""`make lighthouse`: how Lighthouse rates residents' pages on a phone and staff's pages on a desk. Prints one table.

Fetches Lighthouse into tests/lighthouse/node_modules once (needs Node 20.19 or newer with npm on PATH, some 190 MB) and
starts a small demo of its own; TOWN_URL and TOWN_DATA name one that runs already. Each page is loaded three times over
Lighthouse's usual slowed line, the middle score of each category counts. Exit code 1 if a score is below 95.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright
from tests.journeys.conftest import CHROMIUM, FLAGS, Town, free_port, session_of, start_up
from tests.journeys.steps import LEADER, WORKER

HERE = Path(__file__).parent
REPORTS = HERE.parents[1] / "build" / "lighthouse"
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
LEAST = 95
RUNS = 3
CATEGORIES = {"performance": "speed", "accessibility": "access", "best-practices": "practice"}
PAGES = {
    "home": ("", "/"),
    "report": ("", "/report/"),
    "workbench": (WORKER, "/desk/"),
    "cockpit": (LEADER, "/cockpit/"),
}


def main() -> int:
    """Measure and print; returns the exit code."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        print("lighthouse: needs Node and npm on PATH", file=sys.stderr)
        return 2
    if not PROGRAM.exists():
        print("lighthouse: fetching it (npm ci)", flush=True)
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE, check=True)
    REPORTS.mkdir(parents=True, exist_ok=True)
    print(f"{'page':10}" + "".join(f"{name:>10}" for name in CATEGORIES.values()) + "   below 1.0")
    is_enough = True
    with _town() as town:
        for name, (user, path) in PAGES.items():
            runs = [_rate(node, town, user, path, REPORTS / f"{name}-{n}.json") for n in range(RUNS)]
            scores = [round(median(run[0][category] for run in runs)) for category in CATEGORIES]
            is_enough = is_enough and min(scores) >= LEAST
            print(f"{name:10}" + "".join(f"{score:10}" for score in scores) + f"   {' '.join(runs[0][1])}", flush=True)
    return 0 if is_enough else 1


@contextmanager
def _town() -> Iterator[Town]:
    if url := os.environ.get("TOWN_URL"):
        data = Path(os.environ["TOWN_DATA"])
        yield Town(url, (data / "demo-password").read_text().strip(), data)
        return
    with tempfile.TemporaryDirectory() as folder:
        running = start_up(Path(folder), port=free_port())
        try:
            yield Town(running.url, (Path(folder) / "demo-password").read_text().strip(), Path(folder))
        finally:
            running.stop()


def _rate(node: str, town: Town, user: str, path: str, report: Path) -> tuple[dict[str, float], list[str]]:
    """Load a page once. Returns the scores of 100, and which audits that count are not full."""
    arguments = [
        f"{town.url}{path}",
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",  # its launcher adds what keeps Chromium quiet
        "--no-enable-error-reporting",
        *(["--preset=desktop", f"--extra-headers={json.dumps({'Cookie': _cookie(town, user)})}"] if user else []),
    ]
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    for is_last in (False, False, True):  # now and then it loses the browser's trace
        done = subprocess.run([node, str(PROGRAM), *arguments], env=environment, check=is_last, stderr=subprocess.PIPE)
        if done.returncode == 0:
            break
    told = json.loads(report.read_text())
    short = [
        ref["id"]
        for category in told["categories"].values()
        for ref in category["auditRefs"]
        if ref["weight"] and (told["audits"][ref["id"]]["score"] or 0) < 1
        if told["audits"][ref["id"]]["scoreDisplayMode"] in {"binary", "numeric", "metricSavings"}
    ]
    return {name: 100 * (told["categories"][name]["score"] or 0) for name in CATEGORIES}, short


def _cookie(town: Town, user: str) -> str:
    if user not in town.sessions:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            session_of(browser, town, user)
            browser.close()
    return "; ".join(f"{each['name']}={each['value']}" for each in town.sessions[user]["cookies"])


if __name__ == "__main__":
    sys.exit(main())
