"""Rulebooks to and from plain JSON, so that what a district runs by is data that can be read, changed and compared."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from linli.cases.calc.categories import COVERAGE, Category
from linli.cases.calc.deadlines import Allowance, DeadlineRule, DeadlineTable
from linli.cases.calc.default_categories import DEFAULT_CATEGORIES, NOBODY_RESPONSIBLE
from linli.cases.calc.default_deadlines import DEFAULT_DEADLINES
from linli.cases.calc.default_dispatch import DEFAULT_DISPATCH
from linli.cases.calc.default_priority import DEFAULT_PRIORITY
from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.calc.dispatch import DispatchCatalogue, DispatchRule
from linli.cases.calc.priority import PriorityScheme
from linli.cases.calc.rate_scheme import DEFAULT_SCHEME, LeftOut, RateScheme
from linli.cases.calc.rates import RateRules
from linli.cases.calc.series import SeriesRule
from linli.cases.calc.workflow import LATER_LISTS, LATER_NUMBERS, Transition, Workflow
from linli.cases.choices import LeftOutKind, RulebookKind

Content = dict[str, Any]
_DEADLINES: Content = {
    name: list(value) if isinstance(value, tuple) else value for name, value in asdict(DEFAULT_DEADLINES).items()
}


def default_contents() -> dict[RulebookKind, Content]:
    """Give the documents that a new district starts with."""
    return {
        RulebookKind.CATEGORIES: {
            "categories": [asdict(category) for category in DEFAULT_CATEGORIES],
            **asdict(SeriesRule()),
        },
        RulebookKind.WORKFLOW: asdict(DEFAULT_WORKFLOW),
        RulebookKind.DISPATCH: asdict(DEFAULT_DISPATCH),
        RulebookKind.DEADLINES: dict(_DEADLINES),
        RulebookKind.PRIORITY: asdict(DEFAULT_PRIORITY),
        RulebookKind.RATES: asdict(DEFAULT_SCHEME),
    }


def read_categories(content: Content) -> dict[str, Category]:
    """Read categories by code, in their order. Raises KeyError, TypeError on a document of another shape.

    A document from before there was one for cases of nobody's responsibility has that of the program.
    """
    found = {row.code: row for row in read_category_rows(content)}
    return found if COVERAGE in found else found | {COVERAGE: NOBODY_RESPONSIBLE}


def read_category_rows(content: Content) -> list[Category]:
    """Read categories as they stand, doubled ones too. Raises KeyError, TypeError."""
    return [
        Category(**{**row, "keywords": tuple(row["keywords"]), "evidence": tuple(row["evidence"])})
        for row in content["categories"]
    ]


def read_workflow(content: Content) -> Workflow:
    """Read the table of stages. Raises KeyError, TypeError.

    A document from before there were disputes and whistles has the program's own settings for them.
    """
    words = ("by", "effects", "reasons")
    rows = tuple(Transition(**{**row, **{name: tuple(row[name]) for name in words}}) for row in content["transitions"])
    numbers = {name: content[name] for name in LATER_NUMBERS if name in content}
    lists = {name: tuple(content[name]) for name in LATER_LISTS if name in content}
    later: dict[str, Any] = {**numbers, **lists}
    return Workflow(rows, content["timeout_days"], content["sample_percent"], content["close_after_days"], **later)


def read_dispatch(content: Content) -> DispatchCatalogue:
    """Read the dispatch catalogue. Raises KeyError, TypeError."""
    levels = tuple((level, role) for level, role in content["levels"])
    return DispatchCatalogue(
        tuple(DispatchRule(**row) for row in content["rules"]), tuple(content["fallback_roles"]), levels
    )


def read_deadlines(content: Content) -> DeadlineTable:
    """Read the deadlines. A document from before there was a ladder has the program's. Raises KeyError, TypeError."""
    beside = {name: value for name, value in with_defaults(content).items() if name != "rules"}
    rules = tuple(
        DeadlineRule(
            row["id"], row["category"], row["level"], Allowance(**row["response"]), Allowance(**row["solution"])
        )
        for row in content["rules"]
    )
    lists = {name: tuple(value) for name, value in beside.items() if isinstance(value, (list, tuple))}
    return DeadlineTable(rules, **{**beside, **lists})


def with_defaults(deadlines: Content) -> Content:
    """Add to a document of deadlines what an older version could not say yet."""
    return {name: value for name, value in _DEADLINES.items() if name != "rules"} | deadlines


def read_priority(content: Content) -> PriorityScheme:
    """Read the weights. Raises KeyError, TypeError."""
    words: Mapping[str, tuple[str, ...]] = {part: tuple(words) for part, words in content["words"].items()}
    urgency, importance = content["bands"]
    return PriorityScheme(content["points"], content["caps"], words, (urgency, importance), content["levels"])


def read_rates(content: Content) -> RateScheme:
    """Read what rates are counted by. Raises KeyError, TypeError, ValueError."""
    rules = content["rules"]
    response, solution, satisfaction = rules["weights"]
    return RateScheme(
        RateRules((response, solution, satisfaction), rules["basically_percent"], rules["smallest_sample"]),
        tuple(content["methods"]),
        tuple(LeftOut(LeftOutKind(row["kind"]), row["code"], row["why"]) for row in content["left_out"]),
        content["month_begins_on"], content["day_begins_at"], content["has_places"],
        tuple(content.get("due_without", DEFAULT_SCHEME.due_without)),
    )  # fmt: skip
