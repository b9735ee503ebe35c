"""Reading what a list is asked for out of an address, and writing it back into links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from linli.cases.choices import State
from linli.cases.queries.lists import CaseFilter
from linli.edges.days import Days, begin_of, days_between
from linli.kernel.errors import InvalidInput

SORTS = ("newest", "priority", "due", "review")
LIGHTS = ("late", "warn", "ok", "hold", "done")
LONGEST_WORDS = 100
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_MOST_DIGITS = 10
ROUTES = {
    "todo": "desk", "done": "desk_done", "mine": "desk_mine", "overdue": "desk_overdue", "open": "desk_open",
    "verify": "desk_verify", "called": "desk_called", "disputed": "desk_disputes", "unowned": "desk_queue",
    "escalated": "desk_escalated", "held": "desk_held", "": "desk_cases",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a list, as it was spelled. since, until: days, both included."""

    box: str = ""
    states: tuple[str, ...] = ()
    category: str = ""
    area: str = ""
    light: str = ""
    q: str = ""
    sort: str = "newest"
    since: date | None = None
    until: date | None = None
    ids: tuple[UUID, ...] = ()
    returned: str = ""
    returned_by: UUID | None = None
    returned_for: str = ""

    def query(self, **changed: str | tuple[str, ...]) -> str:
        """Write the query string with some things changed; empty ones and the usual order are left out."""
        sort = "" if self.sort == usual_sort(self.box) else self.sort
        said: dict[str, object] = {
            "state": self.states, "category": self.category, "area": self.area, "light": self.light, "q": self.q,
            "sort": sort, "since": self.since or "", "until": self.until or "",
            "returned": self.returned, "returned_by": self.returned_by or "", "returned_for": self.returned_for,
            **changed,
        }  # fmt: skip
        return urlencode({name: value for name, value in said.items() if value}, doseq=True)

    def url(self, **changed: str | tuple[str, ...]) -> str:
        """Give the address of the list with some things changed."""
        base, query = reverse(ROUTES[self.box]), self.query(**changed)
        return f"{base}?{query}" if query else base

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the box and the order was asked for."""
        return bool(self.states or self.category or self.area or self.light or self.q or self.since or self.until
                    or self.returned or self.returned_by or self.returned_for)  # fmt: skip

    @property
    def wanted(self) -> CaseFilter:
        """Give it as the queries take it."""
        return CaseFilter(
            box=self.box, states=self.states, category=self.category, area_path=self.area, light=self.light, q=self.q,
            reported_from=begin_of(self.since) if self.since else None,
            reported_to=begin_of(self.until + timedelta(days=1)) if self.until else None,
            ids=self.ids, sort=self.sort, is_returned=bool(self.returned), returned_by=self.returned_by,
            returned_for=self.returned_for,
        )  # fmt: skip


def usual_sort(box: str) -> str:
    """Tell how a list is sorted unless asked otherwise: what waits for somebody by what presses most."""
    return {"todo": "priority", "held": "review"}.get(box, "newest")


def read_asked(query: QueryDict, *, box: str) -> Asked:
    """Read the address's query. Raises InvalidInput for what can't be read."""
    states = tuple(code for code in query.getlist("state") if code)
    if any(code not in set(State) for code in states):
        raise InvalidInput("unknown_filter", field="state")
    return Asked(
        box=box, states=states, category=query.get("category", "")[:40], area=query.get("area", "")[:120],
        light=_one_of(query.get("light", ""), LIGHTS, "light"), q=query.get("q", "").strip()[:LONGEST_WORDS],
        sort=_one_of(query.get("sort", ""), SORTS, "sort") or usual_sort(box),
        since=read_day(query.get("since", "")), until=read_day(query.get("until", "")),
        returned=query.get("returned", "")[:1], returned_by=read_uuid(query.get("returned_by", "")),
        returned_for=query.get("returned_for", "")[:40],
    )  # fmt: skip


def read_day(text: str) -> date | None:
    """Read a day as a date field sends it, of a year that one can count from. Raises InvalidInput."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("unknown_filter", field="day") from error
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise InvalidInput("unknown_filter", field="day")
    return day


def read_days(query: QueryDict, today: date) -> Days:
    """Read the days asked for, the last thirty if none are. Raises InvalidInput."""
    return days_between(read_day(query.get("since", "")), read_day(query.get("until", "")), today=today)


def read_number(text: str) -> int:
    """Read a whole number of at most nine digits, as versions and levels are; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < _MOST_DIGITS else 0


def read_uuid(text: str) -> UUID | None:
    """Read an id; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_uuids(texts: Iterable[str]) -> tuple[UUID, ...]:
    """Read ids, leaving out what is none."""
    return tuple(found for found in map(read_uuid, texts) if found is not None)


def _one_of(text: str, known: tuple[str, ...], field: str) -> str:
    if text and text not in known:
        raise InvalidInput("unknown_filter", field=field)
    return text
