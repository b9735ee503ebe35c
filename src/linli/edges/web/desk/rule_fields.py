"""Which fields the form of each rulebook has, and what can be chosen in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.cases.calc.categories import EVIDENCE as EVIDENCE_CODES
from linli.cases.calc.deadlines import ANY_CATEGORY, ANY_LEVEL, LEVELS
from linli.cases.calc.dispatch import ANYWHERE, IN_COMPOUND, OUTSIDE_COMPOUNDS
from linli.cases.calc.rulebooks import Content
from linli.cases.calc.workflow import BEFORE, DISSATISFIED
from linli.cases.choices import BESIDE_STAGES, BESIDE_TABLE, TABLED, Action, RulebookKind, State
from linli.edges.words.cases import (
    DANGERS,
    EFFECTS,
    EVIDENCE,
    PLACES,
    SPREADS,
    TIMERS,
    WHO_MAY,
    say_level,
    say_priority_level,
    say_reason,
    say_state,
    say_verb,
)
from linli.support.calendar.choices import Timer

_FALLBACKS = 4
# Steps that the program takes at the opening or joining of a case, whatever the table says.
_NO_CELLS = frozenset({Action.REPORT, Action.JOIN, Action.HAND_OVER, Action.SETTLE, Action.MERGE,
                       Action.UNMERGE, Action.UPHOLD, *BESIDE_STAGES, *BESIDE_TABLE})  # fmt: skip

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the document's row, its label, how it is filled in, what can be chosen, what is new.

    shape: hidden, text, number, words, select, ticks or flag. mark: what stands between words.
    """

    name: str
    label: str
    shape: str
    options: Options = ()
    initial: tuple[str, ...] = ()
    mark: str = "、"
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """What a form asks: fields of each row, settings beside the rows, and the groups under which rows stand.

    names: names of categories, posts and departments by code, for the lines that sum a row up.
    """

    fields: tuple[Field, ...]
    settings: tuple[Field, ...]
    groups: Options
    names: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Names:
    """Names by code of what a district's rows point to. leaders: roles that may see cases."""

    categories: Mapping[str, str]
    roles: Mapping[str, str]
    organisations: Mapping[str, str]
    leaders: Mapping[str, str]


def layout_of(kind: RulebookKind, content: Content, names: Names) -> Layout:
    """Lay the form of a document out."""
    known = {"category": {ANY_CATEGORY: _("any category"), **names.categories}, "role": names.roles,
             "organisation_code": names.organisations}  # fmt: skip
    match kind:
        case RulebookKind.CATEGORIES:
            return Layout(_category_fields(), _series_settings(), (("", ""),), known)
        case RulebookKind.DISPATCH:
            return Layout(_dispatch_fields(names, content), _dispatch_settings(names, content), (("", ""),), known)
        case RulebookKind.DEADLINES:
            return Layout(_deadline_fields(names), (
                Field("amber_percent", _("The light turns amber when so many % of the time are left"), "number"),
                *_ladder_settings(names),
            ), (("", ""),), known)  # fmt: skip
        case _:
            return Layout(
                _stage_fields(),
                _stage_settings(),
                tuple((state.value, say_state(state)) for state in State if state in TABLED),
                known,
            )


def _category_fields() -> tuple[Field, ...]:
    return (
        Field("code", "", "hidden"),
        Field("name", _("Category"), "text"),
        Field("group", _("Group"), "text"),
        Field("danger", _("Danger"), "select", _numbered(DANGERS), ("0",)),
        Field("spread", _("Reaches"), "select", _numbered(SPREADS), ("0",)),
        Field("standard_code", _("Name in exports"), "text"),
        Field("keywords", _("Words that speak for it"), "words", is_wide=True),
        Field("evidence", _("Needed to report back"), "ticks", _worded(EVIDENCE, EVIDENCE_CODES), ("note",)),
        Field("pressing", _("Each hour makes it worse"), "flag"),
        Field("is_retired", _("Retired: offered for no new case"), "flag"),
    )


def _series_settings() -> tuple[Field, ...]:
    return (
        Field("series_days", _("Recurring: within so many days"), "number"),
        Field("series_metres", _("Recurring: within so many metres"), "number"),
        Field("series_least", _("Recurring: from so many times on"), "number"),
        Field("season_weeks", _("Before complaints: so many weeks ahead"), "number"),
        Field("season_least", _("Before complaints: from so many cases in those weeks on"), "number"),
    )


def _dispatch_fields(names: Names, content: Content) -> tuple[Field, ...]:
    there = {row["organisation_code"] for row in content["rules"]} - {"", *names.organisations}
    gone = tuple((code, _("%(code)s (not there today)") % {"code": code}) for code in sorted(there))
    return (
        Field("id", "", "hidden"),
        Field("category", _("Category"), "select", _categories(names)),
        Field("place", _("Where it is"), "select", _worded(PLACES, (ANYWHERE, IN_COMPOUND, OUTSIDE_COMPOUNDS)),
              (ANYWHERE,)),
        Field("role", _("Post"), "select", _asked(names.roles)),
        Field("organisation_code", _("Department"), "select",
              (("", _("none: the grass roots")), *names.organisations.items(), *gone)),
    )  # fmt: skip


def _dispatch_settings(names: Names, content: Content) -> tuple[Field, ...]:
    nobody = (("", "–"), *names.roles.items())
    places = max(_FALLBACKS, len(content["fallback_roles"]))
    return (
        *(
            Field(f"fallback-{n}", _("Where nobody is on duty: choice %(n)s") % {"n": n + 1}, "select", nobody)
            for n in range(places)
        ),
        *(
            Field(f"level-{level}", _("Who takes over: %(level)s") % {"level": say_level(level)}, "select",
                  _asked(names.roles))
            for level, _role in content["levels"]
        ),
    )  # fmt: skip


def _deadline_fields(names: Names) -> tuple[Field, ...]:
    levels = ((str(ANY_LEVEL), _("any level")), *((str(n), say_priority_level(n)) for n in LEVELS))
    timers = _worded(TIMERS, list(Timer))
    return (
        Field("id", "", "hidden"),
        Field("category", _("Category"), "select", _categories(names)),
        Field("level", _("Level"), "select", levels, (str(ANY_LEVEL),)),
        Field("response_amount", _("Answer within"), "number"),
        Field("response_timer", _("Answer: counted in"), "select", timers, (Timer.WORK_HOUR.value,)),
        Field("solution_amount", _("Solved within"), "number"),
        Field("solution_timer", _("Solved: counted in"), "select", timers, (Timer.WORK_DAY.value,)),
    )


def _ladder_settings(names: Names) -> tuple[Field, ...]:
    return (
        Field(
            "warn_percents",
            _("Warn whoever has it at these shares of the time in percent, with 、 between them"),
            "text",
        ),
        Field(
            "up_after_hours", _("Name the next one up so many hours after the deadline, with 、 between them"), "text"
        ),
        Field("leader_role", _("Who is named last, above all levels"), "select", _asked(names.leaders)),
        Field("quiet_from", _("Messages wait from this hour of the day"), "number"),
        Field("quiet_until", _("until this hour; the same hour twice: they never wait"), "number"),
        Field("approval_hours", _("A request for time is decided within so many working hours"), "number"),
        Field("most_extensions", _("A case is extended so often at most"), "number"),
        Field("extension_days", _("and by so many working days each time at most"), "number"),
        Field("hold_days", _("A case is held so many days ahead at most"), "number"),
        Field("remind_days", _("Its end is told so many days before"), "number"),
    )


def _stage_fields() -> tuple[Field, ...]:
    states = tuple((state.value, say_state(state)) for state in State if state in TABLED)
    actions = tuple((action.value, say_verb(action)) for action in Action if action not in _NO_CELLS)
    return (
        Field("state", "", "hidden"),
        Field("action", _("Step"), "select", (("", _("Choose…")), *actions)),
        Field("outcome", _("With what outcome"), "select", (("", _("the usual one")),
              (DISSATISFIED, say_reason(DISSATISFIED)))),
        Field("next_state", _("Becomes"), "select", (("", _("Choose…")), *states, (BEFORE, _("as before")))),
        Field("by", _("Who may"), "ticks", _worded(WHO_MAY, WHO_MAY), is_wide=True),
        Field("effects", _("Also"), "ticks", _worded(EFFECTS, EFFECTS), is_wide=True),
        Field("reasons", _("Reasons to choose from, with ； between them; none: no reason is asked"), "words",
              mark="；", is_wide=True),
    )  # fmt: skip


def _stage_settings() -> tuple[Field, ...]:
    return (
        Field("timeout_days", _("A report-back without an answer counts as verified after so many days"), "number"),
        Field("sample_percent", _("So many of 100 cases are always called back"), "number"),
        Field("close_after_days", _("A verified case closes by itself after so many days"), "number"),
        Field("most_returns", _("A case may be sent back so often; after that it can only be disputed"), "number"),
        Field("dispute_hours", _("A dispute is decided within so many working hours"), "number"),
        Field("whistle_hours", _("Who is whistled for reports in within so many working hours"), "number"),
        Field("opinion_hours", _("Who leads those called gives an opinion within so many working hours"), "number"),
        Field(
            "catalogue_reasons",
            _("Sent back for these, a case goes to whom the dispatch catalogue names"),
            "words",
            mark="；",
            is_wide=True,
        ),
        Field(
            "speeds",
            _("How quickly somebody came whom one whistled for: marks to choose from"),
            "words",
            mark="；",
            is_wide=True,
        ),
        Field("results", _("What came of it: marks to choose from"), "words", mark="；", is_wide=True),
    )


def _categories(names: Names) -> Options:
    return (("", _("Choose…")), (ANY_CATEGORY, _("any category")), *names.categories.items())


def _asked(choices: Mapping[str, str]) -> Options:
    return (("", _("Choose…")), *choices.items())


def _numbered(words: Iterable[Any]) -> Options:
    return tuple((str(number), str(said)) for number, said in enumerate(words))


def _worded(words: Mapping[str, Any], codes: Iterable[str]) -> Options:
    return tuple((str(code), str(words.get(code, code))) for code in codes)
