"""Rulebooks by their forms: rows by buttons, a look before it counts, and nothing typed is lost."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.edges.web.desk.test_query_counts import SIGNED_IN
from tests.factories.district import DemoDistrict

from linli.cases.choices import RulebookKind
from linli.cases.queries.rulebooks import current_rulebooks, rulebook_content

pytestmark = pytest.mark.usefixtures("contexts")

TABLES = ("categories", "workflow", "dispatch", "deadlines")
Form = dict[str, Any]


def form_of(client: Client, kind: str, answer: Any = None) -> Form:
    """Read the form off the page as a browser would send it."""
    context = (answer or client.get(f"/desk/rules/{kind}/edit/")).context
    cells = [cell for group in context["groups"] for row in group.rows for cell in row.cells]
    form: Form = {cell.name: list(cell.values) for cell in [*cells, *context["settings"]]}
    rows = [str(row.place) for group in context["groups"] for row in group.rows]
    return form | {"row": rows, "follows": str(context["follows"]), "reason": "试行"}


def press(client: Client, kind: str, form: Form, do: str = "look", **changed: str) -> Any:
    return client.post(f"/desk/rules/{kind}/edit/", form | changed | {"do": do})


def agree(client: Client, kind: str, seen: Any) -> Any:
    names = ("content", "seen", "follows", "reason")
    return press(client, kind, {name: str(seen.context[name]) for name in names}, "publish")


def newest(district: DemoDistrict, kind: str) -> tuple[int, Any]:
    return rulebook_content(district_id=district.id, kind=RulebookKind(kind))


def place_of(form: Form, name: str, value: str) -> str:
    return next(key.split("-")[0] for key, typed in form.items() if key.endswith(f"-{name}") and typed == [value])


@pytest.mark.parametrize("kind", TABLES)
def test_form_sent_back_as_it_came_changes_nothing(district: DemoDistrict, client: Client, kind: str) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    answer = press(signed_in, kind, form_of(signed_in, kind))

    assert (answer.status_code, "没有差别" in answer.content.decode(), newest(district, kind)[0]) == (422, True, 1)


def test_change_is_seen_with_the_cases_it_touches_before_it_counts(district: DemoDistrict, client: Client) -> None:
    district.open_case_in(category="garbage")
    signed_in = district.login(client, "catalogue_keeper")
    form = form_of(signed_in, "categories")
    place = place_of(form, "code", "garbage")

    seen = press(signed_in, "categories", form, **{f"{place}-name": "垃圾没清"})

    (row,) = seen.context["parts"][1].rows
    assert [(cell.label, cell.old, cell.new) for cell in row.cells] == [("类别", "垃圾清运", "垃圾没清")]
    assert (seen.context["touched"], newest(district, "categories")[0]) == (["垃圾清运：1 件在办"], 1)


@pytest.mark.parametrize(("kind", "field", "value"), [
    ("deadlines", "0-response_amount", "3"), ("dispatch", "0-role", "grid_head"), ("categories", "0-name", "水管坏了"),
    ("workflow", "timeout_days", "9"),
])  # fmt: skip
def test_what_was_seen_counts_once_agreed(
    district: DemoDistrict, client: Client, kind: str, field: str, value: str
) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    seen = press(signed_in, kind, form_of(signed_in, kind), **{field: value})

    answer = agree(signed_in, kind, seen)

    after = form_of(signed_in, kind)
    assert (answer.status_code, newest(district, kind)[0], after[field]) == (302, 2, [value])


def test_steps_state_by_state_keep_their_meaning(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    before = current_rulebooks(district.id).workflow
    agree(signed_in, "workflow", press(signed_in, "workflow", form_of(signed_in, "workflow"), timeout_days="9"))
    after = current_rulebooks(district.id).workflow

    cells = [{(r.state, r.action, r.outcome, frozenset(r.by), r.next_state, r.effects, r.reasons)
              for r in table.transitions} for table in (before, after)]  # fmt: skip
    assert cells[0] == cells[1]
    assert all(
        [row.action for row in before.from_state(state)] == [row.action for row in after.from_state(state)]
        for state in {row.state for row in before.transitions}
    )


def test_other_version_than_the_one_seen_is_not_overrun(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    first = press(signed_in, "deadlines", form_of(signed_in, "deadlines"), amber_percent="30")
    second = press(signed_in, "deadlines", form_of(signed_in, "deadlines"), amber_percent="40")
    agree(signed_in, "deadlines", first)

    late = agree(signed_in, "deadlines", second)

    form = form_of(signed_in, "deadlines", late)
    assert (late.status_code, form["amber_percent"], form["follows"]) == (409, ["40"], "2")
    assert newest(district, "deadlines")[1]["amber_percent"] == 30


def test_bad_input_keeps_everything_typed_and_names_row_and_field(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    form = form_of(signed_in, "deadlines") | {"0-response_amount": ["三"], "amber_percent": ["x"], "reason": "改"}

    answer = press(signed_in, "deadlines", form)

    text = answer.content.decode()
    assert (answer.status_code, form_of(signed_in, "deadlines", answer) | {"reason": "改"}) == (422, form)
    assert ('value="改"' in text, "第 1 行：时限要写 1 到 999 的整数" in text) == (True, True)
    assert re.findall(r'name="([^"]+)"[^>]*aria-invalid', text) == [
        "0-response_amount", "0-response_timer", "amber_percent"
    ]  # fmt: skip


def test_missing_reason_keeps_everything_typed(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    answer = press(signed_in, "deadlines", form_of(signed_in, "deadlines"), amber_percent="30", reason=" ")

    assert (answer.status_code, form_of(signed_in, "deadlines", answer)["amber_percent"]) == (422, ["30"])


@pytest.mark.parametrize(("kind", "do", "field"), [
    ("categories", "delete:0", "code"), ("deadlines", "down:1", "id"), ("dispatch", "up:1", "id"),
    ("workflow", "down:0", "action"), ("dispatch", "up:0", "id"), ("dispatch", "up:x", "id"),
    ("workflow", "add:moon", "action"),
])  # fmt: skip
def test_row_buttons_move_and_delete(district: DemoDistrict, client: Client, kind: str, do: str, field: str) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    form = form_of(signed_in, kind)

    after = form_of(signed_in, kind, press(signed_in, kind, form, do))

    before = [form[f"{place}-{field}"] for place in form["row"]]
    expected = {"delete:0": before[1:], "down:1": [before[0], before[2], before[1], *before[3:]],
                "up:1": [before[1], before[0], *before[2:]], "down:0": [before[1], before[0], *before[2:]]}  # fmt: skip
    assert [after[f"{place}-{field}"] for place in after["row"]] == expected.get(do, before)


def test_new_line_comes_before_those_for_any_category(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    form = form_of(signed_in, "deadlines", press(signed_in, "deadlines", form_of(signed_in, "deadlines"), "add:"))

    lines = [form[f"{place}-category"] for place in form["row"]]
    assert lines[6:8] == [[], ["*"]]


def test_back_from_the_look_keeps_what_was_changed(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    seen = press(signed_in, "deadlines", form_of(signed_in, "deadlines"), amber_percent="30")
    names = ("content", "seen", "follows", "reason")

    back = press(signed_in, "deadlines", {name: str(seen.context[name]) for name in names}, "back")

    assert (back.status_code, form_of(signed_in, "deadlines", back)["amber_percent"]) == (200, ["30"])


@pytest.mark.parametrize("content", ["{", "[]", '{"rules": []}'])
@pytest.mark.parametrize("do", ["publish", "back"])
def test_document_that_was_tampered_with_never_counts(
    district: DemoDistrict, client: Client, content: str, do: str
) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    answer = press(signed_in, "deadlines", {"content": content, "follows": "1", "reason": "试", "seen": ""}, do)

    assert (answer.status_code in {200, 422}, newest(district, "deadlines")[0]) == (True, 1)


@pytest.mark.parametrize("role", ["grid_worker", "subdistrict_dispatcher", "security_admin", "auditor"])
@pytest.mark.parametrize("do", ["look", "publish", "add:"])
def test_only_keepers_change_rulebooks(district: DemoDistrict, client: Client, role: str, do: str) -> None:
    keeper = district.login(Client(), "catalogue_keeper")
    form = form_of(keeper, "deadlines") | {"amber_percent": "30"}

    answer = press(district.login(client, role), "deadlines", form, do)

    assert (answer.status_code, newest(district, "deadlines")[0]) == (403, 1)


def test_look_counts_no_case_beyond_reach(district: DemoDistrict, client: Client) -> None:
    district.open_case_in("other_district", category="garbage")
    signed_in = district.login(client, "catalogue_keeper")
    form = form_of(signed_in, "categories")

    seen = press(signed_in, "categories", form, **{f"{place_of(form, 'code', 'garbage')}-name": "垃圾没清"})

    assert seen.context["touched"] == []


@pytest.mark.parametrize(("kind", "form_queries", "look_queries"), [
    ("categories", 6, 11), ("workflow", 6, 12), ("dispatch", 6, 18), ("deadlines", 7, 16),
])  # fmt: skip
def test_form_and_look_ask_the_same_however_many_cases(
    district: DemoDistrict, client: Client, kind: str, form_queries: int, look_queries: int
) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    changed = {"categories": "0-name", "workflow": "timeout_days", "dispatch": "0-role", "deadlines": "amber_percent"}
    value = {"categories": "甲", "workflow": "9", "dispatch": "grid_head", "deadlines": "30"}[kind]
    form = form_of(signed_in, kind) | {changed[kind]: value}
    for number in range(3):
        district.open_case_in(text=f"第{number}件")

    with CaptureQueriesContext(connection) as shown:
        signed_in.get(f"/desk/rules/{kind}/edit/")
    with CaptureQueriesContext(connection) as looked:
        press(signed_in, kind, form)

    assert (len(shown) - SIGNED_IN, len(looked) - SIGNED_IN) == (form_queries, look_queries)
