"""The operating system's account that the server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from linli.kernel.postgres.errors import CannotStart

# In this order: an account made for us, the one Debian makes for PostgreSQL, the one every machine has.
_CANDIDATES = ("linli", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system, by number and name."""

    uid: int
    gid: int
    name: str

    @property
    def is_self(self) -> bool:
        """Whether it is the very account this program runs as."""
        return self.uid == os.geteuid()


def account_for(data: Path) -> Account:
    """Choose whom the server runs as: ourselves, or, for root, the owner of the data or the first account that fits.

    data: the cluster's folder; need not exist. Raises CannotStart where there is no such account.
    """
    if os.geteuid() != 0:
        return _by_uid(os.geteuid())
    owner = data.stat().st_uid if data.exists() else 0
    if owner != 0:
        return _by_uid(owner)
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    for name in _CANDIDATES:
        if name in known:
            return _by_uid(known[name])
    raise CannotStart("PostgreSQL won't run as root and no other account is there: run `useradd --system linli`.")


def first_closed(path: Path, account: Account) -> Path | None:
    """Find the first folder on the way to the path, the path's own included, that the account may not enter.

    Goes by the mode bits, not by access lists. None when the way is open. Parts that don't exist are taken as open.
    """
    for folder in [*reversed(path.parents), path]:
        if folder.is_dir() and not _may_enter(folder.stat(), account):
            return folder
    return None


def hand_over(tree: Path, account: Account) -> None:
    """Give a folder and all in it to the account. Only root can."""
    for parent, _, names in os.walk(tree):
        for path in [parent, *(os.path.join(parent, name) for name in names)]:  # noqa: PTH118 - as os.walk gives them
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if account.uid == 0:
        return True
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid in _groups(account):
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def _groups(account: Account) -> set[int]:
    """List the groups it acts in: a server we start for another account gets that one's main group only."""
    return {account.gid, *os.getgroups()} if account.is_self else {account.gid}


def _by_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as missing:
        raise CannotStart(f"User id {uid} has no line in /etc/passwd and PostgreSQL wants one: add it.") from missing
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)
