"""Rulebooks as tables that people can read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.calc.deadlines import DeadlineTable
from linli.cases.calc.priority import IMPORTANCE, URGENCY
from linli.cases.calc.rulebooks import (
    Content,
    read_categories,
    read_deadlines,
    read_dispatch,
    read_priority,
    read_rates,
    read_workflow,
)
from linli.cases.choices import LeftOutKind, RulebookKind
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.words.cases import (
    DANGERS,
    DUE_LEFT_OUT,
    EFFECTS,
    EVIDENCE,
    METHODS,
    PLACES,
    SPREADS,
    WHO_MAY,
    say_allowance,
    say_day_begin,
    say_level,
    say_month_begin,
    say_part,
    say_priority_level,
    say_rate_formula,
    say_reason,
    say_source,
    say_state,
    say_verb,
)
from linli.registry.orgs.queries import OrganisationRow, list_organisations
from linli.registry.people.queries import role_names

_MOST_ORGANISATIONS = 5000


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """A row of a document that unfolds. cells: title and words of those that are not empty."""

    name: str
    short: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleTable:
    """A document as a table, with what is said above it. lead, brief: columns that name a row and tell it in brief."""

    notes: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lead: tuple[int, ...]
    brief: tuple[int, ...]

    @property
    def folded(self) -> tuple["FoldedLine", ...]:
        """Give the rows as narrow screens have them: what it is about, in brief, and all of it when unfolded."""
        return tuple(
            FoldedLine(
                " ".join(row[place] for place in self.lead),
                " · ".join(row[place] for place in self.brief if row[place]),
                tuple((title, cell) for title, cell in zip(self.head, row, strict=True) if cell),
            )
            for row in self.rows
        )  # fmt: skip

    @property
    def labelled(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Give the rows with each cell beside its column's title, as narrow screens write them."""
        return tuple(tuple(zip(self.head, row, strict=True)) for row in self.rows)


def rule_table(kind: RulebookKind, content: Content, district_id: str) -> RuleTable:
    """Put a document into a table. At most 3 queries for names."""
    match kind:
        case RulebookKind.CATEGORIES:
            return _categories(content)
        case RulebookKind.WORKFLOW:
            return _workflow(content)
        case RulebookKind.DISPATCH:
            return _dispatch(content, district_id)
        case RulebookKind.DEADLINES:
            return _deadlines(content, _names(district_id))
        case RulebookKind.PRIORITY:
            return _priority(content)
        case RulebookKind.RATES:
            return _rates(content, _names(district_id))


def _names(district_id: str) -> dict[str, str]:
    named = {code: kind.name for code, kind in current_rulebooks(district_id).categories.items()}
    return {**named, "*": _("any category")}


def _categories(content: Content) -> RuleTable:
    rows = tuple(
        (kind.group, kind.name, str(DANGERS[kind.danger]), str(SPREADS[kind.spread]), _("yes") if kind.pressing else "",
         _worded(kind.evidence, EVIDENCE), "、".join(kind.keywords), kind.standard_code,
         _("yes") if kind.is_retired else "")
        for kind in read_categories(content).values()
    )  # fmt: skip
    head = (_("Group"), _("Category"), _("Danger"), _("Reaches"), _("Each hour makes it worse"),
            _("Needed to report back"), _("Words that speak for it"), _("Name in exports"), _("Retired"))  # fmt: skip
    return RuleTable((), head, rows, (1,), (0, 2, 3))


def _workflow(content: Content) -> RuleTable:
    workflow = read_workflow(content)
    notes = (
        _("A report-back that nobody answers counts as verified after %(days)d days.")
        % {"days": workflow.timeout_days},
        _("%(percent)d of 100 cases are drawn for a call-back and never verified by waiting.")
        % {"percent": workflow.sample_percent},
        _("A verified case closes by itself after %(days)d day(s).") % {"days": workflow.close_after_days},
        _("A case may be sent back %(times)d time(s); after that only a dispute is left.")
        % {"times": workflow.most_returns},
        _("Sent back for “%(reasons)s” it goes to whom the dispatch catalogue names for its category.")
        % {"reasons": "”、“".join(map(say_reason, workflow.catalogue_reasons))},
        _("A dispute is decided within %(hours)d working hours.") % {"hours": workflow.dispute_hours},
        _("Who is whistled for reports in within %(hours)d working hours.") % {"hours": workflow.whistle_hours},
        _("Who leads those called gives an opinion within %(hours)d working hours of reporting in.")
        % {"hours": workflow.opinion_hours},
        _("The caller's marks: %(marks)s.")
        % {"marks": "、".join(say_reason(mark) for mark in (*workflow.speeds, *workflow.results))},
    )
    rows = tuple(
        (say_state(row.state), say_verb(row.action) + (f" ({say_reason(row.outcome)})" if row.outcome else ""),
         _worded(row.by, WHO_MAY), _("as before") if row.next_state == "before" else say_state(row.next_state),
         _worded(row.effects, EFFECTS), _("; ").join(say_reason(reason) for reason in row.reasons))
        for row in workflow.transitions
    )  # fmt: skip
    return RuleTable(notes, (_("Stands at"), _("Step"), _("Who may"), _("Becomes"), _("Also"), _("Reasons")), rows,
                     (0, 1), (3, 2))  # fmt: skip


def _dispatch(content: Content, district_id: str) -> RuleTable:
    catalogue, names, roles = read_dispatch(content), _names(district_id), role_names()
    organisations = {row.code: row.name for row in _organisations(district_id)}
    rows = tuple(
        (rule.id, names.get(rule.category, rule.category), str(PLACES.get(rule.place, rule.place)),
         roles.get(rule.role, rule.role), organisations.get(rule.organisation_code, rule.organisation_code))
        for rule in catalogue.rules
    )  # fmt: skip
    fallback = _(", ").join(roles.get(role, role) for role in catalogue.fallback_roles)
    upwards = [
        _("%(role)s of the %(level)s") % {"role": roles.get(role, role), "level": say_level(level)}
        for level, role in catalogue.levels
    ]
    notes = (
        _("The first line that fits counts."),
        _("Where nobody on duty holds the post, it goes to: %(roles)s.") % {"roles": fallback},
        _("What a level cannot solve goes up: %(levels)s.") % {"levels": " → ".join(upwards)},
    )
    return RuleTable(notes, (_("Line"), _("Category"), _("Where it is"), _("Post"), _("Department")), rows,
                     (0, 1), (2, 4, 3))  # fmt: skip


def _organisations(district_id: str) -> list[OrganisationRow]:
    return list_organisations(district_id=district_id, on=timezone.localdate(), limit=_MOST_ORGANISATIONS)


def _deadlines(content: Content, names: Mapping[str, str]) -> RuleTable:
    table = read_deadlines(content)
    rows = tuple(
        (rule.id, names.get(rule.category, rule.category),
         say_priority_level(rule.level) if rule.level else _("any level"),
         say_allowance(rule.response.timer, rule.response.amount),
         say_allowance(rule.solution.timer, rule.solution.amount))
        for rule in table.rules
    )  # fmt: skip
    notes = (
        _("The first line that fits counts."),
        _("The light turns amber when %(percent)d %% of the time is left.") % {"percent": table.amber_percent},
        *_ladder(table),
    )
    return RuleTable(notes, (_("Line"), _("Category"), _("Level"), _("Answer within"), _("Solved within")), rows,
                     (0, 1, 2), (3, 4))  # fmt: skip


def _ladder(table: DeadlineTable) -> tuple[str, ...]:
    """Word the ladder; as many notes for each version, so that two can be laid beside each other."""
    marks, hours = (_(", ").join(str(each) for each in rungs) for rungs in (table.warn_percents, table.up_after_hours))
    leader = role_names().get(table.leader_role, table.leader_role)
    quiet = {"start": table.quiet_from, "end": table.quiet_until}
    return (
        _("Whoever has a case is warned at %(marks)s %% of each clock.") % {"marks": marks or "–"},
        _("The next one up is named %(hours)s hours after the deadline; last of all: %(leader)s.")
        % {"hours": hours or "–", "leader": leader},
        _("Messages of the ladder never wait.")
        if table.quiet_from == table.quiet_until
        else _("From %(start)d to %(end)d o'clock its messages wait, save those of clocks that run day and night.")
        % quiet,
        _("Up to %(times)d extensions of at most %(days)d working days, each decided within %(hours)d working hours.")
        % {"times": table.most_extensions, "days": table.extension_days, "hours": table.approval_hours},
        _("On hold for %(days)d days ahead at most; the end is told %(before)d days before.")
        % {"days": table.hold_days, "before": table.remind_days},
    )


def _priority(content: Content) -> RuleTable:
    scheme = read_priority(content)
    rows = tuple(
        (_("urgent") if part in URGENCY else _("weighty"), say_part(part), str(scheme.points[part]),
         str(scheme.caps[part]), "、".join(scheme.words.get(part, ())))
        for part in (*URGENCY, *IMPORTANCE)
    )  # fmt: skip
    said = {"urgency": scheme.bands[0], "importance": scheme.bands[1]}
    notes = (
        _("Urgent from %(urgency)d points on, weighty from %(importance)d on.") % said,
        _("Both: level %(both)d; urgent only: %(urgent)d; weighty only: %(weighty)d; neither: %(neither)d.")
        % {"both": scheme.levels["11"], "urgent": scheme.levels["10"], "weighty": scheme.levels["01"],
           "neither": scheme.levels["00"]},
    )  # fmt: skip
    head = (_("Kind"), _("Part"), _("Points a step"), _("At most"), _("Words that speak for it"))
    return RuleTable(notes, head, rows, (1,), (0, 2, 3))


def _rates(content: Content, names: Mapping[str, str]) -> RuleTable:
    scheme = read_rates(content)
    rules = scheme.rules
    notes = (
        _("All together: %(formula)s.") % {"formula": say_rate_formula(rules.weights)},
        _("Satisfaction: (satisfied + basically satisfied × %(weight)s) ÷ effective call-backs.")
        % {"weight": f"{rules.basically_percent / 100:g}"},
    )
    rows = (
        (_("Smallest sample"), ngettext("%(n)d call-back", "%(n)d call-backs", rules.smallest_sample)
         % {"n": rules.smallest_sample}),
        (_("What counts as a call-back"), _worded(scheme.methods, METHODS)),
        (_("A month begins"), say_month_begin(scheme.month_begins_on)),
        (_("A day begins"), say_day_begin(scheme.day_begins_at)),
        (_("Not due"), _worded(scheme.due_without, DUE_LEFT_OUT) or _("nothing left out")),
        (_("Places in the order"), _("among units of one kind") if scheme.has_places else _("none: lists by code")),
        *(
            (_("Not counted: %(what)s") % {
                "what": say_source(each.code) if each.kind == LeftOutKind.SOURCE else names.get(each.code, each.code)
            }, each.why)
            for each in scheme.left_out
        ),
    )  # fmt: skip
    return RuleTable(notes, (_("Rule"), _("Says")), rows, (0,), (1,))


def _worded(codes: tuple[str, ...], words: Mapping[str, object]) -> str:
    known = [code for code in words if code in codes]
    return _(", ").join(str(words.get(code, code)) for code in (*known, *(code for code in codes if code not in words)))
