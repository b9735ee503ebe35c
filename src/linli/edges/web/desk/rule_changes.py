"""What a new version of a rulebook would change, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.cases.choices import RulebookKind
from linli.cases.queries.rule_preview import RulePreview
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.web.desk.rule_tables import RuleTable, rule_table
from linli.edges.words.cases import say_state

_MEANINGS = {
    RulebookKind.CATEGORIES: gettext_lazy(
        "Open cases keep their category, their priority and their deadlines. What is needed to report back counts for "
        "them too, from now on."
    ),
    RulebookKind.DISPATCH: gettext_lazy(
        "Open cases stay with whom they are. If one is sent a level up from now on, it goes by the new version."
    ),
    RulebookKind.DEADLINES: gettext_lazy(
        "Open cases keep the deadlines they were promised. When their light turns amber goes by the new share from "
        "their next step on."
    ),
    RulebookKind.WORKFLOW: gettext_lazy(
        "Open cases go on by the new table from their next step on. Steps that were taken stay as they are."
    ),
}
# Columns that name a row in each table of `rule_tables`.
_TITLES = {
    RulebookKind.CATEGORIES: (1,), RulebookKind.DISPATCH: (0, 1), RulebookKind.DEADLINES: (0, 1),
    RulebookKind.WORKFLOW: (0, 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellChange:
    """A field, as it was and as it would be."""

    label: str
    old: str
    new: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is new, gone or another."""

    title: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows with the same fate."""

    title: str
    rows: tuple[RowChange, ...]


def preview_context(kind: RulebookKind, seen: RulePreview, district_id: str) -> dict[str, Any]:
    """Put a preview into words. At most 6 queries for names."""
    old, new = rule_table(kind, seen.old, district_id), rule_table(kind, seen.new, district_id)
    changes = seen.changes
    parts = (
        Part(_("New"), tuple(_whole(kind, new, place) for place in changes.added)),
        Part(_("Changed"), tuple(_pair(kind, old, before, new, after) for before, after in changes.changed)),
        Part(_("Deleted"), tuple(_whole(kind, old, place) for place in changes.removed)),
    )
    return {
        "summary": _summary(seen),
        "parts": parts,
        "settings": [(was, now) for was, now in zip(old.notes, new.notes, strict=True) if was != now],
        "meaning": _MEANINGS[kind],
        "touched": _touched(kind, seen, district_id),
    }


def _whole(kind: RulebookKind, table: RuleTable, place: int) -> RowChange:
    row = table.rows[place]
    cells = tuple(
        CellChange(label, "", row[column], is_changed=False)
        for column, label in enumerate(table.head)
        if column not in _TITLES[kind] and row[column]
    )
    return RowChange(_title(kind, row), cells)


def _pair(kind: RulebookKind, old: RuleTable, before: int, new: RuleTable, after: int) -> RowChange:
    was, now = old.rows[before], new.rows[after]
    cells = tuple(
        CellChange(label, was[column], now[column], is_changed=True)
        for column, label in enumerate(new.head)
        if was[column] != now[column]
    )
    return RowChange(_title(kind, was), cells)


def _title(kind: RulebookKind, row: tuple[str, ...]) -> str:
    return " · ".join(row[column] for column in _TITLES[kind])


def _summary(seen: RulePreview) -> str:
    changes = seen.changes
    said = (
        (len(changes.added), ngettext("%(n)d row is new", "%(n)d rows are new", len(changes.added))),
        (len(changes.changed), ngettext("%(n)d row changes", "%(n)d rows change", len(changes.changed))),
        (len(changes.removed), ngettext("%(n)d row is deleted", "%(n)d rows are deleted", len(changes.removed))),
        (int(changes.is_reordered), _("the order changes")),
        (int(bool(changes.settings)), _("what is said for all rows changes")),
    )
    told = _(", ").join(words % {"n": count} if "%(n)d" in words else words for count, words in said if count)
    return _("Compared with version %(number)d: %(changes)s. Nothing counts yet.") % {
        "number": seen.number, "changes": told
    }  # fmt: skip


def _touched(kind: RulebookKind, seen: RulePreview, district_id: str) -> list[str]:
    lines = []
    names = {code: each.name for code, each in current_rulebooks(district_id).categories.items()}
    for code, count in seen.touched.items():
        said = {"n": count, "name": say_state(code) if kind is RulebookKind.WORKFLOW else names.get(code, code)}
        lines.append(ngettext("%(name)s: %(n)d open case", "%(name)s: %(n)d open cases", count) % said)
    return lines
