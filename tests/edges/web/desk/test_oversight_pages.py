"""The page of a case's time, supervision and cards, from both sides of it."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.cases.actions.climbing import climb
from linli.cases.choices import Action
from linli.cases.models import Card, Case, Supervision, TimeRequest


def page(case: Case, action: str = "") -> str:
    return f"/desk/cases/{case.id}/oversight/" + (f"{action}/" if action else "")


def test_time_is_asked_for_and_granted_on_the_page(district: DemoDistrict) -> None:
    case = district.open_case_in(at=timezone.now())
    case = district.take(case, Action.ACCEPT, by=district.actor("grid_worker"), after=timedelta(seconds=1))
    worker, secretary = (district.login(Client(), role) for role in ("grid_worker", "community_secretary"))

    refused = worker.post(page(case, "ask"), {"kind": "extension", "days": "99", "reason": "waits_for_parts"})
    asked = worker.post(page(case, "ask"), {"kind": "extension", "days": "3", "reason": "waits_for_parts"})
    request = TimeRequest.objects.get()
    listed = secretary.get("/desk/supervision/").content.decode()
    granted = secretary.post(page(case, "decide"), {"id": str(request.id), "do": "grant"})

    assert (refused.status_code, asked.status_code, granted.status_code) == (422, 302, 302)
    assert (case.number in listed, "3 个工作日" in listed) == (True, True)
    request.refresh_from_db()
    assert request.state == "granted"
    assert "3 个工作日" in secretary.get(f"/desk/cases/{case.id}/").content.decode()


def test_a_supervision_goes_both_ways_on_the_page(district: DemoDistrict) -> None:
    case = district.open_case_in(at=timezone.now())
    leader, worker = (district.login(Client(), role) for role in ("subdistrict_secretary", "grid_worker"))
    day = (timezone.localdate() + timedelta(days=3)).isoformat()

    opened = leader.post(page(case, "supervise"), {"reason": "important", "text": "请抓紧", "answer_by": day})
    row = Supervision.objects.get()
    answered = worker.post(page(case, "answer"), {"id": str(row.id), "text": "今天修好"})
    ended = leader.post(page(case, "end"), {"id": str(row.id), "do": "close", "text": "看过了"})

    assert (opened.status_code, answered.status_code, ended.status_code) == (302, 302, 302)
    row.refresh_from_db()
    assert row.state == "closed"
    text = leader.get(page(case)).content.decode()
    assert all(words in text for words in ("请抓紧", "今天修好", "看过了"))


def test_a_card_is_appealed_and_taken_back_on_the_page(district: DemoDistrict) -> None:
    case = district.open_case_in(at=timezone.now() - timedelta(days=20))
    climb(district_id=district.id, at=timezone.now())
    card = Card.objects.filter(colour="red").get()
    leader, worker = (district.login(Client(), role) for role in ("subdistrict_secretary", "grid_worker"))

    appealed = worker.post(page(case, "appeal"), {"id": str(card.id), "text": "等配件"})
    seen = leader.get("/desk/supervision/").content.decode()
    ruled = leader.post(page(case, "rule"), {"id": str(card.id), "do": "take-back", "text": "属实"})

    assert (appealed.status_code, ruled.status_code, "红牌" in seen) == (302, 302, True)
    card.refresh_from_db()
    assert card.state == "taken_back"


def test_strangers_see_nothing_of_it(district: DemoDistrict) -> None:
    case = district.open_case_in(at=timezone.now())
    stranger = district.login(Client(), "community_secretary", community=2)

    assert stranger.get(page(case)).status_code == 404
    assert stranger.post(page(case, "supervise"), {"reason": "important", "text": "x"}).status_code == 404
    assert case.number not in stranger.get("/desk/supervision/").content.decode()
