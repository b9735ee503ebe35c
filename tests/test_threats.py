"""The model of threats is true: each guard's test is there, and what is said of outgoing calls holds."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PAGE = (PROJECT / "docs" / "operations" / "threats.md").read_text()
GUARDS = sorted(set(re.findall(r"`(tests/[\w/.]+)::(test_\w+)`", PAGE)))
CALLS_OUT = re.compile(
    r"^\s*(?:from|import) (?:urllib\.request|http\.client|httpx|requests|aiohttp|smtplib|ftplib|xmlrpc|urllib3)\b",
    re.MULTILINE,
)


@pytest.mark.parametrize(("path", "test"), GUARDS, ids=[test for _, test in GUARDS])
def test_guard_has_its_test(path: str, test: str) -> None:
    assert re.search(rf"^def {test}\(", (PROJECT / path).read_text(), re.MULTILINE)


def test_each_threat_names_a_test() -> None:
    rows = re.findall(r"^\| .+ \| .+ \| (.+) \|$", PAGE.partition("## What stands in the way")[2], re.MULTILINE)

    assert len(rows) > 15
    assert [row for row in rows if "::test_" not in row and row != "shown by"] == []


def test_only_modules_that_check_whom_they_call_call_out() -> None:
    source = PROJECT / "src" / "linli"

    found = [str(path.relative_to(source)) for path in source.rglob("*.py") if CALLS_OUT.search(path.read_text())]
    assert sorted(found) == ["edges/sso/calling.py", "kernel/outgoing.py", "support/notices/actions/sending.py"]
