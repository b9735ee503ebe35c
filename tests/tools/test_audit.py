"""Every package that runs has a licence that goes with ours."""

import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "audit"


@pytest.fixture(scope="module")
def audit() -> Any:
    """Load the tool, whose name has no ending."""
    loader = SourceFileLoader("linli_audit", str(TOOL))
    spec = spec_from_loader("linli_audit", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_each_package_that_runs_has_a_licence_that_goes() -> None:
    done = subprocess.run([sys.executable, TOOL], check=False, capture_output=True, text=True)  # noqa: S603

    assert done.returncode == 0, done.stdout
    assert "django " in done.stdout
    assert "not installed here" not in done.stdout.replace("tzdata", "")


@pytest.mark.parametrize(
    ("licence", "goes"),
    [
        ("MIT", True), ("Apache-2.0 OR BSD-3-Clause", True), ("BSD-3-Clause AND 0BSD", True), ("GPL-2.0-only", False),
        ("MIT AND SSPL-1.0", False), ("SSPL-1.0 OR MIT", True), ("", False), ("Proprietary", False),
    ],
)  # fmt: skip
def test_goes(audit: Any, licence: str, *, goes: bool) -> None:
    assert audit.goes(licence) is goes
