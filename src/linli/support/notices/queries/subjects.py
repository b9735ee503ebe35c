"""What a notice outside may tell of its subject, asked of the room whose matter it is.

That room lies above this one, so it says once, when its app is ready, how its kinds are told.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.support.notices.choices import Whom


@dataclass(frozen=True, slots=True)
class Subject:
    """What is told: a number, by when, where it is looked at. path: staff's page; follow_path: the reporter's own."""

    number: str = ""
    due_at: datetime | None = None
    path: str = "/desk/notices/"
    follow_path: str = ""


NOTHING = Subject()
Teller = Callable[[str, Sequence[UUID]], Mapping[UUID, Subject]]
PhoneFinder = Callable[[str, Sequence[UUID]], Mapping[UUID, str]]
_tellers: dict[str, Teller] = {}
_finders: dict[str, PhoneFinder] = {}


def tell_subjects(begin: str, teller: Teller) -> None:
    """Let a room tell of the subjects of all kinds that begin so, "case.". teller: district and ids to subjects."""
    _tellers[begin] = teller


def find_phones(whom: Whom, finder: PhoneFinder) -> None:
    """Let a room give the telephone numbers of its recipients, of those only who agreed to be told."""
    _finders[whom] = finder


def subjects_of(district_id: str, wanted: Iterable[tuple[str, UUID]]) -> dict[UUID, Subject]:
    """Ask each room for its subjects. wanted: kind and id. As many queries as rooms, however many subjects."""
    by_begin: dict[str, set[UUID]] = defaultdict(set)
    for kind, subject_id in wanted:
        by_begin[kind.partition(".")[0] + "."].add(subject_id)
    found: dict[UUID, Subject] = {}
    for begin, ids in by_begin.items():
        if begin in _tellers:
            found |= _tellers[begin](district_id, sorted(ids))
    return found


def phones_of(whom: str, district_id: str, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Ask for telephone numbers; none where nobody agreed, or no room gives any."""
    return _finders[whom](district_id, ids) if ids and whom in _finders else {}
