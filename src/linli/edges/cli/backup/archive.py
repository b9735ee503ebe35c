"""The file of a backup: a tar that any program opens, whose last member tells whether all before it is whole.

manifest.json     what is in it: versions, migrations, counts, seals (`manifest.py`)
database.dump     PostgreSQL's own format; `pg_restore` reads it
data/…            the data folder without the database: photos, keys, marks
end.json          {"members", "sha256"} of all before
"""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

MANIFEST, DATABASE, DATA, END = "manifest.json", "database.dump", "data", "end.json"
_PIECE = 2**20
_Told = Callable[[int], None]


class NotWhole(Exception):
    """The file is no backup of ours, or not all of one; the message says what is wrong."""


class Writer:
    """Adds members one after another, counting and hashing what it writes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `finish`
        self._sum = _Sum()

    def add_text(self, name: str, text: str) -> None:
        """Add a member made of text."""
        data = text.encode()
        self._add(name, io.BytesIO(data), len(data), 0o600)

    def add_file(self, name: str, path: Path, *, on_bytes: _Told = lambda _bytes: None) -> bool:
        """Add a file; False, and nothing is written, if it is gone."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return False
        with file:
            state = os.fstat(file.fileno())
            self._add(name, file, state.st_size, state.st_mode & 0o777)
            on_bytes(state.st_size)
        return True

    def finish(self) -> None:
        """Write the last member and close the tar; the file stays open."""
        self.add_text(END, json.dumps({"members": self._sum.members, "sha256": self._sum.hex()}))
        self._tar.close()

    def _add(self, name: str, file: IO[bytes], size: int, mode: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, mode
        self._sum.begin(name, size)
        self._tar.addfile(member, _Hashing(file, self._sum))


@dataclass(frozen=True, slots=True)
class Member:
    """One member while it is read: `file` has to be read before the next one comes."""

    name: str
    size: int
    mode: int
    file: IO[bytes]


@contextmanager
def reading(path: Path) -> Iterator[Iterator[Member]]:
    """Read a backup member by member, the last one left out; the iterator raises NotWhole where something is wrong.

    What it gives may be believed only once it came to its end.
    """
    try:
        with tarfile.open(path, mode="r|") as tar:
            yield _members(tar)
    except (tarfile.TarError, EOFError) as error:
        raise NotWhole(f"{path} is no backup or not all of one: {error}.") from error


def read_manifest(path: Path) -> dict[str, Any]:
    """Read the first member alone. Raises NotWhole."""
    with reading(path) as members:
        first = next(members, None)
        if first is None or first.name != MANIFEST:
            raise NotWhole(f"{path} does not begin as a backup does.")
        return _read_document(first.file, first.name)


def safe_place(folder: Path, name: str) -> Path:
    """Tell where a member of the data folder goes. Raises NotWhole for a name that leads out of it."""
    parts = PurePosixPath(name).parts
    if parts[:1] != (DATA,) or len(parts) < 2 or ".." in parts or name.startswith("/"):  # noqa: PLR2004 - folder and name
        raise NotWhole(f"A member is called {name!r}, which is no place in the data folder.")
    return folder.joinpath(*parts[1:])


def copy(member: Member, target: Path) -> None:
    """Write a member to a new file, with the mode it had, into folders of mode 700."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while piece := member.file.read(_PIECE):
            file.write(piece)
        file.flush()
        os.fchmod(file.fileno(), member.mode)


class _Sum:
    """A running digest over names, sizes and contents, in their order."""

    def __init__(self) -> None:
        self.members = 0
        self._digest = sha256()

    def begin(self, name: str, size: int) -> None:
        self.members += 1
        self._digest.update(f"{name}\0{size}\0".encode())

    def take(self, data: bytes) -> None:
        self._digest.update(data)

    def hex(self) -> str:
        return self._digest.hexdigest()


class _Hashing(io.RawIOBase):
    """A file read through, every byte hashed on its way."""

    def __init__(self, file: IO[bytes], total: _Sum) -> None:
        super().__init__()
        self._file, self._sum = file, total

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._sum.take(data)
        return data


def _members(tar: tarfile.TarFile) -> Iterator[Member]:
    total = _Sum()
    for info in tar:
        file = tar.extractfile(info) if info.isreg() else None
        if file is None:
            raise NotWhole(f"{info.name!r} is no plain file.")
        if info.name == END:
            _compare(_read_document(file, info.name), total)
            return
        total.begin(info.name, info.size)
        hashing = _Hashing(file, total)
        yield Member(info.name, info.size, info.mode & 0o777, hashing)  # type: ignore[arg-type]  # reads, and no more is asked
        while hashing.read(_PIECE):
            continue  # what was left unread counts in the sum too
    raise NotWhole("The backup ends before its last member: it was cut off.")


def _read_document(file: IO[bytes], name: str) -> dict[str, Any]:
    try:
        said = json.load(file)
    except ValueError as error:
        raise NotWhole(f"{name!r} can't be read: the backup is damaged.") from error
    if not isinstance(said, dict):
        raise NotWhole(f"{name!r} can't be read: the backup is damaged.")
    return said


def _compare(said: dict[str, Any], total: _Sum) -> None:
    if said != {"members": total.members, "sha256": total.hex()}:
        raise NotWhole("The backup's contents are not those that were written: its sum differs.")
