"""Another machine: a database and a data folder of its own, with the commands run there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

LINLI = Path(sys.executable).with_name("linli")


@dataclass(frozen=True)
class Elsewhere:
    """Another machine's database and data folder."""

    url: str
    data: Path

    @property
    def variables(self) -> dict[str, str]:
        """The environment of programs there."""
        return os.environ | {
            "DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.url, "LINLI_DATA": str(self.data),
            "DJANGO_SETTINGS_MODULE": "linli.config.settings.base",
        }  # fmt: skip

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command there."""
        return subprocess.run([LINLI, *arguments], env=self.variables, check=False, capture_output=True, text=True)  # noqa: S603

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Ask the database there."""
        with psycopg.connect(self.url) as asking:
            return asking.execute(question.encode()).fetchall()


def own_name(name: str) -> str:
    """Tell the name that a database has in this process of the suite."""
    return f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@contextmanager
def another_database(name: str, data: Path) -> Iterator[Elsewhere]:
    """Make an empty database on the tests' server, one for each process of the suite, and take it away again."""
    name = own_name(name)
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as making:
        making.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        making.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'".encode())
        try:
            yield Elsewhere(urlsplit(server)._replace(path=f"/{name}").geturl(), data)
        finally:
            making.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
