"""Steps over HTTP: which version, who may, what the table allows, and the same command twice."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.edges.api.calling import Calling, photo

from linli.cases.models import CaseStep


def _case(calling: Calling) -> tuple[str, int]:
    made = calling.report(Client()).json()
    return made["id"], 1


def test_case_goes_all_the_way(calling: Calling) -> None:
    worker, clerk = calling.as_("grid_worker"), calling.as_("community_clerk")
    case_id = calling.report(Client(), category="streetlight", text="楼道灯不亮").json()["id"]
    way = [
        (worker, "accept", {}, "accepted"),
        (worker, "handle", {}, "handling"),
        (worker, "report-back", {"note": "已更换灯泡"}, "reported_back"),
        (clerk, "verify", {"method": "call", "satisfaction": "satisfied"}, "verified"),
        (clerk, "close", {}, "closed"),
        (clerk, "reopen", {"reason": "came_back"}, "dispatched"),
    ]
    version = 1
    for client, name, said, status in way:
        answer = calling.step(client, case_id, name, version, **said)
        assert (answer.status_code, answer.json()["status"]) == (200, status)
        version = answer.json()["version"]
        assert answer.headers["ETag"] == f'"{version}"'
    history = worker.get(f"/api/v1/cases/{case_id}/history").json()["items"]
    assert [step["action"] for step in history] == ["report", *(name for _, name, _, _ in way)]


def test_note_changes_nothing_else(calling: Calling) -> None:
    worker = calling.as_("grid_worker")
    case_id, version = _case(calling)

    answer = calling.step(worker, case_id, "note", version, note="到现场看过，等配件")

    assert (answer.status_code, answer.json()["status"]) == (200, "reported")
    assert worker.get(f"/api/v1/cases/{case_id}/history").json()["items"][-1]["note"] == "到现场看过，等配件"
    assert calling.step(calling.as_("district_leader"), case_id, "note", version + 1, note="看看").status_code == 403


def test_every_step_that_is_offered_has_an_address(calling: Calling) -> None:
    worker = calling.as_("grid_worker")
    case_id, version = _case(calling)
    offered = {step["action"] for step in worker.get(f"/api/v1/cases/{case_id}").json()["next_steps"]}

    addresses = {"override": "override-priority"}
    answers = {name: calling.step(worker, case_id, addresses.get(name, name), 99).status_code for name in offered}

    assert version == 1
    assert len(offered) > 5
    assert 404 not in answers.values()


def test_report_back_asks_for_the_photo_of_the_category(calling: Calling) -> None:
    worker = calling.as_("grid_worker")
    case_id = calling.report(Client(), category="road", text="井盖没了").json()["id"]
    version = calling.step(worker, case_id, "handle", 1).json()["version"]
    refused = calling.step(worker, case_id, "report-back", version, note="已修好")
    assert (refused.status_code, refused.json()["field"]) == (409, "file_ids")
    sent = worker.post("/api/v1/files", {"file": photo()}).json()
    done = calling.step(worker, case_id, "report-back", version, note="已修好", file_ids=[sent["id"]])
    assert (done.status_code, done.json()["status"]) == (200, "reported_back")
    assert done.json()["files"] == [{"id": sent["id"], "kind": "evidence", "url": f"/api/v1/files/{sent['id']}",
                                     "thumbnail_url": sent["thumbnail_url"], "numbers_seen": None,
                                     "covered_url": f"/api/v1/files/{sent['id']}?size=covered"}]  # fmt: skip


@pytest.mark.parametrize(("header", "status", "code"), [
    ({}, 428, "if_match_missing"),
    ({"If-Match": "*"}, 428, "if_match_missing"),
    ({"If-Match": "1"}, 412, "if_match_unreadable"),
    ({"If-Match": '"7"'}, 412, "case_changed"),
    ({"If-Match": 'W/"1"'}, 200, None),
])  # fmt: skip
def test_change_names_the_version_seen(calling: Calling, header: dict[str, str], status: int, code: str | None) -> None:
    case_id, _version = _case(calling)
    answer = calling.as_("grid_worker").post(f"/api/v1/cases/{case_id}/accept", {}, "application/json", headers=header)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_two_at_once_give_the_second_one_clear_message(calling: Calling) -> None:
    case_id, version = _case(calling)
    assert calling.step(calling.as_("grid_worker"), case_id, "accept", version).status_code == 200
    second = calling.step(calling.as_("community_clerk"), case_id, "dispatch", version)
    assert (second.status_code, second.json()["code"]) == (412, "case_changed")


def test_step_that_the_table_has_not_is_a_conflict(calling: Calling) -> None:
    case_id, version = _case(calling)
    refused = calling.step(calling.as_("grid_worker"), case_id, "close", version)
    assert (refused.status_code, refused.json()["code"]) == (409, "step_not_possible")


def test_step_of_others_is_not_allowed(calling: Calling) -> None:
    case_id, version = _case(calling)
    refused = calling.step(calling.as_("building_head"), case_id, "accept", version)
    assert (refused.status_code, refused.json()["code"]) == (403, "step_is_others")


def test_step_without_its_reason_names_the_field(calling: Calling) -> None:
    case_id, version = _case(calling)
    refused = calling.step(calling.as_("community_clerk"), case_id, "reject", version, note="查无此事")
    assert (refused.status_code, refused.json()["field"]) == (422, "reason")


def test_step_with_an_empty_body_is_taken(calling: Calling) -> None:
    case_id, _version = _case(calling)
    answer = calling.as_("grid_worker").post(f"/api/v1/cases/{case_id}/accept", b"", "application/json",
                                              headers={"If-Match": '"1"'})  # fmt: skip
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")


def test_step_sent_again_with_its_key_is_taken_once(calling: Calling) -> None:
    case_id, _version = _case(calling)
    worker = calling.as_("grid_worker")
    headers = {"If-Match": '"1"', "Idempotency-Key": "press-1"}
    first, again = (worker.post(f"/api/v1/cases/{case_id}/accept", {}, "application/json", headers=headers)
                    for _ in range(2))  # fmt: skip
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert again.json()["version"] == first.json()["version"]
    assert CaseStep.objects.filter(case_id=case_id, action="accept").count() == 1
    other = worker.post(f"/api/v1/cases/{case_id}/handle", {}, "application/json", headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_suspend_asks_for_a_day(calling: Calling) -> None:
    case_id, version = _case(calling)
    worker = calling.as_("grid_worker")
    version = calling.step(worker, case_id, "accept", version).json()["version"]
    refused = calling.step(worker, case_id, "suspend", version, reason="waits_for_season")
    assert (refused.status_code, refused.json()["field"]) == (422, "review_on")
    day = (timezone.now() + timedelta(days=9)).date().isoformat()
    held = calling.step(worker, case_id, "suspend", version, reason="waits_for_season", review_on=day)
    assert (held.json()["status"], held.json()["light"], held.json()["review_on"]) == ("suspended", "hold", day)


def test_dispatch_gives_to_an_organisation(calling: Calling) -> None:
    case_id, version = _case(calling)
    to = str(calling.district.organisations["water_repair"])
    given = calling.step(calling.as_("community_clerk"), case_id, "dispatch", version, to_organisation=to).json()
    assert (given["status"], given["responsible"]["organisation"]) == ("dispatched", "供水抢修中心")
    assert given["responsible"]["post"] is None


def test_priority_set_by_hand_needs_a_reason(calling: Calling) -> None:
    case_id, version = _case(calling)
    clerk = calling.as_("community_clerk")
    assert calling.step(clerk, case_id, "override-priority", version, level=1).json()["field"] == "note"
    done = calling.step(clerk, case_id, "override-priority", version, level=1, note="有独居老人").json()
    assert (done["priority"]["level"], done["priority"]["is_overridden"]) == (1, True)


def test_read_token_cannot_change(calling: Calling) -> None:
    case_id, version = _case(calling)
    reader = calling.as_("grid_worker", scope="read")
    assert reader.get(f"/api/v1/cases/{case_id}").status_code == 200
    refused = calling.step(reader, case_id, "accept", version)
    assert (refused.status_code, refused.json()["code"]) == (403, "token_reads_only")


def test_session_needs_its_csrf_token(calling: Calling) -> None:
    case_id, version = _case(calling)
    client = calling.district.login(Client(enforce_csrf_checks=True), "grid_worker")
    assert client.get(f"/api/v1/cases/{case_id}").status_code == 200
    refused = calling.step(client, case_id, "accept", version)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    client.cookies["csrftoken"] = "a" * 32
    headers = {"If-Match": '"1"', "X-CSRFToken": "a" * 32}
    taken = client.post(f"/api/v1/cases/{case_id}/accept", {}, "application/json", headers=headers)
    assert taken.status_code == 200


def test_contacts_in_clear_need_a_reason_and_the_right(calling: Calling) -> None:
    made = calling.report(Client(), contact={"name": "演示居民", "phone": "00000001234"}).json()
    path = f"/api/v1/cases/{made['id']}"
    worker, head = calling.as_("grid_worker"), calling.as_("building_head")
    masked = worker.get(path).json()["contacts"][0]
    assert (masked["name"], masked["phone"]) == ("演*民", "000****1234")
    assert worker.post(f"{path}/contacts", {}, "application/json").json()["field"] == "reason"
    told = worker.post(f"{path}/contacts", {"reason": "电话核实"}, "application/json").json()
    assert told == {"items": [{"name": "演示居民", "phone": "00000001234"}], "address": ""}
    assert head.post(f"{path}/contacts", {"reason": "电话核实"}, "application/json").status_code == 403


def test_cases_are_merged_and_taken_out_again(calling: Calling) -> None:
    clerk = calling.as_("community_clerk")
    leading, case = _case(calling)[0], calling.report(Client(), text="楼道里全是水").json()["id"]

    merged = calling.step(clerk, case, "merge", 1, leading=leading).json()
    shown = clerk.get(f"/api/v1/cases/{leading}").json()
    parted = calling.step(clerk, case, "unmerge", 2).json()

    assert (merged["status"], merged["leading"]["id"]) == ("merged", leading)
    assert ([each["id"] for each in shown["merged"]], shown["merged_elsewhere"], shown["reporters"]) == ([case], 0, 2)
    assert (parted["status"], parted["leading"]) == ("reported", None)


def test_category_is_corrected_once_by_who_may(calling: Calling) -> None:
    case_id = calling.report(Client()).json()["id"]
    leader, clerk = calling.as_("district_leader"), calling.as_("community_clerk")
    refused = calling.step(leader, case_id, "recategorise", 1, category="noise", note="看看")
    assert (refused.status_code, refused.json()["code"]) == (403, "step_is_others")
    silent = calling.step(clerk, case_id, "recategorise", 1, category="noise")
    assert (silent.status_code, silent.json()["field"]) == (422, "note")

    corrected = calling.step(clerk, case_id, "recategorise", 1, category="noise", note="是噪音")

    assert (corrected.status_code, corrected.json()["category"], corrected.json()["version"]) == (200, "noise", 2)
    late = calling.step(clerk, case_id, "recategorise", 1, category="green", note="看看")
    assert (late.status_code, late.json()["code"]) == (412, "case_changed")
