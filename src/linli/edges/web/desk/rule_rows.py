"""Rulebooks as rows of typed text and back: whatever somebody typed is kept, right or wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import QueryDict

from linli.cases.calc.categories import STAYS
from linli.cases.calc.deadlines import ANY_CATEGORY
from linli.cases.calc.rule_changes import ROWS, in_groups
from linli.cases.calc.rulebooks import Content
from linli.cases.calc.workflow import LATER_LISTS
from linli.cases.choices import RulebookKind
from linli.edges.web.desk.rule_fields import Layout
from linli.edges.words.cases import REASONS, say_reason

Row = dict[str, tuple[str, ...]]
UNREADABLE = -1  # a number that is none; each document refuses it in words
_KEYS = {RulebookKind.CATEGORIES: "code", RulebookKind.DISPATCH: "id", RulebookKind.DEADLINES: "id"}
_LETTERS = {RulebookKind.CATEGORIES: "own_", RulebookKind.DISPATCH: "D", RulebookKind.DEADLINES: "T"}

_LISTS, _CODES = frozenset({"warn_percents", "up_after_hours"}), frozenset({"leader_role"})


def rows_of(kind: RulebookKind, content: Content) -> list[Row]:
    """Write a document's rows as the form shows them, the stages state by state."""
    return [_typed(kind, row) for row in in_groups(kind, content)[ROWS[kind]]]


def settings_of(kind: RulebookKind, content: Content) -> Row:
    """Write what stands beside the rows."""
    if kind is RulebookKind.DISPATCH:
        found = {f"fallback-{n}": (role,) for n, role in enumerate(content["fallback_roles"])}
        return found | {f"level-{level}": (role,) for level, role in content["levels"]}
    beside = {name: value for name, value in in_groups(kind, content).items() if name != ROWS[kind]}
    return {name: (_said(value) if name in LATER_LISTS else _joined(value),) for name, value in beside.items()}


def read_rows(layout: Layout, sent: QueryDict) -> tuple[list[Row], Row]:
    """Read what was sent as it was typed: rows and settings."""
    rows = [
        {field.name: tuple(sent.getlist(f"{place}-{field.name}")) for field in layout.fields}
        for place in sent.getlist("row")
    ]
    return rows, {field.name: tuple(sent.getlist(field.name)) for field in layout.settings}


def empty_row(layout: Layout, group: str) -> Row:
    """Make a row to be filled in."""
    row = {field.name: field.initial for field in layout.fields}
    return row | {"state": (group,)} if group else row


def place_for_new(kind: RulebookKind, rows: Sequence[Row], group: str) -> int:
    """Tell where a new row goes: behind its group, else before the lines that take everything."""
    if kind is RulebookKind.WORKFLOW:
        own = [place for place, row in enumerate(rows) if one(row, "state") == group]
        return own[-1] + 1 if own else len(rows)
    catch_all = (place for place, row in enumerate(rows) if _takes_all(row))
    return next(catch_all, len(rows))


def content_of(kind: RulebookKind, rows: Sequence[Row], settings: Row) -> Content:
    """Put a document together again. New rows get their code or line here."""
    keyed = _with_keys(kind, rows)
    content: Content = {ROWS[kind]: [_WRITERS[kind](row) for row in keyed]}
    if kind is RulebookKind.DISPATCH:
        fallback = [one(settings, name) for name in sorted(settings) if name.startswith("fallback-")]
        content["fallback_roles"] = list(dict.fromkeys(role for role in fallback if role))
        content["levels"] = [
            [name.removeprefix("level-"), one(settings, name)] for name in settings if name.startswith("level-")
        ]
        return content
    return content | {name: read_setting(name, one(settings, name)) for name in settings}


def read_setting(name: str, typed: str) -> int | str | list[int] | list[str]:
    """Read what stands beside the rows: a number, several of them, a code, or words for codes."""
    if name in LATER_LISTS:
        return _codes(typed)
    if name in _LISTS:
        return [number(word) for word in split_words(typed)]
    return typed if name in _CODES else number(typed)


def one(row: Mapping[str, Sequence[str]], name: str) -> str:
    """Read the one value of a field; "" if nothing was sent."""
    values = row.get(name, ())
    return values[0] if values else ""


def number(text: str) -> int:
    """Read a whole number; `UNREADABLE` if it is none."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 6 else UNREADABLE  # noqa: PLR2004 - far above every limit


def split_words(text: str, *, mark: str = "、", others: str = "，,；;\n\r\t　 ") -> list[str]:
    """Split words at a mark, or others that people type for it, each once."""
    for other in others:
        text = text.replace(other, mark)
    return list(dict.fromkeys(word.strip() for word in text.split(mark) if word.strip()))


def _takes_all(row: Row) -> bool:
    return one(row, "category") == ANY_CATEGORY or one(row, "code") in STAYS


def _typed(kind: RulebookKind, row: Mapping[str, Any]) -> Row:
    if kind is RulebookKind.DEADLINES:
        flat = {name: row[name] for name in ("id", "category", "level")}
        for clock in ("response", "solution"):
            flat |= {f"{clock}_amount": row[clock]["amount"], f"{clock}_timer": row[clock]["timer"]}
        return {name: (str(value),) for name, value in flat.items()}
    typed: Row = {}
    for name, value in row.items():
        if name == "keywords":
            typed[name] = ("、".join(value),)
        elif name == "reasons":
            typed[name] = (_said(value),)
        elif isinstance(value, bool):
            typed[name] = ("1",) if value else ()
        elif isinstance(value, (list, tuple)):
            typed[name] = tuple(str(each) for each in value)
        else:
            typed[name] = (str(value),)
    return typed


def _with_keys(kind: RulebookKind, rows: Sequence[Row]) -> list[Row]:
    """Give rows without one the next free code or line."""
    if kind is RulebookKind.WORKFLOW:
        return list(rows)
    key, letter = _KEYS[kind], _LETTERS[kind]
    taken = {one(row, key) for row in rows}
    keyed: list[Row] = []
    for row in rows:
        if one(row, key):
            keyed.append(row)
            continue
        free = next(n for n in range(1, len(rows) + 2) if f"{letter}{n:02d}" not in taken)
        taken.add(f"{letter}{free:02d}")
        keyed.append({**row, key: (f"{letter}{free:02d}",)})
    return keyed


def _category(row: Row) -> dict[str, Any]:
    plain = {name: one(row, name).strip() for name in ("code", "name", "group", "standard_code")}
    return plain | {
        "danger": number(one(row, "danger")), "spread": number(one(row, "spread")),
        "pressing": bool(one(row, "pressing")), "is_retired": bool(one(row, "is_retired")),
        "evidence": list(row.get("evidence", ())),
        "keywords": split_words(one(row, "keywords")),
    }  # fmt: skip


def _dispatch_line(row: Row) -> dict[str, Any]:
    return {name: one(row, name) for name in ("id", "category", "place", "role", "organisation_code")}


def _deadline_line(row: Row) -> dict[str, Any]:
    return {
        "id": one(row, "id"), "category": one(row, "category"), "level": number(one(row, "level")),
        **{
            clock: {"timer": one(row, f"{clock}_timer"), "amount": number(one(row, f"{clock}_amount"))}
            for clock in ("response", "solution")
        },
    }  # fmt: skip


def _cell(row: Row) -> dict[str, Any]:
    return {
        **{name: one(row, name) for name in ("state", "action", "outcome", "next_state")},
        "by": list(row.get("by", ())), "effects": list(row.get("effects", ())),
        "reasons": _codes(one(row, "reasons")),
    }  # fmt: skip


def _joined(value: object) -> str:
    return "、".join(str(each) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _said(codes: Sequence[str]) -> str:
    return "；".join(say_reason(code) for code in codes)


def _codes(text: str) -> list[str]:
    """Turn reasons as they are worded back into codes; one of the district's own stays as it is written."""
    codes = {str(words): code for code, words in REASONS.items()}
    return [codes.get(said, said) for said in split_words(text, mark="；", others=";\n\r")]


_WRITERS: Mapping[RulebookKind, Callable[[Row], dict[str, Any]]] = {
    RulebookKind.CATEGORIES: _category, RulebookKind.DISPATCH: _dispatch_line, RulebookKind.DEADLINES: _deadline_line,
    RulebookKind.WORKFLOW: _cell,
}  # fmt: skip
