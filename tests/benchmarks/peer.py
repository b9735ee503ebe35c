"""django-helpdesk from PyPI, in an environment of its own in build/bench/peer; that it is missing is no error."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.places import WAIT_S, WORK, run
from tests.benchmarks.processes import Running, running

FOLDER = WORK / "peer"
SITE = Path(__file__).with_name("peer_site.py")
PACKAGES = (
    "django~=5.2.0", "django-helpdesk==2.6.1", "django-bootstrap4-form", "djangorestframework", "packaging",
    "psycopg[binary,pool]~=3.3", "granian~=2.8",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Peer:
    """The peer's server and the cookie of somebody signed in there."""

    server: Running
    cookie: str


@contextmanager
def peer_serving(variables: dict[str, str], *, tickets: int) -> Iterator[Peer | str]:
    """Serve it with so many tickets in a database of its own on the same PostgreSQL; or say why not."""
    python = installed(FOLDER, PACKAGES)
    if python is None:
        yield "not installed"
        return
    owner = urlsplit(variables["DATABASE_OWNER_URL"])
    own = variables | {
        "PEER_DATABASE": owner._replace(path="/helpdesk").geturl(),
        "PEER_SERVER": owner._replace(path="/postgres").geturl(),
    }  # fmt: skip
    cookie = run([str(python), str(SITE), "fill", str(tickets)], own).splitlines()[-1]
    log = WORK / "peer.log"
    with running([str(python), str(SITE), "serve"], variables=own, ready="/readyz", log=log, wait_s=WAIT_S) as server:
        yield Peer(server, cookie)


def installed(folder: Path, packages: tuple[str, ...]) -> Path | None:
    """Give the Python of an environment with these packages, made on first use; None where they can't be had."""
    python, mark = folder / "bin" / "python", folder / "made"
    if mark.exists() and mark.read_text() == str(packages):
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, capture_output=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    mark.write_text(str(packages))
    return python
