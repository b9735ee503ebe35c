"""Days that figures are of, as pages and programs ask for them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from linli.edges.words.times import LOCAL
from linli.kernel.errors import InvalidInput

_USUAL_DAYS, _YEARS = timedelta(days=29), (2000, 2100)


@dataclass(frozen=True, slots=True)
class Days:
    """Days that figures are of, both included; begin, end: the instants between which they lie, [begin, end)."""

    since: date
    until: date

    @property
    def begin(self) -> datetime:
        """Give the instant at which the first day begins."""
        return begin_of(self.since)

    @property
    def end(self) -> datetime:
        """Give the instant at which the last day is over."""
        return begin_of(self.until + timedelta(days=1))

    @property
    def query(self) -> str:
        """Give the days as the end of an address."""
        return urlencode({"since": self.since, "until": self.until})


def days_between(since: date | None, until: date | None, *, today: date) -> Days:
    """Give the days asked for, the last thirty if none are. Raises InvalidInput."""
    until = until or today
    since = since or until - _USUAL_DAYS
    if not _YEARS[0] <= since.year <= until.year <= _YEARS[1] or since > until:
        raise InvalidInput("unknown_period", field="since", params={"period": f"{since} – {until}"})
    return Days(since, until)


def begin_of(day: date) -> datetime:
    """Give the instant at which a day begins here."""
    return datetime.combine(day, time(), tzinfo=LOCAL)
