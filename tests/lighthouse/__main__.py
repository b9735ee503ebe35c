"""`make lighthouse`: how Lighthouse rates residents' pages on a phone and staff's pages on a desk. Prints one table.

Fetches Lighthouse into tests/lighthouse/node_modules once (needs Node 20.19 or newer with npm on PATH, some 190 MB) and
starts a small demo of its own; TOWN_URL and TOWN_DATA name one that runs already. Each page is loaded three times over
Lighthouse's usual slowed line, each time in a browser that is new but for the session; the middle score of each
category counts. Exit code 1 if a score is below 95.
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
        "--no-enable-error-reporting",
        "--disable-storage-reset",  # it would sign out
        *(["--preset=desktop"] if user else []),
    ]
    for is_last in (False, False, True):  # now and then it loses the browser's trace
        with _browser(town, user) as port:
            command = [node, str(PROGRAM), *arguments, f"--port={port}"]
            done = subprocess.run(command, check=is_last, stderr=subprocess.PIPE)
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


@contextmanager
def _browser(town: Town, user: str) -> Iterator[int]:
    """Start a new browser that Lighthouse may steer, signed in if there is a user; gives its port.

    The session lies in the browser itself: a cookie sent as an extra header goes along with pages alone, not with what
    their scripts ask for.
    """
    port = free_port()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=CHROMIUM, args=[*FLAGS, f"--remote-debugging-port={port}"], no_viewport=True
        )
        if user:
            if user not in town.sessions:
                with_login = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
                session_of(with_login, town, user)
                with_login.close()
            context.add_cookies(town.sessions[user]["cookies"])
        try:
            yield port
        finally:
            context.close()


if __name__ == "__main__":
    sys.exit(main())
