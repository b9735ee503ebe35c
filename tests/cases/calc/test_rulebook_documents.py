import json
from dataclasses import replace
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
    read_category_rows,
    read_deadlines,
    read_dispatch,
    read_priority,
    read_workflow,
)
from linli.cases.choices import RulebookKind
from linli.cases.errors import Fault
from linli.registry.people.calc.default_roles import DEFAULT_ROLES
from linli.support.calendar.choices import Timer

CODES = {category.code for category in DEFAULT_CATEGORIES}
ROLES = {role.code for role in DEFAULT_ROLES}
DEPARTMENTS = {rule.organisation_code for rule in DEFAULT_DISPATCH.rules}


def read_back(kind: RulebookKind) -> Any:
    return json.loads(json.dumps(default_contents()[kind], ensure_ascii=False))


def test_documents_come_back_from_json_as_they_went() -> None:
    assert tuple(read_categories(read_back(RulebookKind.CATEGORIES)).values()) == DEFAULT_CATEGORIES
    assert read_workflow(read_back(RulebookKind.WORKFLOW)) == DEFAULT_WORKFLOW
    assert read_dispatch(read_back(RulebookKind.DISPATCH)) == DEFAULT_DISPATCH
    assert read_deadlines(read_back(RulebookKind.DEADLINES)) == DEFAULT_DEADLINES
    assert read_priority(read_back(RulebookKind.PRIORITY)) == DEFAULT_PRIORITY


def test_default_documents_have_no_faults() -> None:
    assert categories.faults(DEFAULT_CATEGORIES, in_use={"gas": 1}, open_cases={}, named={"gas"}) == []
    assert workflow.faults(DEFAULT_WORKFLOW, in_use={"handling": 1}, held_from={"accepted"}) == []
    assert dispatch.faults(DEFAULT_DISPATCH, categories=CODES, roles=ROLES, organisations=DEPARTMENTS) == []
    assert deadlines.faults(DEFAULT_DEADLINES, categories=CODES, timers=list(Timer), roles=ROLES) == []
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


def test_broken_deadlines_are_named() -> None:
    content = read_back(RulebookKind.DEADLINES) | {"amber_percent": 100}
    content["rules"] = [row | {"id": "X", "category": "ufo", "level": 7, "response": {"timer": "moon", "amount": 1},
                               "solution": {"timer": "work_day", "amount": 1000}}
                        for row in content["rules"][:1]]  # fmt: skip

    assert deadlines.faults(read_deadlines(content), categories=CODES, timers=list(Timer), roles=ROLES) == [
        Fault("unknown_category_line", 0, "category"), Fault("level_out_of_range", 0, "level"),
        Fault("no_time", 0, "response"), Fault("no_time", 0, "solution"),
        *(Fault("no_time_for_level", params={"level": level}) for level in (1, 2, 3, 4)),
        Fault("amber_share", field="amber_percent"),
    ]  # fmt: skip


def deadline_faults(rules: list[deadlines.DeadlineRule]) -> list[Fault]:
    return deadlines.faults(
        deadlines.DeadlineTable(tuple(rules), 20), categories=["a", "b"], timers=list(Timer), roles=ROLES
    )


def allowed(rule: str, category: str, level: int) -> deadlines.DeadlineRule:
    time = deadlines.Allowance("work_day", 1)
    return deadlines.DeadlineRule(rule, category, level, time, time)


def test_deadlines_cover_each_category_and_level() -> None:
    rules = [allowed(f"T{level}", "a", level) for level in (1, 2, 3, 4)]
    rules += [allowed(f"T{level + 4}", "b", level) for level in (1, 2, 4)]

    assert deadline_faults(rules) == [Fault("no_time_for_category", params={"category": "b", "level": 3})]


@pytest.mark.parametrize(("first", "second"), [
    (("*", 0), ("a", 1)), (("*", 1), ("a", 1)), (("a", 0), ("a", 3)), (("a", 2), ("a", 2)),
])  # fmt: skip
def test_deadline_behind_one_that_takes_all_its_cases_is_named(first: tuple[str, int], second: tuple[str, int]) -> None:
    rules = [allowed("T1", *first), allowed("T2", *second), allowed("T9", "*", 0)]

    assert Fault("line_never_counts", 1, "category", {"line": "T1"}) in deadline_faults(rules)


def test_broken_dispatch_is_named() -> None:
    content = read_back(RulebookKind.DISPATCH) | {"fallback_roles": [], "levels": [["grid", "mayor"]]}
    row = content["rules"][0]
    content["rules"] = [row, row | {"category": "ufo", "role": "mayor", "place": "sky", "organisation_code": "moon"}]

    found = dispatch.faults(read_dispatch(content), categories=["water_burst", "gas"], roles=ROLES, organisations=[])

    assert found == [
        Fault("line_twice", 1, "category", {"line": "D01"}), Fault("unknown_category_line", 1, "category"),
        Fault("unknown_role_line", 1, "role"), Fault("unknown_place_line", 1, "place"),
        Fault("unknown_organisation_line", 1, "organisation_code"),
        Fault("nobody_answers_for", params={"category": "gas", "place": "compound"}),
        Fault("nobody_answers", params={"place": "open"}), Fault("fallback_roles", field="fallback_roles"),
        Fault("level_roles", field="levels"),
    ]  # fmt: skip


def test_dispatch_line_behind_one_that_takes_all_its_cases_is_named() -> None:
    content = read_back(RulebookKind.DISPATCH)
    content["rules"].append(content["rules"][0] | {"id": "D100"})

    found = dispatch.faults(read_dispatch(content), categories=CODES, roles=ROLES, organisations=DEPARTMENTS)

    assert found == [Fault("line_never_counts", 27, "category", {"line": "D01"})]


def test_broken_priority_is_named() -> None:
    content = read_back(RulebookKind.PRIORITY)
    content["caps"] |= {"danger": 31}
    content["bands"] = [-1, 30]
    content["levels"] = {"11": 1, "10": 2, "01": 3, "00": 5}
    content["words"] |= {"luck": ["a"], "danger": [""]}
    total = sum(content["caps"].values())

    assert priority.faults(read_priority(content)) == [
        Fault("caps_not_hundred", params={"sum": total}), Fault("band_negative"), Fault("levels_missing"),
        Fault("part_unknown", params={"part": "luck"}),
        Fault("empty_word", field="words-danger", params={"part": "danger"}),
    ]  # fmt: skip


def needed(*codes: str) -> list[categories.Category]:
    return [categories.Category(code, code, "组") for code in ("other", "feedback", *codes)]


def test_broken_categories_are_named() -> None:
    rows = [
        *needed("a"),
        categories.Category("a", " ", "", danger=4, spread=-1, keywords=("",), evidence=("film",)),
        categories.Category("", "a", "组"),
    ]

    assert categories.faults(rows, in_use={}, open_cases={}, named=()) == [
        Fault("category_twice", 3, "name", {"category": "a"}), Fault("category_name", 3, "name"),
        Fault("category_group", 3, "group"), Fault("category_evidence", 3, "evidence"),
        Fault("category_steps", 3, "danger"), Fault("category_steps", 3, "spread"), Fault("empty_word", 3, "keywords"),
        Fault("category_code", 4, "name"), Fault("category_name_twice", 4, "name", {"name": "a"}),
    ]  # fmt: skip


def test_category_that_something_hangs_on_is_not_taken_out() -> None:
    found = categories.faults(needed()[1:], in_use={"b": 7}, open_cases={"b": 2}, named={"b", "c"})

    assert found == [
        Fault("category_in_use", params={"category": "b", "open_cases": 2, "cases": 7}),
        Fault("category_in_lines", params={"category": "c"}), Fault("category_needed", params={"category": "other"}),
    ]  # fmt: skip


def test_category_of_running_cases_is_retired_but_not_those_the_program_needs() -> None:
    rows = [replace(row, is_retired=True) for row in needed("b")]

    assert categories.faults(rows, in_use={"b": 7}, open_cases={"b": 2}, named=()) == [
        Fault("category_not_retired", 0, "is_retired"), Fault("category_not_retired", 1, "is_retired"),
    ]  # fmt: skip


def test_retired_category_is_neither_suggested_nor_offered() -> None:
    rows = [replace(categories.Category("a", "甲", "组", keywords=("路灯",)), is_retired=True), *needed()]

    assert (categories.suggest("路灯坏了", rows), categories.offered(rows)) == (None, needed())


def test_older_document_of_categories_has_that_of_the_program_and_may_be_published_without() -> None:
    content = read_back(RulebookKind.CATEGORIES)
    older = {"categories": [row for row in content["categories"] if row["code"] != "coverage"]}

    assert read_categories(older)["coverage"].name == "责任空缺"
    assert categories.faults(read_category_rows(older), in_use={"coverage": 3}, open_cases={}, named=()) == []
