"""What new priority weights would have done to the cases of the last 30 days, before they count."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.cases.calc.categories import Category
from linli.cases.calc.priority import PriorityScheme, Weighed, faults, weigh
from linli.cases.calc.rulebooks import Content, read_priority
from linli.cases.choices import RulebookKind
from linli.cases.errors import Fault, RulebookHasFaults
from linli.cases.models import Case, Rulebook
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.rules import visible_to, within_reach
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer

REPLAYED = timedelta(days=30)
_HOUSEHOLDS_A_STEP = 40


@dataclass(frozen=True, slots=True)
class Replayed:
    """A case under both schemes. place: from 1, the most pressing first; is_fixed: a person set it, so it stays."""

    case_id: UUID
    number: str
    title: str
    category: str
    old_score: int
    new_score: int
    old_level: int
    new_level: int
    old_place: int
    new_place: int
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """The cases of the last 30 days in both orders. moves: how many go from level to level, {(old, new): count}."""

    by_old: tuple[Replayed, ...]
    by_new: tuple[Replayed, ...]
    total: int
    moves: Mapping[tuple[int, int], int]


def replay_priority(*, viewer: Viewer, content: Content, at: datetime, shown: int = 30) -> Replay:
    """Weigh the cases of the last 30 days within the reach of the viewer's right to edit anew. 5 queries.

    The title of a case that the viewer may not see is left empty.

    Repeats and households are taken as they were counted when the case came in. Raises RulebookHasFaults naming what is
    wrong with the weights.
    """
    scheme = _read(content)
    books = current_rulebooks(viewer.district_id)
    versions = _schemes(viewer.district_id)
    columns = ("id", "number", "title", "category", "text", "score", "priority_level", "priority_parts",
               "is_overridden", "rulebooks")  # fmt: skip
    found = Case.objects.filter(
        within_reach(viewer, Verb.EDIT_RULEBOOKS), reported_at__gte=at - REPLAYED, reported_at__lte=at
    )
    rows = list(found.order_by("-score", "-id").values(*columns))
    new = [_weigh(row, books.categories, scheme, versions) for row in rows]
    order = sorted(range(len(rows)), key=lambda place: (-new[place][0], place))
    new_places = {row: place for place, row in enumerate(order, start=1)}
    seen = set(found.filter(visible_to(viewer)).values_list("id", flat=True))
    replayed = [
        _replayed(row, row["title"] if row["id"] in seen else "", new[place], place + 1, new_places[place])
        for place, row in enumerate(rows)
    ]
    moves = Counter((case.old_level, case.new_level) for case in replayed)
    return Replay(
        tuple(replayed[:shown]), tuple(replayed[row] for row in order[:shown]), len(replayed), dict(moves)
    )  # fmt: skip


def _read(content: Content) -> PriorityScheme:
    try:
        scheme = read_priority(content)
        found = faults(scheme)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulebookHasFaults([Fault("shape")]) from error
    if found:
        raise RulebookHasFaults(found)
    return scheme


def _schemes(district_id: str) -> dict[int, PriorityScheme]:
    """Read every version of the weights, to tell steps from points. 1 query."""
    rows = Rulebook.objects.filter(district_id=district_id, kind=RulebookKind.PRIORITY)
    return {number: read_priority(content) for number, content in rows.values_list("number", "content")}


def _weigh(
    row: Mapping[str, Any], categories: Mapping[str, Category], scheme: PriorityScheme,
    versions: Mapping[int, PriorityScheme],
) -> tuple[int, int]:  # fmt: skip
    """Weigh one case: (score, level); what a person set by hand stays."""
    if row["is_overridden"] or row["category"] not in categories:
        return row["score"], row["priority_level"]
    kind = categories[row["category"]]
    parts = {part["name"]: part for part in row["priority_parts"]}
    old = versions.get(row["rulebooks"].get(RulebookKind.PRIORITY, 0), scheme)
    weighed = Weighed(
        row["text"], kind.danger, kind.pressing, kind.spread,
        households_of(row["text"], kind, parts.get("spread"), old), _repeats(parts.get("repeats")),
    )  # fmt: skip
    priority = weigh(weighed, scheme)
    return priority.score, priority.level


def _repeats(part: Mapping[str, Any] | None) -> int:
    detail = str(part["detail"]) if part else ""
    return int(detail) if detail.isdecimal() else 0


def households_of(text: str, kind: Category, part: Mapping[str, Any] | None, old: PriorityScheme) -> int:
    """Tell the households that were counted from the points they gave; at least so many where the cap cut them off."""
    points = old.points["spread"]
    if part is None or not points:
        return 0
    has_word = any(word in text for word in old.words.get("spread", ()))
    steps: int = part["points"] // points - kind.spread - has_word
    return max(steps, 0) * _HOUSEHOLDS_A_STEP


def _replayed(row: Mapping[str, Any], title: str, new: tuple[int, int], old_place: int, new_place: int) -> Replayed:
    return Replayed(
        row["id"], row["number"], title, row["category"], row["score"], new[0], row["priority_level"], new[1],
        old_place, new_place, is_fixed=row["is_overridden"],
    )  # fmt: skip
