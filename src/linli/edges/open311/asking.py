"""What is asked for, read from an address or a form as the specification spells it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from linli.cases.queries.public_requests import PublicFilter
from linli.kernel.errors import InvalidInput, NotFound
from linli.registry.territory.queries import served_districts

LONGEST = timedelta(days=90)
MOST = 1000
_MOST_PAGES = 1000
_MOST_NAMED = 100
_STATUSES = {"open": True, "closed": False}


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list: an extension that others have too. page: from 1."""

    page: int
    size: int

    @property
    def offset(self) -> int:
        """Give how many rows come before."""
        return (self.page - 1) * self.size


def district_of(query: QueryDict) -> str:
    """Tell the district. Raises InvalidInput where several are served and none is named, NotFound for no such one."""
    named, served = query.get("jurisdiction_id", ""), served_districts()
    if named:
        if named not in served:
            raise NotFound("area_unknown", field="jurisdiction_id")
        return named
    if len(served) != 1:
        raise InvalidInput("jurisdiction_missing", field="jurisdiction_id", params={"one_of": ", ".join(served)})
    return served[0]


def read_filter(query: QueryDict, at: datetime) -> PublicFilter:
    """Read which cases are asked for; numbers go before everything else. Raises InvalidInput, NotFound."""
    since, until = read_span(query, at)
    asked = {word.strip() for word in query.get("status", "").split(",") if word.strip()}
    if asked - set(_STATUSES):
        raise InvalidInput("unknown_filter", field="status")
    return PublicFilter(
        district_of(query), since, until, numbers=_named(query, "service_request_id"),
        categories=_named(query, "service_code"), is_open=_STATUSES[asked.pop()] if len(asked) == 1 else None,
    )  # fmt: skip


def read_span(query: QueryDict, at: datetime) -> tuple[datetime, datetime]:
    """Read start_date and end_date: at most 90 days, the last ones if neither is given. Raises InvalidInput."""
    since, until = _moment(query, "start_date"), _moment(query, "end_date")
    if until is None:
        until = at if since is None else min(at, since + LONGEST)
    if since is None:
        since = until - LONGEST
    if until < since or until - since > LONGEST:
        raise InvalidInput("period_too_long", field="end_date", params={"most_days": LONGEST.days})
    return since, until


def read_page(query: QueryDict) -> Page:
    """Read page and page_size. Raises InvalidInput."""
    return Page(_number(query, "page", 1, _MOST_PAGES), _number(query, "page_size", MOST, MOST))


def _named(query: QueryDict, name: str) -> tuple[str, ...]:
    words = [word.strip() for word in query.get(name, "").split(",") if word.strip()]
    if len(words) > _MOST_NAMED:
        raise InvalidInput("unknown_filter", field=name)
    return tuple(word[:40].replace("\0", "") for word in words)


def _moment(query: QueryDict, name: str) -> datetime | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        found = parse_datetime(text[:40].replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 2000 <= found.year <= 2100:  # noqa: PLR2004 - no case is older
        raise InvalidInput("time_with_zone", field=name)
    return found


def _number(query: QueryDict, name: str, usual: int, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return usual
    if not text.isdecimal() or len(text) > 5 or not 1 <= int(text) <= most:  # noqa: PLR2004 - digits
        raise InvalidInput("unknown_filter", field=name)
    return int(text)
