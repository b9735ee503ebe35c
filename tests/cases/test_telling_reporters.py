"""A reporter who asked is told by text message, once a stage, by number and link; and no more when they say so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import AT, DemoDistrict
from tests.factories.services import FakeService, serving

from linli.cases import tasks
from linli.cases.actions.merging import merge_case
from linli.cases.actions.opening import Contact
from linli.cases.actions.telling_reporters import tell_reporters
from linli.cases.choices import Action, ConsentWay
from linli.cases.models import Case, Reporter
from linli.cases.queries.public import code_of
from linli.cases.tasks import deliver_messages
from linli.kernel.ids import new_id
from linli.support.notices.actions.sending import send_due
from linli.support.notices.calc.texts import NAMES
from linli.support.notices.models import Delivery

PHONE, SECRET, NEWS = "13912345678", "绝密水管", "会发短信告诉您"


@pytest.fixture
def service(settings: Any) -> Iterator[FakeService]:
    with serving(FakeService()) as running:
        settings.OUTSIDE = replace(settings.OUTSIDE, site="https://linli.example", sms_url=running.url)
        yield running


def reported(district: DemoDistrict, **more: Any) -> Case:
    contact = Contact("王小明", PHONE, **({"consent": 1, "way": ConsentWay.PORTAL, "news": True} | more))
    return district.open_case_in(text=SECRET, contact=contact, at=timezone.now() - timedelta(hours=5))


def told(case: Case) -> list[str]:
    return list(Delivery.objects.filter(whom="reporter").order_by("id").values_list("kind", flat=True))


def test_steps_tell_the_reporter_once_a_stage(district: DemoDistrict, service: FakeService) -> None:
    case = reported(district)
    worker = district.actor("grid_worker")
    district.take(case, Action.ACCEPT, by=worker)
    district.handled(case, by=worker, after=timedelta(hours=2))

    deliver_messages(0)
    Delivery.objects.update(next_try_at=AT)
    send_due(district_id=district.id, at=AT + timedelta(hours=1))

    assert sorted(told(case)) == ["told.accepted", "told.reported_back"]
    (asked,) = service.asked  # both were due: the newest alone is said
    link = f"https://linli.example/follow/?number={case.number}"
    assert (asked.said["phone"], link in asked.said["text"]) == (PHONE, True)
    assert [word for word in (SECRET, "王小明", code_of(case.id)) if word in asked.said["text"]] == []


def test_reporter_of_a_merged_case_is_told_of_the_leading_ones_steps_by_their_own_number(
    district: DemoDistrict, service: FakeService
) -> None:
    leading, merged, worker = reported(district), reported(district), district.actor("grid_worker")
    merge_case(district_id=district.id, case_id=merged.id, leading_id=leading.id, version=None, by=worker,
               at=timezone.now())  # fmt: skip
    district.take(leading, Action.ACCEPT, by=worker, after=timedelta(hours=1))

    deliver_messages(0)

    found = Delivery.objects.filter(whom="reporter", kind="told.accepted").values_list("subject_id", flat=True)
    assert sorted(found) == sorted([leading.id, merged.id])


@pytest.mark.parametrize("more", [{"news": False}, {"consent": 0, "way": ConsentWay.NONE}])
def test_nobody_is_told_who_did_not_ask_or_agree(district: DemoDistrict, more: dict[str, Any]) -> None:
    case = reported(district, **more)

    tell_reporters(district_id=district.id, kind="case.accepted", case_id=case.id, message_id=new_id(), at=AT)

    assert told(case) == []


def test_at_night_it_waits_until_morning(district: DemoDistrict) -> None:
    case = reported(district)
    night = AT.replace(hour=22)

    tell_reporters(district_id=district.id, kind="case.accepted", case_id=case.id, message_id=new_id(), at=night)

    assert Delivery.objects.get().next_try_at == AT.replace(hour=8) + timedelta(days=1)


def test_with_number_and_code_it_is_stopped_also_what_is_on_its_way(
    district: DemoDistrict, service: FakeService, client: Client
) -> None:
    case = reported(district)
    tell_reporters(district_id=district.id, kind="case.accepted", case_id=case.id, message_id=new_id(), at=AT)
    wrong = client.post("/follow/news/", {"number": case.number, "code": "000000"})
    opens = {"number": case.number, "code": code_of(case.id)}
    shown = client.post("/follow/", opens).content.decode()

    right = client.post("/follow/news/", opens)
    send_due(district_id=district.id, at=AT + timedelta(hours=1))

    assert (wrong.status_code, right.status_code, Reporter.objects.get().wants_news) == (404, 200, False)
    assert [NEWS in page for page in (shown, right.content.decode())] == [True, False]
    assert client.get("/follow/news/").status_code == 302
    assert (service.asked, Delivery.objects.get().error) == ([], "no_address")
    tell_reporters(district_id=district.id, kind="case.closed", case_id=case.id, message_id=new_id(), at=AT)
    assert Delivery.objects.count() == 1


def test_form_asks_and_keeps_the_wish_with_a_number_only(district: DemoDistrict, client: Client) -> None:
    sent = {"step": "contact", "go": "next", "text": SECRET, "category": "water_burst", "area": "210106003006",
            "consent": "1", "news": "1"}  # fmt: skip
    client.post("/report/", {**sent, "phone": PHONE, "key": "a"})
    client.post("/report/", {**sent, "name": "王", "key": "b"})

    assert list(Reporter.objects.order_by("joined_at").values_list("wants_news", flat=True)) == [True, False]


def test_whatever_staff_are_told_can_be_chosen_and_has_a_name() -> None:
    assert tasks._TOLD - set(NAMES) == set()
