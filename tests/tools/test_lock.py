"""The locks: they fit pyproject.toml, pin everything with hashes, and hold no address."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = ["run.lock", "node.lock", "photos.lock", "dev.lock"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("pyproject.toml", "tools/lock", *(f"requirements/{lock}" for lock in LOCKS)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def check(project: Path) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 - our own tool
        [sys.executable, project / "tools" / "lock", "--check"], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stderr


def test_locks_fit_the_project() -> None:
    assert check(PROJECT) == (0, "")


@pytest.mark.parametrize("lock", LOCKS)
def test_each_version_has_hashes_and_no_address(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (PROJECT / "requirements" / lock).read_text().strip())

    assert [each for each in entries if "==" not in each or "--hash=sha256:" not in each or "://" in each] == []


def test_requirement_out_of_bounds_is_named(copy: Path) -> None:
    project = copy / "pyproject.toml"
    project.write_text(re.sub(r'"click~=[\d.]+"', '"click~=99.0"', project.read_text()))

    code, said = check(copy)

    assert (code, said.count("asks for ~=99.0; run tools/lock")) == (1, 3)


def test_address_in_a_lock_is_named(copy: Path) -> None:
    lock = copy / "requirements" / "node.lock"
    lock.write_text(f"--index-url https://example.org/simple\n{lock.read_text()}")

    assert check(copy) == (1, "lock: node.lock holds an address; run tools/lock\n")
