"""What tables of figures are asked by an address, and the ways from one to the next: stretch, area, lines."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme, effective_day
from linli.cases.choices import RatesBy
from linli.cases.queries.drilldown import BehindPage
from linli.cases.queries.rates_asked import RatesAsked
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.web.desk.asking import read_day
from linli.edges.web.desk.lines import case_lines
from linli.edges.web.desk.rate_lines import AGAINST, BY, KINDS, Address, say_bounds, say_window
from linli.edges.words.times import LOCAL, say_moment
from linli.kernel.errors import InvalidInput
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import area_chains

PAGE = 50
TABLES = {
    "rates": gettext_lazy("Three rates"), "due": gettext_lazy("Due to be dealt with"),
    "watched": gettext_lazy("Supervision and cards"),
}  # fmt: skip


def read_asked(query: QueryDict, viewer: Viewer) -> RatesAsked:
    """Read what is asked of a table. Raises InvalidInput."""
    area, number = query.get("area", "")[:120], query.get("rules", "")
    if area and area.split("/")[0] != viewer.district_id:
        raise InvalidInput("unknown_filter", field="area")
    by, against = query.get("by", RatesBy.AREA), query.get("against", "before")
    if by not in set(RatesBy) or against not in AGAINST:
        raise InvalidInput("unknown_filter", field="by")
    kind = query.get("kind", "month")
    is_custom = kind == windows.CUSTOM
    return RatesAsked(
        kind=kind, first=read_day(query.get("since" if is_custom else "on", "")),
        last=read_day(query.get("until", "")) if is_custom else None, by=RatesBy(by), area_path=area,
        against=against, number=int(number) if number.isdecimal() and len(number) < 6 else 0,  # noqa: PLR2004
    )  # fmt: skip


def ways_on(
    address: Address, viewer: Viewer, window: windows.Window, scheme: RateScheme, at: datetime
) -> dict[str, Any]:
    """Give a page the words of its stretch and the ways to others: other kinds, before, after, above, other lines.

    No query.
    """
    asked = address.asked
    return {
        "asked": asked, "query": address.query, "window": say_window(window, at.astimezone(LOCAL).date()),
        "span": window, "bounds": say_bounds(window, at), "by_words": BY[asked.by], "table_url": address.table,
        "tables": [(words, Address(asked, name).page(), name == address.table) for name, words in TABLES.items()],
        "kinds": [
            (words, address.page(kind=kind, first=_day_in(window, scheme, at), last=None), kind == asked.kind)
            for kind, words in KINDS.items()
        ],
        "tabs": [(words, address.page(by=by), by == asked.by) for by, words in BY.items()],
        "against": [(words, address.page(against=name), name == asked.against) for name, words in AGAINST.items()],
        "previous": _moved(address, windows.before(window, scheme)),
        "following": "" if at < window.until else _moved(address, windows.after(window, scheme)),
        "up": _up(address, viewer),
    }  # fmt: skip


def read_line(query: QueryDict) -> tuple[str | None, int]:
    """Read whose rows are asked for, and from which on: a line's key, None for the whole."""
    key, start = query.get("row"), query.get("from", "0")
    return None if key is None else key[:120], int(start[:9]) if start.isdecimal() else 0


def more_url(address: Address, figure: str, key: str | None, page: BehindPage) -> str:
    """Give the way to the next rows, "" behind the last."""
    following = page.offset + len(page.rows)
    return address.rows(figure, key, following) if following < page.total else ""


def rows_of(viewer: Viewer, page: BehindPage, at: datetime) -> dict[str, Any]:
    """Put rows behind a number into words. 1 query."""
    kinds = {code: kind.name for code, kind in current_rulebooks(viewer.district_id).categories.items()}
    lines = {
        line.id: line
        for line in case_lines([behind.row for behind in page.rows if behind.row], categories=kinds, at=at)
    }
    return {
        "rows": [(lines.get(behind.case_id), say_moment(behind.at, at) if behind.at else "") for behind in page.rows],
        "total": page.total, "period": "", "has_period": True, "area": "",
    }  # fmt: skip


def names_of_lines(asked: RatesAsked, area_path: str, keys: Iterable[str], at: datetime) -> dict[str, str]:
    """Give the name of the area whose parts the lines are, and of these if they are areas, by path. 1 query."""
    below = [f"{area_path}/{key}" for key in keys if key] if asked.by == RatesBy.AREA else []
    chains = area_chains([area_path, *below], at=at)
    return {path: chain[-1].name if chain else path.rsplit("/", 1)[-1] for path, chain in chains.items()}


def say_span(heading: str, window: windows.Window, at: datetime) -> str:
    """Say of which area and which stretch a table is."""
    return f"{heading} · {say_window(window, at.astimezone(LOCAL).date())} · {say_bounds(window, at)}"


def span_of(asked: RatesAsked, window: windows.Window) -> dict[str, str]:
    """Give what the audit log says of a table that was written out."""
    return {"since": window.since.isoformat(), "until": window.until.isoformat(), "area": asked.area_path}


def _moved(address: Address, window: windows.Window) -> str:
    last = window.last if window.kind == windows.CUSTOM else None
    return address.page(kind=window.kind, first=window.first, last=last)


def _day_in(window: windows.Window, scheme: RateScheme, at: datetime) -> date | None:
    """Give the day by which another kind of window round this one is found: now, where this one runs."""
    if window.since <= at < window.until:
        return None
    return effective_day(scheme, window.since).date()


def _up(address: Address, viewer: Viewer) -> str:
    """Give the way to the area above, "" at the viewer's own."""
    area, own = address.asked.area_path, min(
        (post.area_path for post in viewer.posts_with(Verb.SEE_COCKPIT)), key=len, default=""
    )  # fmt: skip
    if not area or area == own or "/" not in area:
        return ""
    above = area.rsplit("/", 1)[0]
    return address.page(area_path="" if above == own else above)
