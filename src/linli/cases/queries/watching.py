"""The small state that a signed-in person watches: counts, the newest cases, and a revision of both."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from linli.cases.queries.lists import CaseFilter, InboxCounts, inbox_steps, list_cases
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import area_chains

NEWEST = 5


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A case as the corner of a page names it; at: when it was reported; area: the name of the lowest one."""

    id: UUID
    number: str
    title: str
    light: str
    area: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WatchedState:
    """What a viewer watches. revision: the same for the same state, another for another one; below 2**48."""

    revision: int
    counts: InboxCounts
    newest: tuple[WatchedRow, ...]


def get_watched_state(*, viewer: Viewer, at: datetime) -> WatchedState:
    """Read what a viewer watches. 3 queries.

    The revision is a hash, not a counter: it says "look again", and two processes agree on it without talking. Into
    it go the counts, the newest with their lights, and the sum of the versions of all open cases the viewer may see,
    so that any step on one of them changes it.
    """
    counts, steps = inbox_steps(viewer=viewer, at=at)
    rows = list_cases(viewer=viewer, wanted=CaseFilter(box="open"), at=at, limit=NEWEST).rows
    chains = area_chains({row.area_path for row in rows}, at=at)
    newest = tuple(
        WatchedRow(row.id, row.number, row.title, row.light,
                   chains[row.area_path][-1].name if chains[row.area_path] else "", row.reported_at)
        for row in rows
    )  # fmt: skip
    return WatchedState(_revision(counts, newest, steps), counts, newest)


def _revision(counts: InboxCounts, newest: tuple[WatchedRow, ...], steps: int) -> int:
    said = repr((asdict(counts), [(row.id, row.light, row.title) for row in newest], steps))
    return int.from_bytes(sha256(said.encode()).digest()[:6])
