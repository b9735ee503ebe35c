"""The hall's scripts as modules that Node and browsers take, made from the sources by the project's own compiler."""

import runpy
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[4]
HALL = PROJECT / "frontend/src/hall"


def compiled(folder: Path, *names: str) -> Path:
    """Write the named modules of frontend/src/hall as JavaScript into the folder."""
    compiler = PROJECT / "frontend/node_modules/typescript/bin/tsc"
    options = ["--ignoreConfig", "--module", "esnext", "--target", "es2021", "--moduleResolution", "bundler"]
    run_node(
        compiler,
        *options,
        "--lib",
        "es2021,dom,dom.iterable",
        "--outDir",
        str(folder),
        *(str(HALL / name) for name in names),
    )
    for file in folder.glob("*.js"):
        file.write_text(file.read_text().replace('from "./clock"', 'from "./clock.js"'))
    return folder


def run_node(script: Path, *arguments: str) -> str:
    """Run a script with the Node that builds the front end, and give what it printed."""
    node = runpy.run_path(str(PROJECT / "tools/frontend"))["find_node"]().program
    done = subprocess.run([node, script, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
