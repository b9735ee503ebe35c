"""Lists of cases: filtered by rights first, then by what is asked, page by page from a cursor."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import (
    Count,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.utils import timezone

from linli.cases.calc.words import has_characters
from linli.cases.choices import FINISHED, State
from linli.cases.models import Case, CaseRung, Dispute, WhistleCall
from linli.cases.queries.returned import was_returned
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.queries.words import newest_with_words, words_of
from linli.cases.rules import (
    disputes_to_decide,
    held_by,
    inside,
    steps_of,
    visible_to,
    works_for,
)
from linli.kernel.errors import InvalidInput
from linli.registry.people.rules import Viewer
from linli.registry.territory.choices import PlaceReason

MOST_COUNTED = 1000
_MOST_OF_ONE_NUMBER = 200
_ADDRESS = Case.personal_data["address"].sealed_for
_NOBODYS = (PlaceReason.ON_BORDER, PlaceReason.NOBODY_OWNS, PlaceReason.OUTSIDE)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is asked for; an empty field asks nothing.

    box: todo (waits for me), done (I took a step), mine (I reported it), overdue, open, verify (waits to be verified
    or closed), called (open, and one's office was whistled for), disputed (the viewer has to decide a dispute),
    unowned (nobody owns its place or nobody holds its role), escalated (the ladder named one of my posts), held, or
    "" for all that may be seen. sort: newest, priority, due or review (the day a case on hold is looked at again).
    """

    box: str = ""
    states: tuple[str, ...] = ()
    category: str = ""
    area_path: str = ""
    light: str = ""
    q: str = ""
    organisation_id: UUID | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    ids: tuple[UUID, ...] = ()
    sort: str = "newest"
    is_returned: bool = False
    returned_by: UUID | None = None
    returned_for: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of cases and the cursor of the next one, "" at the end."""

    rows: list[CaseRow]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many cases wait; the counters in the menu."""

    todo: int
    overdue: int
    mine: int
    open: int


_SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-id",),
    "priority": ("-score", "-id"),
    "due": ("due_at", "-id"),
    "review": ("review_on", "-id"),
}
# Between two days, newest first goes by when a case was reported: one index gives both the days and their order.
_BETWEEN_DAYS = ("-reported_at", "-id")


def list_cases(*, viewer: Viewer, wanted: CaseFilter, at: datetime, cursor: str = "", limit: int = 50) -> CasePage:
    """List cases that the viewer may see. 1 query, 2 for a telephone or its end; for words as `newest_with_words`.

    Raises InvalidInput on an unknown box, sort or cursor.
    """
    order, words = _order(wanted), words_of(viewer, wanted.q)
    is_all = wanted == CaseFilter()
    seen = visible_to(viewer, first=limit + 1, before=_before(cursor)) if is_all else None
    found = _listed(viewer=viewer, wanted=replace(wanted, q=""), at=at, seen=seen)
    if cursor:
        found = _continued(found, order, cursor)
    if has_characters(wanted.q) and order == _SORTS["newest"]:
        rows = newest_with_words(found, words, viewer=viewer, limit=limit + 1, at=at)
    else:
        rows = case_rows(found.filter(words).order_by(*order)[: limit + 1], at=at)
    more = len(rows) > limit
    return CasePage(rows[:limit], _cursor(order, rows[limit - 1]) if more else "")


def _before(cursor: str) -> UUID | None:
    """Read the case that a cursor of what is newest first names. Raises InvalidInput."""
    try:
        return UUID(_values(_SORTS["newest"], cursor)[0]) if cursor else None
    except (ValueError, TypeError) as error:
        raise InvalidInput("unknown_cursor", field="cursor") from error


def _order(wanted: CaseFilter) -> tuple[str, ...]:
    if wanted.sort not in _SORTS:
        raise InvalidInput("unknown_sort", field="sort", params={"sort": wanted.sort})
    is_between = wanted.sort == "newest" and (wanted.reported_from or wanted.reported_to)
    return _BETWEEN_DAYS if is_between else _SORTS[wanted.sort]


def check_filter(*, viewer: Viewer, wanted: CaseFilter, at: datetime) -> None:
    """Refuse a filter that no list could answer. No query. Raises InvalidInput."""
    if set(wanted.states) - set(State):
        raise InvalidInput("unknown_filter", field="state")
    if wanted.area_path and wanted.area_path.split("/")[0] != viewer.district_id:
        raise InvalidInput("unknown_filter", field="area")
    _order(wanted)
    filtered(viewer=viewer, wanted=wanted, at=at)


def _listed(*, viewer: Viewer, wanted: CaseFilter, at: datetime, seen: Q | None = None) -> QuerySet[Case]:
    """Give what a list shows: sorted by when it is due or looked at again, only what has such a day at all."""
    found = filtered(viewer=viewer, wanted=wanted, at=at, seen=seen)
    if wanted.sort == "review":
        return found.filter(review_on__isnull=False)
    return found.filter(due_at__isnull=False) if wanted.sort == "due" else found


def filtered(*, viewer: Viewer, wanted: CaseFilter, at: datetime, seen: Q | None = None) -> QuerySet[Case]:
    """Give the query of what the viewer may see and asks for; every list, count, map and export starts here.

    seen: what `visible_to` gives for a page.
    """
    if seen is None:
        # Whoever took a step may see the case: to ask for more than that would only cost.
        seen = Q(district_id=viewer.district_id) if wanted.box == "done" and viewer.is_known else visible_to(viewer)
    found = Case.objects.filter(seen).filter(_box(viewer, wanted.box, at))
    if wanted.states:
        found = found.filter(state__in=wanted.states)
    if wanted.category:
        found = found.filter(category=wanted.category)
    if wanted.area_path:
        found = found.filter(inside(wanted.area_path))
    if wanted.organisation_id:
        found = found.filter(organisation_id=wanted.organisation_id)
    if wanted.reported_from:
        found = found.filter(reported_at__gte=wanted.reported_from)
    if wanted.reported_to:
        found = found.filter(reported_at__lt=wanted.reported_to)
    if wanted.is_returned or wanted.returned_by or wanted.returned_for:
        found = found.filter(was_returned(viewer.district_id, by=wanted.returned_by, reason=wanted.returned_for))
    if wanted.ids:
        found = found.filter(id__in=wanted.ids)
    return found.filter(has_light(wanted.light, at)).filter(words_of(viewer, wanted.q))


def count_cases(*, viewer: Viewer, wanted: CaseFilter, at: datetime) -> int:
    """Count up to 1,000 and one: more is not worth the reading. 1 query."""
    return filtered(viewer=viewer, wanted=wanted, at=at).order_by()[: MOST_COUNTED + 1].count()


class _Bounded(Subquery):
    """How many rows a query with a limit finds, as a column."""

    template = "(SELECT count(*) FROM (%(subquery)s) found)"
    output_field = IntegerField()
    empty_result_set_value = 0


def count_each(*, viewer: Viewer, wanted: Sequence[CaseFilter], at: datetime) -> list[int]:
    """Count for several filters at once, each up to 1,000. 1 query, however many there are.

    Each is a subquery that stops at its thousandth row, beside one row that any will do for: none, then all are 0.
    """
    # Unordered, each walks the index that fits: case_area, case_open_holder, case_open_by_area, case_due, case_words.
    bounded = [
        _Bounded(_listed(viewer=viewer, wanted=each, at=at).order_by().values("id")[:MOST_COUNTED]) for each in wanted
    ]
    one = Case.objects.filter(district_id=viewer.district_id).order_by("-id")[:1]
    found = one.values_list(*bounded)
    return list(found[0]) if wanted and found else [0] * len(wanted)


def inbox_counts(*, viewer: Viewer, at: datetime) -> InboxCounts:
    """Count what waits for a viewer. 1 query over open cases only."""
    return inbox_steps(viewer=viewer, at=at)[0]


def inbox_steps(*, viewer: Viewer, at: datetime) -> tuple[InboxCounts, int]:
    """Count what waits for a viewer, and sum the versions of all open cases in sight: any step changes it. 1 query."""
    waiting = held_by(viewer) & ~Q(state__in=(State.SUSPENDED, State.REPORTED_BACK, State.VERIFIED))
    counts = Case.objects.filter(visible_to(viewer), closed_at__isnull=True).aggregate(
        todo=Count("id", filter=waiting),
        overdue=Count("id", filter=Q(due_at__lt=at)),
        mine=Count("id", filter=Q(opened_by=viewer.person_id)),
        open=Count("id"),
        steps=Sum("version", default=0),
    )
    steps = counts.pop("steps")
    return InboxCounts(**counts), steps


_OF_STATES = {
    "open": Q(), "held": Q(state=State.SUSPENDED), "verify": Q(state__in=(State.REPORTED_BACK, State.VERIFIED))
}  # fmt: skip


def _box(viewer: Viewer, box: str, at: datetime) -> Q:
    is_open = Q(closed_at__isnull=True)
    if box in _OF_STATES:
        return is_open & _OF_STATES[box]
    match box:
        case "":
            return Q()
        case "todo":
            waits = ~Q(state__in=(State.SUSPENDED, State.REPORTED_BACK, State.VERIFIED))
            return is_open & held_by(viewer) & waits
        case "done":
            return Q(id__in=steps_of(viewer).exclude(action="report").values("case_id"))
        case "mine":
            return Q(opened_by=viewer.person_id)
        case "overdue":
            return is_open & Q(due_at__lt=at)
        case "called" | "disputed" | "escalated":
            return is_open & Q(id__in=_beside(viewer, box).values("case_id"))
        case "unowned":
            has_left = Q(post__ends_on__lt=timezone.localdate(at))
            return is_open & (Q(is_hole=True) | Q(place_reason__in=_NOBODYS) | has_left)
    raise InvalidInput("unknown_box", field="box", params={"box": box})


def _beside(viewer: Viewer, box: str) -> QuerySet[Any]:
    """Give the query of what names cases to a viewer: calls that stand, disputes to decide, rungs of the ladder."""
    if box == "disputed":
        return Dispute.objects.filter(disputes_to_decide(viewer))
    if box == "escalated":
        posts = [post.post_id for post in viewer.posts]
        return CaseRung.objects.filter(district_id=viewer.district_id, to_post__in=posts)
    calls = WhistleCall.objects.filter(district_id=viewer.district_id, organisation_id__in=works_for(viewer))
    return calls.filter(taken_back_at=None)


def has_light(light: str, at: datetime) -> Q:
    """Give the filter of cases that have a light at an instant; "" for any. Raises InvalidInput."""
    running = Q(closed_at__isnull=True) & ~Q(state__in=(State.SUSPENDED, *FINISHED))
    late, warn = Q(due_at__lt=at), Q(amber_at__lte=at, due_at__gte=at)
    match light:
        case "":
            return Q()
        case "late":
            return running & late
        case "warn":
            return running & warn
        case "ok":
            return running & (Q(due_at__isnull=True) | Q(amber_at__gt=at))
        case "hold":
            return Q(state=State.SUSPENDED)
        case "done":
            # Finished and closed are the same by the table of stages; said twice, PostgreSQL skips the open ones.
            return Q(state__in=tuple(FINISHED), closed_at__isnull=False)
    raise InvalidInput("unknown_light", field="light", params={"light": light})


def _cursor(order: tuple[str, ...], row: CaseRow) -> str:
    values = [str(getattr(row, name.lstrip("-"))) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _continued(found: QuerySet[Case], order: tuple[str, ...], cursor: str) -> QuerySet[Case]:
    """Go on after the row that a cursor names. Raises InvalidInput for one that was not made here."""
    try:
        return found.filter(_after(order, cursor))
    except (ValueError, TypeError, ValidationError) as error:
        raise InvalidInput("unknown_cursor", field="cursor") from error


def _after(order: tuple[str, ...], cursor: str) -> Q:
    """Turn a cursor into "comes after that row": a > x, or a = x and b > y.

    That a >= x follows from it, and is said all the same: by that alone an index starts reading there, at any depth.
    """
    values = _values(order, cursor)
    after, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        after |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    first = order[0].lstrip("-")
    return after & Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]})


def _values(order: tuple[str, ...], cursor: str) -> list[str]:
    """Read the columns of the row that a cursor names. Raises ValueError, TypeError."""
    values: list[str] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if len(values) != len(order) or not all(isinstance(value, str) for value in values):
        raise ValueError(cursor)
    return values
