"""The build tool: quiet when nothing changed; what a portal page loads stays small."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
BUILT = PROJECT / "src/linli/edges/web/static/built"
FIRST_LOAD = ["linli.js", "alive.js", "requests.js", "report.js", "css/linli.css", "css/portal.css"]
FIRST_LOAD_MAX_BYTES = 150_000
MARK = BUILT / ".sources"

needs_build = pytest.mark.skipif(not MARK.exists(), reason="the front end is not built: run tools/frontend")


@needs_build
def test_first_load_of_the_portal_is_small() -> None:
    sizes = [len(gzip.compress((BUILT / name).read_bytes())) for name in FIRST_LOAD]
    assert sum(sizes) < FIRST_LOAD_MAX_BYTES


@needs_build
def test_portal_entry_holds_neither_map_nor_htmx() -> None:
    entry = (BUILT / "linli.js").read_text()
    assert [name for name in ("leaflet-", "htmx:load") if name in entry] == []


@needs_build
def test_service_worker_is_one_file() -> None:
    """A part shared with a page would be imported, and the browser refuses a worker that imports."""
    worker = (BUILT / "worker.js").read_text()
    assert re.findall(r"(?:^|[;}\n])(?:import|export)\b[^(]", worker) == []


@needs_build
def test_tool_says_nothing_when_nothing_changed() -> None:
    arguments = [sys.executable, str(PROJECT / "tools/frontend")]
    subprocess.run(arguments, check=True, capture_output=True)  # noqa: S603  our own tool
    again = subprocess.run(arguments, check=True, capture_output=True, text=True)  # noqa: S603  our own tool
    assert (again.stdout, again.stderr) == ("", "")
