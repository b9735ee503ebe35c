import json
from typing import Any

import pytest

from linli.cases.calc import categories, deadlines, dispatch, priority, workflow
from linli.cases.calc.default_categories import DEFAULT_CATEGORIES
from linli.cases.calc.default_deadlines import DEFAULT_DEADLINES
from linli.cases.calc.default_dispatch import DEFAULT_DISPATCH
from linli.cases.calc.default_priority import DEFAULT_PRIORITY
from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.calc.rulebooks import (
    default_contents,
    read_categories,
    read_deadlines,
    read_dispatch,
    read_priority,
    read_workflow,
)
from linli.cases.choices import RulebookKind
from linli.registry.people.calc.default_roles import DEFAULT_ROLES
from linli.support.calendar.choices import Timer

CODES = {category.code for category in DEFAULT_CATEGORIES}
ROLES = {role.code for role in DEFAULT_ROLES}


def read_back(kind: RulebookKind) -> Any:
    return json.loads(json.dumps(default_contents()[kind], ensure_ascii=False))


def test_documents_come_back_from_json_as_they_went() -> None:
    assert tuple(read_categories(read_back(RulebookKind.CATEGORIES)).values()) == DEFAULT_CATEGORIES
    assert read_workflow(read_back(RulebookKind.WORKFLOW)) == DEFAULT_WORKFLOW
    assert read_dispatch(read_back(RulebookKind.DISPATCH)) == DEFAULT_DISPATCH
    assert read_deadlines(read_back(RulebookKind.DEADLINES)) == DEFAULT_DEADLINES
    assert read_priority(read_back(RulebookKind.PRIORITY)) == DEFAULT_PRIORITY


def test_default_documents_have_no_faults() -> None:
    assert categories.faults(DEFAULT_CATEGORIES, in_use=()) == []
    assert workflow.faults(DEFAULT_WORKFLOW) == []
    assert dispatch.faults(DEFAULT_DISPATCH, categories=CODES, roles=ROLES) == []
    assert deadlines.faults(DEFAULT_DEADLINES, categories=CODES, timers=list(Timer)) == []
    assert priority.faults(DEFAULT_PRIORITY) == []


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("category", sorted(CODES))
def test_every_category_and_level_has_time(category: str, level: int) -> None:
    rule = DEFAULT_DEADLINES.rule_for(category, level)

    assert rule.fits(category, level)
    assert (rule.response.amount >= 1, rule.solution.amount >= 1) == (True, True)


@pytest.mark.parametrize(
    ("category", "level", "rule"),
    [
        ("gas", 4, "T01"), ("gas", 1, "T01"), ("water_burst", 1, "T03"), ("water_burst", 2, "T12"),
        ("garbage", 4, "T14"), ("garbage", 3, "T13"), ("advice", 1, "T05"), ("elevator", 2, "T02"),
    ],
)  # fmt: skip
def test_first_fitting_line_counts(category: str, level: int, rule: str) -> None:
    assert DEFAULT_DEADLINES.rule_for(category, level).id == rule


def broken(kind: RulebookKind, **changes: Any) -> Any:
    return read_back(kind) | changes


def test_broken_deadlines_are_named() -> None:
    content = read_back(RulebookKind.DEADLINES) | {"amber_percent": 100}
    content["rules"] = [row | {"id": "X", "category": "ufo", "response": {"timer": "moon", "amount": 1}}
                        for row in content["rules"][:1]]  # fmt: skip

    assert deadlines.faults(read_deadlines(content), categories=CODES, timers=list(Timer)) == [
        "X: unknown category ufo", "X: 1 moon is no time", "no line for level 1", "no line for level 2",
        "no line for level 3", "no line for level 4", "amber_percent is no share",
    ]  # fmt: skip


def test_broken_dispatch_is_named() -> None:
    content = read_back(RulebookKind.DISPATCH)
    row = content["rules"][0]
    content["rules"] = [row, row | {"category": "ufo", "role": "mayor", "place": "sky"}]

    found = dispatch.faults(read_dispatch(content), categories=["water_burst"], roles=ROLES)

    assert found == ["doubled id: D01", "D01: unknown category ufo", "D01: unknown role mayor",
                     "D01: unknown place sky", "no line for water_burst"]  # fmt: skip


def test_broken_priority_is_named() -> None:
    content = read_back(RulebookKind.PRIORITY)
    content["caps"] |= {"danger": 31}
    content["levels"] = {"11": 1, "10": 2, "01": 3, "00": 5}
    content["words"] |= {"luck": ["a"], "danger": [""]}

    assert priority.faults(read_priority(content)) == [
        "the caps do not add up to 100", "levels 1 to 4 have to be given for 11, 10, 01 and 00",
        "words for an unknown part: luck", "an empty word fits every text: danger",
    ]  # fmt: skip


def test_broken_categories_are_named() -> None:
    rows = [categories.Category("a", "甲", "组"), categories.Category("a", " ", "组", danger=4, keywords=("",),
                                                                       evidence=("film",))]  # fmt: skip

    assert categories.faults(rows, in_use={"b"}) == [
        "doubled: a", "category in use is missing: b", "category in use is missing: other", "no code or no name: a",
        "a: unknown evidence", "a: danger and spread go from 0 to 3", "a: an empty keyword fits every text",
    ]  # fmt: skip
