"""Taking steps on a case by its page: what is done, what is refused, and that nothing typed is lost."""

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.cases.choices import Action
from linli.cases.models import Case


def test_step_moves_the_case_on(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound")
    signed_in = district.login(client, "grid_worker")

    answer = signed_in.post(f"/desk/cases/{case.id}/steps/accept/", {"version": case.version})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/cases/{case.id}/")
    assert Case.objects.get(id=case.id).state == "accepted"


def test_part_answers_with_the_case_as_it_is_now(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound")
    signed_in = district.login(client, "grid_worker")

    answer = signed_in.post(
        f"/desk/cases/{case.id}/steps/accept/", {"version": case.version}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer.headers["HX-Trigger"], "<html" in answer.content.decode()) == (
        200, "linli:stepped", False,
    )  # fmt: skip


def test_second_of_two_is_told_and_loses_nothing(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound")
    district.take(case, Action.ACCEPT, by=district.actor("grid_worker"))
    signed_in = district.login(client, "community_clerk")
    typed = {"version": case.version, "note": "我先打电话问过了", "to": f"org:{district.organisations['water_repair']}"}

    answer = signed_in.post(f"/desk/cases/{case.id}/steps/dispatch/", typed)

    text = answer.content.decode()
    name = district.viewer("grid_worker").name
    assert (answer.status_code, "我先打电话问过了" in text, name in text) == (412, True, True)
    assert f'value="{typed["to"]}" selected' in text
    assert Case.objects.get(id=case.id).state == "accepted"


def test_second_try_after_the_conflict_goes_through(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound")
    newer = district.take(case, Action.ACCEPT, by=district.actor("grid_worker"))
    signed_in = district.login(client, "community_clerk")
    typed = {"version": case.version, "to": f"org:{district.organisations['water_repair']}"}
    told = signed_in.post(f"/desk/cases/{case.id}/steps/dispatch/", typed).content.decode()

    answer = signed_in.post(f"/desk/cases/{case.id}/steps/dispatch/", typed | {"version": newer.version})

    assert (f'name="version" value="{newer.version}"' in told, answer.status_code) == (True, 302)
    assert Case.objects.get(id=case.id).state == "dispatched"


@pytest.mark.parametrize("address", ["steps/accept", "beside/dispute", "priority"])
def test_number_that_no_version_can_have_is_refused(district: DemoDistrict, client: Client, address: str) -> None:
    case, many = district.open_case_in("compound"), "9" * 5000
    signed_in = district.login(client, "community_clerk")
    answer = signed_in.post(f"/desk/cases/{case.id}/{address}/", {"version": many, "level": many, "note": "看过了"})

    assert answer.status_code in {412, 422}


def test_missing_reason_is_said_beside_what_was_typed(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound")
    signed_in = district.login(client, "grid_worker")

    answer = signed_in.post(f"/desk/cases/{case.id}/steps/return/", {"version": case.version, "note": "不归我们管"})

    assert (answer.status_code, "不归我们管" in answer.content.decode()) == (422, True)
    assert Case.objects.get(id=case.id).version == case.version


def test_step_of_others_is_refused(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound")
    signed_in = district.login(client, "leader_in_charge")

    answer = signed_in.post(f"/desk/cases/{case.id}/steps/accept/", {"version": case.version})

    assert (answer.status_code, Case.objects.get(id=case.id).state) == (403, "reported")


def test_dissatisfied_reporter_sends_it_one_level_up(district: DemoDistrict, client: Client) -> None:
    case = district.handled(district.open_case_in("compound"), by=district.actor("grid_worker"))
    signed_in = district.login(client, "call_back_clerk")

    answer = signed_in.post(
        f"/desk/cases/{case.id}/verification/",
        {"version": case.version, "method": "call", "was_reached": "yes", "satisfaction": "dissatisfied"},
    )

    assert (answer.status_code, Case.objects.get(id=case.id).state) == (302, "dispatched")


@pytest.mark.parametrize("action", ["verify", "override"])
def test_step_that_has_a_form_of_its_own_is_not_taken_without(
    district: DemoDistrict, client: Client, action: str
) -> None:
    case = district.open_case_in("compound")
    if action == "verify":
        case = district.handled(case, by=district.actor("grid_worker"))
    signed_in = district.login(client, "community_clerk")
    answer = signed_in.post(f"/desk/cases/{case.id}/steps/{action}/", {"version": case.version, "note": "看过了"})

    assert (answer.status_code, Case.objects.get(id=case.id).version) == (404, case.version)


def test_priority_set_by_hand_needs_a_reason(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound")
    signed_in = district.login(client, "community_clerk")
    url = f"/desk/cases/{case.id}/priority/"

    without = signed_in.post(url, {"version": case.version, "level": "1"})
    with_reason = signed_in.post(url, {"version": case.version, "level": "1", "note": "楼下有托儿所"})

    assert (without.status_code, with_reason.status_code) == (422, 302)
    assert Case.objects.get(id=case.id).priority_level == 1


def test_batch_tells_how_it_went_with_each(district: DemoDistrict, client: Client) -> None:
    good, gone = district.open_case_in("compound"), district.open_case_in("compound")
    foreign = district.open_case_in("compound", community=2, text="别的社区的事")
    district.take(gone, Action.ACCEPT, by=district.actor("grid_worker"))
    signed_in = district.login(client, "grid_worker")
    ids = [f"{case.id}:{case.version}" for case in (good, gone, foreign)]

    answer = signed_in.post("/desk/cases/batch/", {"do": "accept", "ids": ids})

    text = answer.content.decode()
    assert (answer.status_code, text.count('class="tag ok"'), text.count('class="tag late"')) == (200, 1, 2)
    assert (Case.objects.get(id=foreign.id).state, "别的社区的事" in text) == ("reported", False)


def test_batch_dispatch_asks_to_whom_first(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound")
    signed_in = district.login(client, "subdistrict_dispatcher")
    sent = {"do": "dispatch", "ids": [f"{case.id}:{case.version}"]}

    asked = signed_in.post("/desk/cases/batch/", sent).content.decode()
    signed_in.post("/desk/cases/batch/", sent | {"to": f"org:{district.organisations['water_repair']}"})

    assert "供水抢修中心" in asked
    assert Case.objects.get(id=case.id).organisation_id == district.organisations["water_repair"]


def test_staff_writes_a_case_down_once(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    sent = {"key": "k1", "text": "来电：单元门坏了", "area": "210106003006", "name": "李大姐", "phone": "13900005678"}

    answers = [signed_in.post("/desk/cases/new/", sent) for _ in range(2)]

    case = Case.objects.get(text="来电：单元门坏了")
    assert [answer.headers["Location"] for answer in answers] == [f"/desk/cases/{case.id}/"] * 2
    assert (case.source, case.opened_by) == ("desk", district.viewer("community_clerk").person_id)


def test_form_keeps_what_was_typed_when_something_is_missing(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")

    answer = signed_in.post("/desk/cases/new/", {"key": "k2", "text": " ", "address": "锅炉房旁边"})

    assert (answer.status_code, 'value="锅炉房旁边"' in answer.content.decode()) == (422, True)


def test_opened_now_shows_in_the_list(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound", at=timezone.now())
    signed_in = district.login(client, "grid_worker")

    answer = signed_in.get("/desk/", headers={"HX-Request": "true"})

    assert f'data-id="{case.id}"' in answer.content.decode()


def test_case_is_merged_by_number_and_taken_out_again(district: DemoDistrict, client: Client) -> None:
    leading, case = district.open_case_in("compound"), district.open_case_in("open")
    signed_in = district.login(client, "community_clerk")
    url = f"/desk/cases/{case.id}/"

    refused = signed_in.post(f"{url}merge/", {"version": case.version, "number": "10626-999999"})
    merged = signed_in.post(f"{url}merge/", {"version": case.version, "number": leading.number})
    shown, led = signed_in.get(url).content.decode(), signed_in.get(f"/desk/cases/{leading.id}/").content.decode()
    again = signed_in.post(f"{url}unmerge/", {"version": case.version + 1})

    assert (refused.status_code, 'value="10626-999999"' in refused.content.decode()) == (422, True)
    assert (merged.status_code, leading.number in shown, case.number in led) == (302, True, True)
    assert (again.status_code, Case.objects.get(id=case.id).state) == (302, "reported")
