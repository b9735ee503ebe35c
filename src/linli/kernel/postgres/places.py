"""Where a cluster's parts lie: the data, the socket, the two locks; and what to do where a folder is closed.

In the folder that was asked for, mode 711:

    data/            the cluster, mode 700, owned by the account the server runs as
    socket-folder    one line: the short folder the socket is in
    elsewhere        one line, only if the data had to go to another place: which
    starting.lock    held by whoever starts or stops, so that two do not at once
    alive.lock       held by every process of the server, inherited from the first: free means nobody is left
    start.log        what the programs said before the server's own log (data/log/) began
"""

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from linli.kernel.postgres.accounts import Account, first_closed
from linli.kernel.postgres.errors import CannotEnter, CannotStart

# A socket's whole path may have 107 bytes (sun_path in unix(7), less the closing zero).
SOCKET_PATH_LIMIT = 107
SOCKET_NAME = ".s.PGSQL.5432"
_SYSTEM_STATE = Path("/var/lib")


@dataclass(frozen=True, slots=True)
class Place:
    """The folder a caller names, and the paths that follow from it."""

    folder: Path

    @property
    def elsewhere(self) -> Path:
        """The record of where the data went, if they could not stay."""
        return self.folder / "elsewhere"

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return (_line(self.elsewhere) or self.folder) / "data"

    @property
    def socket_record(self) -> Path:
        """The record of where the socket is."""
        return self.folder / "socket-folder"

    @property
    def socket_folder(self) -> Path | None:
        """Where the socket is, or None before the first start."""
        return _line(self.socket_record)

    @property
    def starting_lock(self) -> Path:
        """Held by whoever starts or stops."""
        return self.folder / "starting.lock"

    @property
    def alive_lock(self) -> Path:
        """Held by the server's processes."""
        return self.folder / "alive.lock"

    @property
    def start_log(self) -> Path:
        """The first words of the last start."""
        return self.folder / "start.log"

    @property
    def is_initialised(self) -> bool:
        """Whether a cluster has been made here."""
        return (self.data / "PG_VERSION").exists()


def open_place(folder: Path) -> Place:
    """Make the folder, mode 711, unless it is there. Raises CannotStart."""
    try:
        folder = folder.resolve()
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o711)
        Place(folder).starting_lock.touch(mode=0o600)
    except OSError as failure:
        raise CannotStart(
            f"Can't write in {folder} ({failure.strerror}): set LINLI_DATA to a folder of your own."
        ) from failure
    return Place(folder)


def settle_data(place: Place, account: Account, *, elsewhere_in: Path = _SYSTEM_STATE) -> bool:
    """See to it that the account can get at the data; returns whether they were sent elsewhere just now.

    New data go to a fresh folder below `elsewhere_in` if a folder on the way is closed; it is recorded beside the
    locks. The name is drawn anew, not made from the path: a data folder that was deleted must not find old data
    under a new key. Data that are already there never move: that raises CannotEnter, or CannotStart if they are gone.
    """
    if place.elsewhere.exists() and not place.data.parent.is_dir():
        raise CannotStart(f"The data are recorded to be in {place.data.parent}, which is gone: see {place.elsewhere}.")
    closed = first_closed(place.data.parent, account)
    if closed is None:
        return False
    if place.elsewhere.exists() or place.is_initialised or not os.access(elsewhere_in, os.W_OK):
        raise CannotEnter(
            f"{account.name}, whom the database runs as, can't enter {closed}, on the way to {place.data}: "
            f"run `chmod o+x {closed}` (names in it stay hidden), or set LINLI_DATA to a folder open to all."
        )
    new = Path(tempfile.mkdtemp(prefix="linli-", dir=elsewhere_in))
    new.chmod(0o711)
    place.elsewhere.write_text(f"{new}\n")
    return True


def settle_socket(place: Place, account: Account) -> Path:
    """Give the socket's folder, mode 700 and the account's: the recorded one, or a new short one if that is gone.

    Raises CannotStart if no place is short enough.
    """
    recorded = place.socket_folder
    if recorded is not None and _is_private(recorded, account):
        return recorded
    for base in _short_bases():
        if _fits(base / "linli-12345678") and os.access(base, os.W_OK) and first_closed(base, account) is None:
            return _new_socket_folder(base, place, account)
    raise CannotStart(f"No folder for the socket: make /tmp writable (a path may have {SOCKET_PATH_LIMIT} bytes).")


def _short_bases() -> list[Path]:
    """/run does not outlive a boot and nobody sweeps it; XDG_RUNTIME_DIR goes away at logout, so it comes last."""
    named = [os.environ.get("TMPDIR", ""), os.environ.get("XDG_RUNTIME_DIR", "")]
    system = [Path("/run")] if os.geteuid() == 0 else []
    return [*system, Path("/tmp"), *(Path(name) for name in named if name)]  # noqa: S108 - mkdtemp inside


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT


def _new_socket_folder(base: Path, place: Place, account: Account) -> Path:
    new = Path(tempfile.mkdtemp(prefix="linli-", dir=base))
    if not account.is_self:
        os.chown(new, account.uid, account.gid)
    place.socket_record.write_text(f"{new}\n")
    return new


def _is_private(folder: Path, account: Account) -> bool:
    """Whether it is a real folder, the account's and nobody else's: in /tmp anybody can put something there."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == account.uid and stat.S_IMODE(status.st_mode) == 0o700  # noqa: PLR2004


def _line(path: Path) -> Path | None:
    return Path(path.read_text().strip()) if path.exists() else None
