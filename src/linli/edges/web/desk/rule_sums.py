"""A row of a rulebook's form in one line, as it stands typed."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from linli.cases.choices import RulebookKind
from linli.edges.web.desk.rule_fields import Layout
from linli.edges.web.desk.rule_rows import Row, number, one
from linli.edges.words.cases import (
    PLACES,
    WHO_MAY,
    say_allowance,
    say_priority_level,
    say_reason,
    say_state,
    say_verb,
)


def sum_up(kind: RulebookKind, row: Row, layout: Layout) -> tuple[str, str]:
    """Give what a row is about, and what it says of it."""
    match kind:
        case RulebookKind.CATEGORIES:
            parts = (one(row, "group"), _("retired") if one(row, "is_retired") else "", one(row, "keywords"))
            title, said = one(row, "name"), " · ".join(part for part in parts if part)
        case RulebookKind.DISPATCH:
            title, said = _line(row, layout), _route(row, layout.names)
        case RulebookKind.DEADLINES:
            title, said = _line(row, layout), _times(row)
        case _:
            title, said = _cell(row)
    return title or _("new row"), said


def _line(row: Row, layout: Layout) -> str:
    category = one(row, "category")
    return " ".join(part for part in (one(row, "id"), layout.names["category"].get(category, category)) if part)


def _route(row: Row, names: Mapping[str, Mapping[str, str]]) -> str:
    role, organisation = one(row, "role"), one(row, "organisation_code")
    whom = (names["organisation_code"].get(organisation, organisation), names["role"].get(role, role))
    place = str(PLACES.get(one(row, "place"), ""))
    return f"{place} → {' '.join(part for part in whom if part)}" if role else place


def _times(row: Row) -> str:
    level = number(one(row, "level"))
    about = say_priority_level(level) if level > 0 else _("any level")
    amounts = [(f"{clock}_timer", number(one(row, f"{clock}_amount"))) for clock in ("response", "solution")]
    if any(amount < 1 for _timer, amount in amounts):
        return about
    answer, end = (say_allowance(one(row, timer), amount) for timer, amount in amounts)
    said = {"level": about, "answer": answer, "end": end}
    return _("%(level)s: answer within %(answer)s, solved within %(end)s") % said


def _cell(row: Row) -> tuple[str, str]:
    action, outcome, after = one(row, "action"), one(row, "outcome"), one(row, "next_state")
    title = say_verb(action) + (f" ({say_reason(outcome)})" if outcome else "")
    becomes = _("as before") if after == "before" else say_state(after)
    by = row.get("by", ())
    who = _(", ").join(str(words) for code, words in WHO_MAY.items() if code in by)
    return title, f"→ {becomes} · {who}" if after else who
