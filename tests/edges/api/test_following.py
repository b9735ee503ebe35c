"""Following by number and code, and saying how it went."""

from typing import Any

from django.test import Client
from tests.edges.api.calling import Calling

from linli.cases.actions.following import MOST_WRONG
from linli.cases.choices import Action
from linli.cases.models import Case
from linli.cases.queries.public import code_of


def _post(client: Client, path: str, **said: object) -> Any:
    return client.post(f"/api/v1/cases/{path}", said, content_type="application/json")


def test_following_shows_the_case_to_whoever_has_the_code(calling: Calling, nobody: Client) -> None:
    made = calling.report(nobody).json()
    shown = _post(Client(), "follow", number=made["number"], code=made["access_code"])
    told = shown.json()
    assert (shown.status_code, told["id"], told["status"]) == (200, made["id"], "reported")
    assert [step["action"] for step in told["steps"]] == ["report"]
    assert not told["can_verify"]


def test_wrong_number_and_wrong_code_look_alike(calling: Calling, nobody: Client) -> None:
    made = calling.report(nobody).json()
    wrong = "000000" if made["access_code"] != "000000" else "000001"
    refused = [_post(nobody, "follow", number=made["number"], code=wrong),
               _post(nobody, "follow", number="10626-999999", code=made["access_code"])]  # fmt: skip
    assert [answer.status_code for answer in refused] == [404, 404]
    assert refused[0].content == refused[1].content


def test_codes_cannot_be_tried_out(calling: Calling, nobody: Client) -> None:
    made = calling.report(nobody).json()
    wrong = "000000" if made["access_code"] != "000000" else "000001"
    for number in range(MOST_WRONG):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        assert _post(client, "follow", number=made["number"], code=wrong).status_code == 404
    right = _post(Client(REMOTE_ADDR="192.0.2.99"), "follow", number=made["number"], code=made["access_code"])
    assert (right.status_code, right.json()["code"]) == (429, "too_many_requests")


def test_reporter_says_how_it_went(calling: Calling, nobody: Client) -> None:
    district = calling.district
    case = district.open_case_in("open", category="noise")
    by = district.actor("district_dispatcher")
    case = district.take(case, Action.DISPATCH, by=by, to_post=district.post_of("grid_worker"))
    case = district.handled(case, by=district.actor("grid_worker"))
    said = {"number": case.number, "code": code_of(case.id), "is_solved": False, "satisfaction": "dissatisfied"}
    answer = _post(nobody, "follow/verify", **said)
    assert (answer.status_code, answer.json()["status"]) == (200, "dispatched")
    again = _post(nobody, "follow/verify", **said)
    assert (again.status_code, again.json()["code"]) == (409, "step_not_possible")
    assert Case.objects.get(id=case.id).times_reopened == 1
