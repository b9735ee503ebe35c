"""Every code that can reach a reader has words."""

import re
from pathlib import Path

from django.apps import apps
from procrastinate.contrib.django import app

from linli.cases.actions.recording import FACTS as FACT_KINDS
from linli.cases.calc import default_workflow
from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.calc.priority import IMPORTANCE, URGENCY
from linli.cases.choices import Action, RulebookKind, Satisfaction, Source, State, VerifiedBy
from linli.edges.words import cases as words
from linli.edges.words.errors import ERRORS, say_error
from linli.edges.words.facts import FACTS
from linli.edges.words.jobs import TASKS
from linli.edges.words.personal_data import FIELDS, SINCE
from linli.edges.words.reviews import IMPOSSIBLE
from linli.edges.words.sheets import FAULTS
from linli.kernel.errors import InvalidInput, NotFound, PreconditionFailed
from linli.oversight.reviews.calc.policies import Group, why_impossible
from linli.oversight.reviews.calc.tickets import COOLDOWN, TICKETS, Rule
from linli.oversight.reviews.errors import PolicyImpossible
from linli.support.calendar.choices import Timer

SOURCE = Path(__file__).resolve().parents[3] / "src/linli"
# Errors of programs and loaders: no page or request can bring them about.
_INTERNAL = {"naive_time", "not_plain", "bad_kind", "budget_not_positive", "segment_stops_before_start",
             "percent_out_of_range", "segments_overlap", "seal_taken"}  # fmt: skip
# The API has words of its own for what only its callers can do; demo data is loaded by a command.
_ELSEWHERE = re.compile(r"/(demo|api|open311)/")
# Faults of rows are told by these endings from the names of fields.
_FAULT = re.compile(
    r'"(sheet_[a-z_]+|own_rights|post_twice|outlives_its_place|[a-z]+_has_[a-z]+'
    r'|[a-z_]+_(?:unknown|missing|long|high|above|circle|another_district|negative|start|separate))"'
)
_RAISED = re.compile(r'(?:raise (?!ProviderFailed)\w+|denied)\(\s*"([a-z_]+)"')


def test_choices_have_words() -> None:
    missing = {
        "states": set(State) - set(words.STATES), "verbs": set(Action) - set(words.VERBS),
        "deeds": set(Action) - set(words.DEEDS), "sources": set(Source) - set(words.SOURCES),
        "methods": set(VerifiedBy) - set(words.METHODS), "timers": set(Timer) - set(words.TIMERS),
        "satisfactions": set(Satisfaction) - set(words.SATISFACTIONS),
        "rulebooks": set(RulebookKind) - set(words.RULEBOOKS), "parts": {*URGENCY, *IMPORTANCE} - set(words.PARTS),
    }  # fmt: skip
    assert {name: codes for name, codes in missing.items() if codes} == {}


def test_reasons_of_the_table_have_words() -> None:
    used = {reason for row in DEFAULT_WORKFLOW.transitions for reason in row.reasons}

    assert used - set(words.REASONS) == set()
    assert set(default_workflow.REJECT_REASONS) <= used


def test_facts_have_words() -> None:
    assert set(FACT_KINDS.values()) - set(FACTS) == set()


def test_errors_that_can_be_raised_have_words() -> None:
    rooms = ("oversight", "cases", "registry", "support", "ledger", "edges")
    raised = {
        code
        for room in rooms for file in (SOURCE / room).rglob("*.py") if not _ELSEWHERE.search(str(file))
        for code in _RAISED.findall(file.read_text(encoding="utf-8"))
    }  # fmt: skip

    assert raised - set(ERRORS) - set(FAULTS) - _INTERNAL == set()


def test_faults_of_sheets_have_words() -> None:
    files = [*(SOURCE / "registry/sheets/calc").glob("*.py"), SOURCE / "registry/territory/calc/rows.py"]
    found = {code for file in files for code in _FAULT.findall(file.read_text(encoding="utf-8"))}

    assert {"post_twice", "area_has_posts", "parent_unknown"} <= found
    assert found - set(ERRORS) - set(FAULTS) == set()


def test_rule_of_choosing_says_why_it_can_not_be_kept() -> None:
    groups = [Group("s", 30, 2)]
    codes = {
        found.code
        for rule in (Rule("Z"), Rule(TICKETS, ticket_cap=1), Rule(TICKETS), Rule(COOLDOWN, cooldown=20))
        if (found := why_impossible(rule, groups, draws_a_year=12))
    } | {"more_than_there_are"}
    said = say_error(PolicyImpossible("policy_impossible",
                                      params={"why": "floor_out_of_reach", "stratum": "街道", "most": 24}))  # fmt: skip

    assert codes == set(IMPOSSIBLE)
    assert said == (
        "按现在的数目，这条抽签规则做不到：街道一年最多抽到 24 家，做不到每家轮到。"
        "请增加每次的名额，或改用不保证每年轮到的规则。"
    )


def test_values_of_an_error_are_put_into_its_words() -> None:
    said = say_error(InvalidInput("text_too_long", field="text", params={"most": 2000}))

    assert "2000" in said


def test_missing_value_leaves_its_place_empty() -> None:
    assert "%(" not in say_error(InvalidInput("text_too_long"))


def test_error_without_words_of_its_own_is_worded_by_its_kind() -> None:
    told = [say_error(error) for error in (NotFound("never_heard_of"), PreconditionFailed("case_changed"))]

    assert all(told)
    assert told[0] != told[1]


def test_every_background_job_has_words() -> None:
    assert set(app.tasks) - set(TASKS) == set()


def test_fields_that_tell_of_people_have_words() -> None:
    declared = [(model._meta.label, getattr(model, "personal_data", {})) for model in apps.get_models()]
    assert {f"{label}.{name}" for label, fields in declared for name in fields} == set(FIELDS)
    kept_a_time = {label for label, fields in declared for each in fields.values() if each.retention_days is not None}
    assert kept_a_time <= set(SINCE)
