"""Disputes and whistles through the API."""

from typing import Any

import pytest
from django.test import Client
from tests.edges.api.calling import Calling


def _case(calling: Calling, **said: Any) -> str:
    case_id: str = calling.report(Client(), **said).json()["id"]
    return case_id


def test_dispute_is_raised_and_decided(calling: Calling) -> None:
    case_id, water = _case(calling), str(calling.district.organisations["water_repair"])
    raised = calling.step(calling.as_("grid_worker"), case_id, "dispute", 1, reason="beyond_power", note="管线归供水",
                          wanted=water)  # fmt: skip
    assert raised.status_code == 200, raised.content
    (dispute,) = raised.json()["disputes"]
    assert (dispute["wanted"], dispute["judge"], dispute["end"], dispute["may_decide"]) == (
        "供水抢修中心", "西边社区居委会", None, False,
    )  # fmt: skip
    refused = calling.step(calling.as_("grid_worker"), case_id, "uphold", 2, to_organisation=water)
    assert (refused.status_code, refused.json()["code"]) == (403, "own_dispute")

    decided = calling.step(calling.as_("community_secretary"), case_id, "uphold", 2, to_organisation=water).json()
    assert (decided["status"], decided["answerable"], decided["disputes"][0]["end"]) == (
        "dispatched", "西边社区居委会", "upheld",
    )  # fmt: skip


def test_dispute_can_be_refused_with_words_and_withdrawn(calling: Calling) -> None:
    worker, secretary, case_id = calling.as_("grid_worker"), calling.as_("community_secretary"), _case(calling)
    calling.step(worker, case_id, "dispute", 1, reason="wrong_place", note="不在我们这里")
    assert calling.step(worker, case_id, "withdraw", 2).json()["disputes"][0]["end"] == "withdrawn"
    calling.step(worker, case_id, "dispute", 3, reason="wrong_place", note="不在我们这里")
    silent = calling.step(secretary, case_id, "refuse", 4)
    assert (silent.status_code, silent.json()["field"]) == (422, "note")
    assert calling.step(secretary, case_id, "refuse", 4, note="就在你们院里").json()["disputes"][1]["end"] == "refused"


def test_whistle_is_answered_and_evaluated(calling: Calling) -> None:
    case_id = _case(calling, category="elder_help", text="老人需要帮忙")
    water, heating = (str(calling.district.organisations[code]) for code in ("water_repair", "heating_office"))
    clerk, handler = calling.as_("community_clerk"), calling.as_("department_handler")
    assert handler.get(f"/api/v1/cases/{case_id}").status_code == 404

    called = calling.step(clerk, case_id, "whistle", 1, lead=water, organisations=[heating], note="请到场").json()
    assert [(each["organisation"], each["is_lead"]) for each in called["calls"]] == [
        ("供水抢修中心", True), ("供热办", False),
    ]  # fmt: skip
    assert [each["id"] for each in handler.get("/api/v1/cases?box=called").json()["items"]] == [case_id]
    came = calling.step(handler, case_id, "report-in", 2)
    assert (came.status_code, came.json()["calls"][0]["is_late"]) == (200, False)
    said = calling.step(handler, case_id, "opinion", 3, note="已关阀").json()
    assert [each["text"] for each in said["calls"][0]["opinions"]] == ["已关阀"]

    marked = calling.step(clerk, case_id, "evaluate", 4, organisation=water, speed="quick", result="partly").json()
    assert (marked["calls"][0]["speed"], marked["calls"][0]["result"]) == ("quick", "partly")
    led = calling.step(clerk, case_id, "change-lead", 5, organisation=heating).json()
    assert {each["organisation"]: each["is_lead"] for each in led["calls"]} == {"供热办": True, "供水抢修中心": False}
    left = calling.step(clerk, case_id, "take-back", 6, organisation=heating).json()
    assert next(each for each in left["calls"] if each["organisation"] == "供热办")["taken_back_at"] is not None
    assert calling.as_("department_handler", community=2).get(f"/api/v1/cases/{case_id}").status_code == 404


def test_reader_may_not_dispute_nor_whistle(calling: Calling) -> None:
    case_id, leader = _case(calling), calling.as_("district_leader")
    water = str(calling.district.organisations["water_repair"])

    assert calling.step(leader, case_id, "dispute", 1, reason="wrong_place", note="看看").status_code == 403
    assert calling.step(leader, case_id, "whistle", 1, organisations=[water], note="看看").status_code == 403


@pytest.mark.parametrize(("role", "community"), [
    ("community_secretary", 2), ("department_handler", 2), ("away-department_handler", 1),
])  # fmt: skip
def test_whistle_of_another_community_is_not_there(calling: Calling, role: str, community: int) -> None:
    case_id, water = _case(calling), str(calling.district.organisations["water_repair"])
    calling.step(calling.as_("community_clerk"), case_id, "whistle", 1, organisations=[water], note="请到场")
    stranger = calling.as_(role, community=community)
    deeds: dict[str, dict[str, Any]] = {
        "whistle": {"organisations": [water], "note": "看看"}, "report-in": {}, "opinion": {"note": "看看"},
        "evaluate": {"organisation": water, "speed": "quick", "result": "solved"},
        "change-lead": {"organisation": water}, "take-back": {"organisation": water},
    }  # fmt: skip

    answers = [calling.step(stranger, case_id, name, 2, **said).status_code for name, said in deeds.items()]

    assert answers == [404] * len(deeds)
    assert stranger.get("/api/v1/cases?box=called").json()["items"] == []
