"""What residents and others see of people: what is declared, in words, and no number that somebody wrote down."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from tests.factories.district import DemoDistrict

from linli.cases.actions.opening import Contact
from linli.cases.choices import Action
from linli.cases.models import Case
from linli.cases.queries.public import code_of
from linli.edges.words.personal_data import BASES, FIELDS, KINDS, SINCE, say_held
from linli.kernel.db.declarations import list_declared
from linli.kernel.db.models import LegalBasis, Whose
from linli.kernel.personal_words import Kind

PHONE, PLATE, ID_NUMBER, OFFICE = "13812345678", "辽A·12345", "210106199003074579", "024-55550199"
SAID = f"楼下{PLATE}的车占了消防通道，车主电话{PHONE}，身份证{ID_NUMBER}"
LEAKS = (PHONE, "1381234", PLATE, "A·123", ID_NUMBER, "21010619900307")


def _leaks(answer: Any) -> list[str]:
    return [leak for leak in LEAKS if leak in answer.content.decode()]


def test_every_declaration_has_words() -> None:
    declared = list_declared()

    assert {each.name for each in declared} - set(FIELDS) == set()
    assert {each.table for each in declared if each.data.retention_days} - set(SINCE) == set()
    assert (set(LegalBasis) - set(BASES), set(Kind) - set(KINDS)) == (set(), set())


def test_page_says_all_that_is_declared(district: DemoDistrict, client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    with translation.override("zh-hans"):
        lines = [*say_held(list_declared(), Whose.RESIDENT), *say_held(list_declared(), Whose.STAFF)]
        missing = [str(words) for words in FIELDS.values() if str(words) not in page]
        purposes = {translation.gettext(each.data.purpose) for each in list_declared()}

    assert missing == []
    assert all(part in page for line in lines for part in (line.what, line.why, line.basis, line.kept))
    assert all("\u4e00" <= purpose[0] <= "\u9fff" for purpose in purposes)
    assert any(line.is_sealed for line in lines)


@pytest.fixture
def told(district: DemoDistrict) -> Case:
    """Give a case whose words hold everybody's numbers, and a note of staff to the reporter that holds some."""
    case = district.open_case_in(text=SAID, address=f"{PLATE}旁边", contact=Contact("王小明", "13900001234"))
    worker = district.actor("grid_worker")
    district.take(case, Action.HANDLE, by=worker)
    note = f"已通知车主（{PHONE}）挪车，有事打{OFFICE}"
    return district.take(case, Action.REPORT_BACK, by=worker, note=note)


def test_numbers_in_words_are_hidden_where_a_case_is_followed(told: Case, client: Client) -> None:
    opens = {"number": told.number, "code": code_of(told.id)}

    page = client.post("/follow/", opens)
    answer = client.post("/api/v1/cases/follow", opens, content_type="application/json")

    assert (page.status_code, answer.status_code) == (200, 200)
    assert (_leaks(page), _leaks(answer)) == ([], [])
    assert OFFICE in page.content.decode()
    assert answer.json()["text"] == "楼下****的车占了消防通道，车主电话****，身份证****"


def test_other_residents_see_no_words_at_all(told: Case, district: DemoDistrict, client: Client) -> None:
    place = district.point_in()
    found = client.get("/api/v1/cases/similar", {"lng": place.lng, "lat": place.lat, "text": SAID,
                                                 "category": told.category})  # fmt: skip
    pages = [client.get(path) for path in ("/", "/board/", "/privacy/")]

    assert [_leaks(page) for page in (*pages, found)] == [[]] * 4
    assert all("消防通道" not in page.content.decode() for page in (*pages, found))


def test_no_title_holds_a_number(told: Case) -> None:
    assert (told.title, _found_in(told.title)) == ("楼下****的车占了消防通道，车主电话****，身份证…", [])


def _found_in(text: str) -> list[str]:
    return [leak for leak in LEAKS if leak in text]


def test_register_holds_no_number_of_anybody(told: Case, district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "district_dispatcher")

    page = signed_in.get("/desk/registers/cases/?since=2026-11-01&until=2026-11-30")

    assert told.number in page.content.decode()
    assert _leaks(page) == []


def test_staff_are_told_that_words_hold_numbers(told: Case, district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")

    page = signed_in.get(f"/desk/cases/{told.id}/").content.decode()
    typed = signed_in.post("/desk/cases/new/alike/", {"text": SAID}).content.decode()
    harmless = signed_in.post("/desk/cases/new/alike/", {"text": "路灯不亮"}).content.decode()

    words = "身份证号码、手机号码、车牌号码"
    assert (words in page, words in typed, "号码" in harmless) == (True, True, False)


def test_resident_is_told_before_sending(district: DemoDistrict, client: Client) -> None:
    form = {"step": "where", "go": "next", "text": SAID, "category": "water_burst", "area": "210106003006"}

    page = client.post("/report/", form).content.decode()
    harmless = client.post("/report/", form | {"text": "路灯不亮"}).content.decode()

    assert ("身份证号码、手机号码、车牌号码" in page, "身份证号码" in harmless) == (True, False)
