"""What a new version of a rulebook would change, and which running cases it touches, before it counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from linli.cases.calc.rule_changes import ROWS, Changes, compare, in_groups
from linli.cases.calc.rulebooks import Content, read_deadlines, read_dispatch
from linli.cases.choices import RulebookKind, State
from linli.cases.models import Case
from linli.cases.queries.rulebook_faults import require_no_faults
from linli.cases.queries.rulebooks import rulebook_content
from linli.cases.rules import within_reach
from linli.kernel.errors import Conflict
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may

_WAITING = {"timeout_days": State.REPORTED_BACK, "close_after_days": State.VERIFIED}


@dataclass(frozen=True, slots=True)
class RulePreview:
    """Both documents, what differs, and how many open cases stand where something differs.

    touched: by state for the table of stages, else by category; only those counted that the right to edit reaches.
    """

    number: int
    old: Content
    new: Content
    changes: Changes
    touched: Mapping[str, int]


def preview_rulebook(
    *, viewer: Viewer, kind: RulebookKind, content: Content, follows: int, at: datetime
) -> RulePreview:
    """Tell what a document would change if it counted. At most 6 queries.

    follows: the version it was made from. Raises NotAllowed, Conflict if a newer one counts by now, RulebookHasFaults.
    """
    district_id = viewer.district_id
    may(viewer, Verb.EDIT_RULEBOOKS, district_id=district_id, area_path=district_id).require()
    number, old = rulebook_content(district_id=district_id, kind=kind)
    if number != follows:
        raise Conflict("rulebook_changed", params={"kind": kind.value, "number": number})
    require_no_faults(district_id=district_id, kind=kind, content=content, on=timezone.localdate(at))
    old, new = in_groups(kind, old), in_groups(kind, content)
    changes = compare(kind, old, new)
    return RulePreview(number, old, new, changes, _touched(viewer, kind, old, new, changes))


def _touched(viewer: Viewer, kind: RulebookKind, old: Content, new: Content, changes: Changes) -> dict[str, int]:
    open_cases = Case.objects.filter(within_reach(viewer, Verb.EDIT_RULEBOOKS), closed_at=None)
    if kind is RulebookKind.WORKFLOW:
        states = {str(row["state"]) for row in _rows(kind, old, new, changes)}
        states |= {state.value for name, state in _WAITING.items() if name in changes.settings}
        counted = open_cases.filter(state__in=states).values_list("state").annotate(Count("id")).order_by("state")
        return dict(counted)
    if kind is RulebookKind.CATEGORIES:
        codes = {str(row["code"]) for row in _rows(kind, old, new, changes)}
        counted = open_cases.filter(category__in=codes).values_list("category").annotate(Count("id"))
        return dict(counted.order_by("category"))
    grouped = open_cases.values_list("category", "priority_level").annotate(Count("id"))
    found: Counter[str] = Counter()
    for category, level, count in grouped.order_by("category", "priority_level"):
        if _is_other_line(kind, old, new, category, level):
            found[category] += count
    return dict(found)


def _rows(kind: RulebookKind, old: Content, new: Content, changes: Changes) -> Iterable[Mapping[str, object]]:
    """List every row that is added, removed or changed, as it was and as it will be."""
    name = ROWS[kind]
    yield from (new[name][place] for place in changes.added)
    yield from (old[name][place] for place in changes.removed)
    yield from (new[name][place] for _, place in changes.changed)


def _is_other_line(kind: RulebookKind, old: Content, new: Content, category: str, level: int) -> bool:
    """Whether a case like that would go another way, or get another time, if it came in under the new version."""
    if kind is RulebookKind.DISPATCH:
        before, after = read_dispatch(old), read_dispatch(new)
        return any(
            before.rule_for(category, is_in_compound=inside) != after.rule_for(category, is_in_compound=inside)
            for inside in (True, False)
        )
    return read_deadlines(old).rule_for(category, level) != read_deadlines(new).rule_for(category, level)
