"""Weighing a case anew when more people report the same: by the weights it was opened under, only repeats change."""

from linli.cases.calc.priority import Part, with_repeats
from linli.cases.calc.rulebooks import read_priority
from linli.cases.choices import RulebookKind
from linli.cases.models import Case
from linli.cases.queries.rulebooks import rulebook_content


def repeats_in(case: Case) -> int:
    """Tell the repeats that a case is weighed with now."""
    return next((int(part["detail"] or 0) for part in case.priority_parts if part["name"] == "repeats"), 0)


def weigh_repeats(case: Case, repeats: int) -> None:
    """Weigh a case in memory with another number of repeats; a level that was set by hand stays. At most 1 query.

    The deadline stays as it was promised.
    """
    if case.is_overridden or repeats == repeats_in(case):
        return
    number = case.rulebooks.get(RulebookKind.PRIORITY, 0)
    _, content = rulebook_content(district_id=case.district_id, kind=RulebookKind.PRIORITY, number=number)
    parts = [Part(part["name"], part["points"], part["reason"], part["detail"]) for part in case.priority_parts]
    priority = with_repeats(parts, repeats, read_priority(content))
    case.score, case.priority_level = priority.score, priority.level
    case.priority_parts = [
        {"name": part.name, "points": part.points, "reason": part.reason, "detail": part.detail}
        for part in priority.parts
    ]


WEIGHED = ("score", "priority_level", "priority_parts")
