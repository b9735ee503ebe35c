from dataclasses import asdict
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, ROLES, DemoDistrict

from linli.cases.actions.checking import check_cases
from linli.cases.actions.rulebooks import install_default_rulebooks, publish_rulebook
from linli.cases.calc.default_dispatch import DEFAULT_DISPATCH
from linli.cases.calc.rulebooks import default_contents
from linli.cases.choices import Action, RulebookKind
from linli.cases.errors import CannotOpenCase, Fault, RulebookHasFaults
from linli.cases.models import Rulebook
from linli.cases.queries.rulebooks import current_rulebooks, list_rulebook_versions, rulebook_content
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from linli.ledger.facts.models import Fact


def deadlines(hours: int) -> dict[str, Any]:
    content = default_contents()[RulebookKind.DEADLINES]
    content["rules"] = [
        row | {"response": {"timer": "urgent_hour", "amount": hours}} if row["id"] == "T12" else row
        for row in content["rules"]
    ]
    return content


def publish(
    district: DemoDistrict,
    content: Any,
    *,
    kind: RulebookKind = RulebookKind.DEADLINES,
    role: str = "catalogue_keeper",
    reason: str = "试行",
    follows: int | None = None,
) -> int:
    newest = current_rulebooks("210106").numbers[kind] if follows is None else follows
    return publish_rulebook(
        district_id="210106", kind=kind, content=content, follows=newest, reason=reason, by=district.viewer(role), at=AT
    )


def test_new_version_counts_for_the_next_case_and_the_old_keeps_its_own(district: DemoDistrict) -> None:
    old = district.open_case_in()
    number = publish(district, deadlines(7))
    new = district.open_case_in("compound", community=2)
    old.refresh_from_db()

    assert (number, old.rulebooks["deadlines"], new.rulebooks["deadlines"]) == (2, 1, 2)
    assert [(case.response_due_at - AT).total_seconds() / 3600 for case in (old, new)] == [6, 7]


def test_published_version_is_a_fact_and_a_row(district: DemoDistrict) -> None:
    publish(district, deadlines(7), reason="冬季加快")
    keeper = district.viewer("catalogue_keeper").person_id
    fact = Fact.objects.get(kind="rulebook.published")

    assert (fact.data, fact.actor_id) == ({"kind": "deadlines", "number": 2}, keeper)
    versions = list_rulebook_versions(district_id="210106", kind=RulebookKind.DEADLINES)
    assert [(row.number, row.made_by, row.reason) for row in versions] == [(2, keeper, "冬季加快"), (1, None, "")]


@pytest.mark.parametrize("role", ROLES)
def test_only_keepers_publish(district: DemoDistrict, role: str) -> None:
    if role in {"catalogue_keeper", "system_admin"}:
        assert publish(district, deadlines(7), role=role) == 2
        return
    with pytest.raises(NotAllowed):
        publish(district, deadlines(7), role=role)


def test_keeper_of_another_district_publishes_nothing_here(district: DemoDistrict) -> None:
    with pytest.raises(NotAllowed, match="other_district"):
        publish_rulebook(district_id="210105", kind=RulebookKind.DEADLINES, content=deadlines(7), follows=1, reason="x",
                         by=district.viewer("catalogue_keeper"), at=AT)  # fmt: skip


def without(kind: RulebookKind, name: str) -> dict[str, Any]:
    return {key: value for key, value in default_contents()[kind].items() if key != name}


@pytest.mark.parametrize(
    ("kind", "content", "fault"),
    [
        (RulebookKind.DEADLINES, {"rules": [], "amber_percent": 20}, Fault("no_time_for_level", params={"level": 1})),
        (RulebookKind.DEADLINES, without(RulebookKind.DEADLINES, "rules"), Fault("shape")),
        (RulebookKind.DEADLINES, {"rules": "x", "amber_percent": 20}, Fault("shape")),
        (RulebookKind.WORKFLOW, default_contents()[RulebookKind.WORKFLOW] | {"timeout_days": "x"}, Fault("shape")),
        (RulebookKind.WORKFLOW, default_contents()[RulebookKind.WORKFLOW] | {"sample_percent": 200},
         Fault("sample_share", field="sample_percent")),
        (RulebookKind.DISPATCH, default_contents()[RulebookKind.DISPATCH] | {"rules": []},
         Fault("nobody_answers", params={"place": "open"})),
        (RulebookKind.CATEGORIES, {"categories": []}, Fault("category_in_lines", params={"category": "advice"})),
        (RulebookKind.PRIORITY, default_contents()[RulebookKind.PRIORITY] | {"levels": {}}, Fault("levels_missing")),
        (RulebookKind.PRIORITY, {}, Fault("shape")),
        (RulebookKind.PRIORITY, [], Fault("shape")),
    ],
)  # fmt: skip
def test_broken_document_is_refused_with_its_faults(
    district: DemoDistrict, kind: RulebookKind, content: Any, fault: Fault
) -> None:
    with pytest.raises(RulebookHasFaults) as caught:
        publish(district, content, kind=kind)

    assert fault in caught.value.faults
    assert Rulebook.objects.filter(district_id="210106", number__gt=1).count() == 0


def test_version_made_from_an_older_one_is_refused(district: DemoDistrict) -> None:
    publish(district, deadlines(7))

    with pytest.raises(Conflict, match="rulebook_changed") as caught:
        publish(district, deadlines(8), follows=1)

    assert (caught.value.params["number"], current_rulebooks("210106").numbers["deadlines"]) == (2, 2)


def categories_without(code: str) -> dict[str, Any]:
    rows = default_contents()[RulebookKind.CATEGORIES]["categories"]
    return {"categories": [row for row in rows if row["code"] != code]}


def test_category_of_a_case_stays_until_it_is_retired(district: DemoDistrict) -> None:
    district.open_case_in(category="property_service")

    with pytest.raises(RulebookHasFaults) as caught:
        publish(district, categories_without("property_service"), kind=RulebookKind.CATEGORIES)

    said = {"category": "property_service", "open_cases": 1, "cases": 1}
    assert caught.value.faults == (Fault("category_in_use", params=said),)


def test_category_that_no_case_ever_had_can_go(district: DemoDistrict) -> None:
    assert publish(district, categories_without("property_service"), kind=RulebookKind.CATEGORIES) == 2


def test_retired_category_takes_no_new_case_and_keeps_the_old_ones(district: DemoDistrict) -> None:
    case = district.open_case_in()
    rows = default_contents()[RulebookKind.CATEGORIES]["categories"]
    retired = [row | {"is_retired": row["code"] == "water_burst"} for row in rows]
    publish(district, {"categories": retired}, kind=RulebookKind.CATEGORIES)

    assert district.handled(case, by=district.actor("grid_worker")).state == "reported_back"
    with pytest.raises(CannotOpenCase, match="unknown_category"):
        district.open_case_in()


def test_category_needs_somebody_who_answers_and_a_time(district: DemoDistrict) -> None:
    catalogue = default_contents()[RulebookKind.DISPATCH]
    named = [row | {"id": f"X{n}", "category": code, "place": "anywhere"}
             for n, (row, code) in enumerate(
                 (catalogue["rules"][-1], row["code"])
                 for row in default_contents()[RulebookKind.CATEGORIES]["categories"])]  # fmt: skip
    publish(district, catalogue | {"rules": named}, kind=RulebookKind.DISPATCH)
    rows = default_contents()[RulebookKind.CATEGORIES]["categories"]
    new = rows[0] | {"code": "own_01", "name": "共享单车"}

    with pytest.raises(RulebookHasFaults) as caught:
        publish(district, {"categories": [*rows, new]}, kind=RulebookKind.CATEGORIES)

    assert caught.value.faults == (Fault("category_without_route", len(rows), "name"),)


def stages_without(*cells: tuple[str, str]) -> dict[str, Any]:
    content = default_contents()[RulebookKind.WORKFLOW]
    rows = [row for row in content["transitions"] if (row["state"], row["action"]) not in cells]
    return content | {"transitions": rows}


def test_state_with_open_cases_keeps_a_way_onward(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.take(case, Action.HANDLE, by=district.actor("grid_worker"))
    into = [(state, "handle") for state in ("reported", "accepted", "dispatched")]
    into += [(state, action) for state in ("handling", "reported_back") for action in ("report-back", "return")]

    with pytest.raises(RulebookHasFaults) as caught:
        publish(district, stages_without(*into), kind=RulebookKind.WORKFLOW)

    assert Fault("no_way_for_open_cases", params={"state": "handling", "cases": 1}) in caught.value.faults


def test_steps_taken_by_an_older_table_stay_sound(district: DemoDistrict) -> None:
    district.take(district.open_case_in(), Action.NOTE, by=district.actor("grid_worker"))
    publish(district, stages_without(("reported", "note")), kind=RulebookKind.WORKFLOW)

    assert check_cases(district_id="210106", sample=10, at=AT).faults == ()


def test_version_without_a_reason_is_refused(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="reason_missing"):
        publish(district, deadlines(7), reason=" ")


def test_rulebooks_cost_one_query_once_read_and_follow_the_newest(district: DemoDistrict) -> None:
    current_rulebooks("210106")
    with CaptureQueriesContext(connection) as again:
        current_rulebooks("210106")
    publish(district, deadlines(7))

    assert len(again) == 1
    assert current_rulebooks("210106").numbers["deadlines"] == 2
    assert current_rulebooks("210105").numbers["deadlines"] == 1


def test_number_of_a_version_rolled_back_is_not_mistaken_for_the_next(district: DemoDistrict) -> None:
    def hours() -> int:
        return current_rulebooks("210106").deadlines.rule_for("garbage", 2).response.amount

    with transaction.atomic():
        publish(district, deadlines(7))
        inside = hours()
        transaction.set_rollback(True)
    after = hours()
    number = publish(district, deadlines(9))

    assert (inside, after, number, hours()) == (7, 4, 2, 9)


def test_installing_again_keeps_what_is_there(district: DemoDistrict) -> None:
    publish(district, deadlines(7))
    install_default_rulebooks(district_id="210106", at=AT)

    assert current_rulebooks("210106").numbers["deadlines"] == 2
    assert Rulebook.objects.filter(district_id="210106").count() == 7


def test_one_version_is_read_by_number(district: DemoDistrict) -> None:
    publish(district, deadlines(7))

    assert rulebook_content(district_id="210106", kind=RulebookKind.DEADLINES, number=1)[0] == 1
    assert rulebook_content(district_id="210106", kind=RulebookKind.DEADLINES) == (2, deadlines(7))
    with pytest.raises(NotFound, match="no_such_rulebook"):
        rulebook_content(district_id="210106", kind=RulebookKind.DEADLINES, number=3)


def test_district_without_rulebooks_is_told(db: None) -> None:
    with pytest.raises(NotFound, match="no_rulebooks"):
        current_rulebooks("990101")


def test_own_table_of_stages_is_followed(district: DemoDistrict) -> None:
    """A district that lets the handler verify gets its way: the table is data."""
    content = default_contents()[RulebookKind.WORKFLOW]
    content["transitions"] = [
        row | {"by": ["holder"]} if (row["state"], row["action"]) == ("reported_back", "verify") else row
        for row in content["transitions"]
    ]
    publish(district, content, kind=RulebookKind.WORKFLOW)
    case = district.handled(district.open_case_in(), by=district.actor("grid_worker"))

    assert district.take(case, Action.VERIFY, by=district.actor("grid_worker")).state == "verified"


@pytest.mark.parametrize("role", ["building_head", "district_leader", "no_such_role"])
def test_no_route_leads_to_a_post_that_handles_no_cases(district: DemoDistrict, role: str) -> None:
    content = asdict(DEFAULT_DISPATCH)
    content["rules"][0]["role"] = role
    with pytest.raises(RulebookHasFaults) as refused:
        publish(district, content, kind=RulebookKind.DISPATCH)
    assert [(fault.code, fault.row) for fault in refused.value.faults] == [("unknown_role_line", 0)]
