"""Databases to measure on: made once by the programs that everybody uses, kept in build/bench for the next run."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import LINLI, Running, running

from linli.kernel import postgres

PROJECT = Path(__file__).resolve().parents[2]
WORK = PROJECT / "build" / "bench"
WAIT_S = 180
EVERYWHERE, HERE = "tiexi.district_dispatcher", "tiexi.grid_worker"


@dataclass(frozen=True)
class Served:
    """A server on a place. variables: for programs on the same database; samples: what `samples.py` told."""

    server: Running
    variables: dict[str, str]
    samples: dict[str, Any]

    @property
    def token(self) -> str:
        """Of somebody who sees a whole district."""
        return str(self.samples["tokens"][EVERYWHERE])


@dataclass(frozen=True)
class Place:
    """A database of the demo at a scale, with the folder it lies in."""

    scale: str

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return WORK / self.scale

    @property
    def variables(self) -> dict[str, str]:
        """The environment of every program that runs on it."""
        return {"LINLI_DATA": str(self.folder)}

    def make(self) -> None:
        """Make it, unless it is there.

        All cases are checked; then the mark is set, with the seconds of loading: what a broken run left is loaded on.
        """
        mark = self.folder / "made"
        if self in _made:
            return
        if not mark.exists():
            print(f"  making the demo of scale {self.scale} in {self.folder}: kept for later runs", flush=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.database() as variables:
            run([str(LINLI), "migrate"], variables)
            if not mark.exists():
                begun = time.monotonic()
                run([str(LINLI), "demo", "load", "--scale", self.scale], variables)
                loaded_in_s = time.monotonic() - begun
                run([str(LINLI), "demo", "check"], variables)
                mark.write_text(f"{loaded_in_s:.1f}\n")
        _made.add(self)

    @property
    def made_in_s(self) -> float:
        """How long loading it took, in seconds; measured once, when it was made."""
        return float((self.folder / "made").read_text())

    @contextmanager
    def up(self, wait_s: float) -> Iterator[Running]:
        """Run `linli up` on it: all that `make run` runs once everything is fetched."""
        log = WORK / f"{self.scale}-up.log"
        with running([str(LINLI), "up"], variables=self.variables, ready="/readyz", log=log, wait_s=wait_s) as up:
            yield up

    @contextmanager
    def database(self) -> Iterator[dict[str, str]]:
        """Run only the database; gives the environment with its address."""
        server = postgres.start(self.folder / "postgres")
        try:
            yield self.variables | {"DATABASE_URL": server.url, "DATABASE_OWNER_URL": server.owner_url}
        finally:
            server.stop()

    @contextmanager
    def serving(self) -> Iterator[Served]:
        """Run the database and `linli serve`."""
        self.make()
        with self.database() as variables:
            samples = json.loads(run([sys.executable, "-m", "tests.benchmarks.samples"], variables))
            log = WORK / f"{self.scale}-serve.log"
            command = [str(LINLI), "serve"]
            with running(command, variables=variables, ready="/readyz", log=log, wait_s=WAIT_S) as server:
                yield Served(server, variables, samples)


_made: set[Place] = set()


def run(command: list[str], variables: dict[str, str]) -> str:
    """Run a program of ours to its end and give what it printed. Raises RuntimeError with what it complained of."""
    done = subprocess.run(
        command, env={**os.environ, **variables}, check=False, capture_output=True, text=True, cwd=PROJECT
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout.strip()
