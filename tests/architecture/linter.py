"""Import-linter, run on the house or on a copy of its bare walls."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "linli"
CONTRACTS = PROJECT / "importlinter.toml"


def lint(packages: Path, *arguments: str) -> tuple[int, str]:
    """Hold the contracts against the package linli in the folder; returns the exit code and what it said."""
    command = [Path(sys.executable).with_name("lint-imports"), "--config", CONTRACTS, "--no-cache", "--no-logo"]
    done = subprocess.run(  # noqa: S603 - our own arguments
        [*command, *arguments],
        cwd=packages,
        env={**os.environ, "PYTHONPATH": str(packages), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def build_walls(folder: Path) -> None:
    """Copy the floors and rooms into the folder: their `__init__.py` alone, empty."""
    for original in SOURCE.rglob("__init__.py"):
        room = folder / "linli" / original.relative_to(SOURCE).parent
        room.mkdir(parents=True, exist_ok=True)
        (room / "__init__.py").touch()


def furnish(folder: Path, files: dict[str, str]) -> None:
    """Write files into the copy, each with the packages it lies in. files: path below linli -> source."""
    for path, source in files.items():
        target = folder / "linli" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (target.parent / "__init__.py").touch()
        target.write_text(source)
