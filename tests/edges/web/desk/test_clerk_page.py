"""The clerk's page: written, put right, shown; what was typed stays when somebody was faster."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import DemoDistrict
from tests.factories.meetings import DemoMeeting, make_meeting

from linli.cases.models import Case
from linli.oversight.reviews.choices import Phase
from linli.oversight.reviews.models import Remark

WORDS = "把二次供水改造排出工期"
PART = {"HX-Request": "true"}


@pytest.fixture
def meeting(district: DemoDistrict) -> DemoMeeting:
    return make_meeting(district, at=timezone.now())


def form(district: DemoDistrict, meeting: DemoMeeting, **more: str) -> dict[str, str]:
    due = timezone.localdate() + timedelta(days=7)
    return {"turn": str(meeting.turns["office_1"]), "kind": "assignment", "text": WORDS, "key": "one",
            "organisation": str(district.organisations["office_1"]), "due_on": due.isoformat()} | more  # fmt: skip


def test_clerk_writes_and_the_nod_shows_it(district: DemoDistrict, meeting: DemoMeeting, client: Client) -> None:
    clerk, url = district.login(client, "review_office"), f"/hall/{meeting.id}/clerk"
    empty = clerk.get(url).content.decode()

    written = clerk.post(f"{url}/remarks/", form(district, meeting), follow=True).content.decode()
    remark = Remark.objects.get()
    hidden = clerk.get(url, headers=PART).content.decode()
    clerk.post(f"{url}/remarks/{remark.id}/", {"turn": str(remark.turn_id), "version": "1", "do": "nod"})
    shown = clerk.get(url, headers=PART).content.decode()

    assert "第一街道办事处的述职" in empty
    assert (WORDS in written, WORDS in hidden, WORDS in shown) == (True, False, True)
    assert Case.objects.get().organisation_id == district.organisations["office_1"]


def test_what_was_typed_stays_when_another_clerk_was_faster(
    district: DemoDistrict, meeting: DemoMeeting, client: Client
) -> None:
    clerk, url = district.login(client, "review_office"), f"/hall/{meeting.id}/clerk/remarks/"
    clerk.post(url, form(district, meeting))
    one = f"{url}{Remark.objects.get().id}/"
    clerk.post(one, form(district, meeting, version="1", do="change", text="第一位记录员改的"))

    answer = clerk.post(one, form(district, meeting, version="1", do="change", text="第二位记录员改的"))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("第一位记录员改的" in page, "第二位记录员改的" in page) == (True, True)
    assert Remark.objects.get().text == "第一位记录员改的"


def test_incomplete_remark_is_still_in_the_form(district: DemoDistrict, meeting: DemoMeeting, client: Client) -> None:
    clerk = district.login(client, "review_office")

    answer = clerk.post(f"/hall/{meeting.id}/clerk/remarks/", form(district, meeting, due_on="2020-01-01"))

    assert (answer.status_code, WORDS in answer.content.decode(), Remark.objects.count()) == (422, True, 0)


def test_form_sent_twice_writes_once(district: DemoDistrict, meeting: DemoMeeting, client: Client) -> None:
    clerk, url = district.login(client, "review_office"), f"/hall/{meeting.id}/clerk"
    key = re.search(r'name="key" value="([^"]+)"', clerk.get(url).content.decode())
    assert key is not None

    answers = [clerk.post(f"{url}/remarks/", form(district, meeting, key=key[1])).status_code for _ in range(2)]

    assert (answers, Remark.objects.count()) == ([302, 302], 1)


def test_deployment_is_given_to_several_and_each_case_leads_back(district: DemoDistrict, client: Client) -> None:
    meeting = make_meeting(district, at=timezone.now(), phase=Phase.DEPLOYMENT)
    clerk, url = district.login(client, "review_office"), f"/hall/{meeting.id}/clerk"
    others = [str(district.organisations[code]) for code in ("office_1", "office_2")]
    sent = form(district, meeting, turn="deployment", kind="deployment",
                organisation=str(district.organisations["water_repair"]))  # fmt: skip
    assert clerk.post(f"{url}/remarks/", sent | {"also": others}).status_code == 302
    page = clerk.get(f"{url}?turn=deployment").content.decode()
    remark = Remark.objects.get()
    clerk.post(f"{url}/remarks/{remark.id}/", {"turn": "deployment", "version": "1", "do": "nod"})

    assert all(f'value="{other}" checked' in page for other in others)
    assert "等3家" in clerk.get(f"/hall/{meeting.id}/said").content.decode()
    cases = list(Case.objects.order_by("id"))
    assert len(cases) == 3
    for case in cases:
        assert f"/desk/reviews/sessions/{meeting.id}/" in clerk.get(f"/desk/cases/{case.id}/").content.decode()
    assert f"/desk/cases/{cases[2].id}/" in clerk.get(f"{url}?turn=deployment").content.decode()


@pytest.mark.parametrize(
    ("phase", "heading"), [(Phase.COMMENT, "第一街道办事处的述职"), (Phase.DEPLOYMENT, "面向全区")]
)
def test_page_opens_at_what_is_on(district: DemoDistrict, client: Client, phase: Phase, heading: str) -> None:
    meeting = make_meeting(district, at=timezone.now(), phase=phase)

    page = district.login(client, "review_office").get(f"/hall/{meeting.id}/clerk").content.decode()

    assert f"<h2>{heading}</h2>" in page


def test_whoever_serves_here_reads_what_was_nodded_to_and_nothing_else(
    district: DemoDistrict, meeting: DemoMeeting, client: Client
) -> None:
    clerk, url = district.login(Client(), "review_office"), f"/hall/{meeting.id}/clerk/remarks/"
    clerk.post(url, form(district, meeting))
    clerk.post(url, form(district, meeting, key="two", text="领导还没点头的话"))
    remark = Remark.objects.get(text=WORDS)
    clerk.post(f"{url}{remark.id}/", {"turn": str(remark.turn_id), "version": "1", "do": "nod"})

    worker = district.login(client, "grid_worker", community=2)
    pages = [worker.get(f"/hall/{meeting.id}/said", headers=headers).content.decode() for headers in ({}, PART)]

    assert [(WORDS in page, "领导还没点头的话" in page) for page in pages] == [(True, False), (True, False)]
    assert district.login(client, "away-community_secretary").get(f"/hall/{meeting.id}/said").status_code == 404


@pytest.mark.parametrize(("role", "status"), [
    ("grid_worker", 403), ("subdistrict_secretary", 403), ("discipline_inspector", 403), ("district_leader", 403),
    ("away-community_secretary", 404),
])  # fmt: skip
def test_page_is_the_clerks_alone(
    district: DemoDistrict, meeting: DemoMeeting, client: Client, role: str, status: int
) -> None:
    signed_in = district.login(client, role)
    url = f"/hall/{meeting.id}/clerk"

    assert signed_in.get(url).status_code == status
    assert signed_in.post(f"{url}/remarks/", form(district, meeting)).status_code == status
    assert Remark.objects.count() == 0


def test_page_asks_the_same_for_one_and_ten_remarks(
    district: DemoDistrict, meeting: DemoMeeting, client: Client
) -> None:
    clerk, url = district.login(client, "review_office"), f"/hall/{meeting.id}/clerk"
    counts = []
    for keys in (range(1), range(1, 10)):
        for number in keys:
            clerk.post(f"{url}/remarks/", form(district, meeting, key=f"k{number}"))
        clerk.get(url)
        with CaptureQueriesContext(connection) as asked:
            clerk.get(url)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 11
