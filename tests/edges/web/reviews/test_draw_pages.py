"""A draw's page, its steps by form, and the big screen."""

import hashlib
import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import DemoDistrict
from tests.factories.reviews import DEPARTMENTS, make_review_programme

from linli.ledger.facts.calc.canonical import canonical
from linli.oversight.reviews.actions.drawing import type_throw
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.calc.records import has_sm3
from linli.oversight.reviews.models import Draw, Excuse
from linli.registry.orgs.models import Organisation
from linli.registry.people.models import Person


@pytest.fixture
def draw(district: DemoDistrict) -> UUID:
    programme = make_review_programme(district)
    office = district.viewer("review_office")
    make_year(programme_id=programme, year=timezone.localdate().year + 1, by=office, at=timezone.now())
    return Draw.objects.order_by("month").values_list("id", flat=True)[0]


@pytest.fixture
def clerk(district: DemoDistrict, client: Client) -> Client:
    return district.login(client, "review_office")


def _step(client: Client, draw: UUID, step: str, **sent: str) -> int:
    return client.post(f"/desk/reviews/draws/{draw}/{step}/", sent).status_code


def _second_types(district: DemoDistrict, draw: UUID) -> None:
    other = district.viewer("discipline_inspector")
    type_throw(draw_id=draw, item="dice", value="08772473", by=other, at=timezone.now())


def test_draw_is_held_by_forms_and_the_screen_follows(district: DemoDistrict, draw: UUID, clerk: Client) -> None:
    page, screen = f"/desk/reviews/draws/{draw}/", f"/hall/draw/{draw}/screen"
    assert "名单尚未冻结" in clerk.get(screen).content.decode()
    assert _step(clerk, draw, "commit") == 302
    code = Draw.objects.get(id=draw).commit_hash
    assert all(code[at : at + 4] in clerk.get(screen).content.decode() for at in range(0, 64, 4))
    assert _step(clerk, draw, "throw", item="dice", value="0877 2473") == 302
    assert "请另一个人再录一遍" in clerk.get(page).content.decode()
    assert (_step(clerk, draw, "lock"), Draw.objects.get(id=draw).state) == (409, "committed")
    _second_types(district, draw)
    assert [_step(clerk, draw, step) for step in ("lock", "reveal")] == [302, 302]

    shown, result = clerk.get(screen).content.decode(), Draw.objects.get(id=draw).result
    assert shown.count("data-rise=") == sum(len(lists["drawn"]) for lists in result.values()) == 3
    assert f"/api/v1/reviews/draws/{draw}/record.json" in clerk.get(page).content.decode()


@pytest.mark.skipif(not has_sm3(), reason="this machine's OpenSSL has no SM3")
def test_frozen_list_is_told_by_sm3_as_well(draw: UUID, clerk: Client) -> None:
    page = f"/desk/reviews/draws/{draw}/"
    assert "SM3" not in clerk.get(page).content.decode()
    _step(clerk, draw, "commit")

    digest = hashlib.new("sm3", canonical(Draw.objects.get(id=draw).commit)).hexdigest()
    shown = clerk.get(page).content.decode()
    assert all(f"<span>{digest[at : at + 4]}</span>" in shown for at in range(0, 64, 4))


def test_screen_shows_tickets_before_the_throw_alone(district: DemoDistrict, draw: UUID, clerk: Client) -> None:
    def tickets() -> list[str]:
        return re.findall(r'class="tickets">(\d+)<', clerk.get(f"/hall/draw/{draw}/screen").content.decode())

    assert tickets() == []
    _step(clerk, draw, "excuse", organisation="office_1", reason="disaster", approver="区委组织部")
    _step(clerk, draw, "commit")
    assert sorted(tickets()) == ["0", "1", "1", "1", "1"]
    _step(clerk, draw, "throw", item="dice", value="08772473")
    _second_types(district, draw)
    assert [_step(clerk, draw, step) for step in ("lock", "reveal")] == [302, 302]
    assert tickets() == []


def test_long_names_stand_whole_and_smaller_on_the_screen(district: DemoDistrict, draw: UUID, clerk: Client) -> None:
    name = "退役军人事务和双拥工作局"
    departments = [district.organisations[code] for code in DEPARTMENTS]
    Organisation.objects.filter(id__in=departments).update(name=f"{name}党组")
    _step(clerk, draw, "commit")
    before = clerk.get(f"/hall/draw/{draw}/screen").content.decode()
    _step(clerk, draw, "throw", item="dice", value="08772473")
    _second_types(district, draw)
    assert [_step(clerk, draw, step) for step in ("lock", "reveal")] == [302, 302]
    after = clerk.get(f"/hall/draw/{draw}/screen").content.decode()

    assert before.count(f'class="n9"><span>{name}</span>') == 3
    assert len(re.findall(rf'class="n11"[^>]*><b>\d</b><span>{name}</span>', after)) == 2


def test_screen_answers_nothing_until_something_changed(district: DemoDistrict, draw: UUID, clerk: Client) -> None:
    def asked(seen: str) -> int:
        return clerk.get(f"/hall/draw/{draw}/screen?seen={seen}").status_code

    assert (asked("0.0"), asked("")) == (204, 200)
    _step(clerk, draw, "excuse", organisation="office_1", reason="disaster", approver="区委组织部")
    assert (asked("0.0"), asked("1.0")) == (200, 204)
    _step(clerk, draw, "take-back", organisation="office_1")
    assert (asked("1.0"), asked("2.0")) == (200, 204)
    _step(clerk, draw, "commit")
    assert (asked("2.0"), asked("3.0")) == (200, 204)
    _step(clerk, draw, "throw", item="dice", value="0877")
    assert (asked("3.0"), asked("3.1")) == (200, 204)


def test_screens_that_ask_in_vain_or_for_what_another_got_cost_two_queries_of_the_draw(
    draw: UUID, clerk: Client
) -> None:
    _step(clerk, draw, "commit")
    first = clerk.get(f"/hall/draw/{draw}/screen?seen=0.0")
    with CaptureQueriesContext(connection) as captured:
        again, vain = (clerk.get(f"/hall/draw/{draw}/screen?seen={seen}") for seen in ("0.0", "1.0"))

    assert (again.content, vain.status_code) == (first.content, 204)
    assert b"data-draw-screen" in first.content
    assert b"<html" not in first.content
    assert sum("reviews_" in query["sql"] for query in captured) == 4


def test_stage_kept_for_one_is_not_given_to_who_may_not_see_it(
    district: DemoDistrict, draw: UUID, clerk: Client
) -> None:
    _step(clerk, draw, "commit")
    assert clerk.get(f"/hall/draw/{draw}/screen?seen=0.0").status_code == 200
    stranger = district.login(Client(), "away-community_secretary")
    assert [each.get(f"/hall/draw/{draw}/screen?seen=0.0").status_code for each in (stranger, Client())] == [404, 302]


def test_colleagues_see_the_list_and_get_no_buttons(district: DemoDistrict, draw: UUID, client: Client) -> None:
    worker = district.login(client, "grid_worker")
    said = worker.get(f"/desk/reviews/draws/{draw}/").content.decode()
    assert ("部门党组" in said, "/commit/" in said) == (True, False)
    assert (_step(worker, draw, "commit"), Draw.objects.get(id=draw).state) == (403, "planned")


@pytest.mark.parametrize("path", ["/desk/reviews/draws/{}/", "/hall/draw/{}/screen"])
def test_strangers_find_no_draw(district: DemoDistrict, draw: UUID, client: Client, path: str) -> None:
    assert client.get(path.format(draw)).status_code == 302
    assert district.login(client, "away-community_secretary").get(path.format(draw)).status_code == 404


def test_excuse_is_written_by_form_with_its_approver(draw: UUID, clerk: Client) -> None:
    assert _step(clerk, draw, "excuse", organisation="office_1", reason="disaster", approver="区委组织部") == 302
    assert _step(clerk, draw, "excuse", organisation="office_2", reason="holiday", approver="区委组织部") == 422
    assert _step(clerk, draw, "excuse", organisation="nobody", reason="disaster", approver="区委组织部") == 404
    assert "抢险救灾" in clerk.get(f"/hall/draw/{draw}/screen").content.decode()
    assert Excuse.objects.count() == 1
    assert "/take-back/" in clerk.get(f"/desk/reviews/draws/{draw}/").content.decode()
    assert _step(clerk, draw, "take-back", organisation="office_1") == 302
    assert "/take-back/" not in clerk.get(f"/desk/reviews/draws/{draw}/").content.decode()
    assert Excuse.objects.count() == 0


def test_leave_is_approved_by_form_and_names_the_deputy_to_who_runs_the_draw_alone(
    district: DemoDistrict, draw: UUID, clerk: Client
) -> None:
    page = f"/desk/reviews/draws/{draw}/"
    deputy = Person.objects.get(id=district.viewer("subdistrict_dispatcher").person_id).name
    sent = {"organisation": "office_1", "deputy": deputy, "reason": "training", "approver": "区委组织部"}
    assert "没有批准请假" in clerk.get(page).content.decode()
    nobody, empty = (clerk.post(f"{page}leave/", sent | {"deputy": text}) for text in ("无此人", ""))
    assert (nobody.status_code, empty.status_code, "请写明由谁代述" in nobody.content.decode()) == (422, 422, True)
    assert _step(clerk, draw, "leave", **sent) == 302

    shown, of_others = (each.get(page).content.decode() for each in (clerk, district.login(Client(), "grid_worker")))
    assert (deputy in shown, "副职代述：脱产培训" in shown, "/leave-back/" in shown) == (True, True, True)
    assert (deputy in of_others, "副职代述：脱产培训" in of_others, "/leave-back/" in of_others) == (False, True, False)
    assert _step(clerk, draw, "leave-back", organisation="office_1") == 302
    assert deputy not in clerk.get(page).content.decode()


def test_who_may_report_at_a_special_session_is_ticked_by_form(
    district: DemoDistrict, draw: UUID, clerk: Client
) -> None:
    special = Draw.objects.get(month=5).id
    page = f"/desk/reviews/draws/{special}/"
    assert ("哪些单位能抽" in clerk.get(page).content.decode(), _step(clerk, draw, "who-may", may="office_1")) == (
        True, 422,
    )  # fmt: skip
    assert _step(clerk, special, "who-may", may="office_1") == 302
    assert 'value="office_1" checked' in clerk.get(page).content.decode()
    assert "哪些单位能抽" not in district.login(Client(), "grid_worker").get(page).content.decode()


def test_leave_after_the_freeze_is_refused_in_words(district: DemoDistrict, draw: UUID, clerk: Client) -> None:
    deputy = Person.objects.get(id=district.viewer("subdistrict_dispatcher").person_id).name
    sent = {"organisation": "office_1", "deputy": deputy, "reason": "training", "approver": "区委组织部"}
    _step(clerk, draw, "leave", **sent)
    _step(clerk, draw, "commit")
    for step in ("leave", "leave-back"):
        said = clerk.post(f"/desk/reviews/draws/{draw}/{step}/", sent)
        assert (said.status_code, "不能再批准或撤回请假" in said.content.decode()) == (409, True)
    assert deputy in clerk.get(f"/desk/reviews/draws/{draw}/").content.decode()
    colleague = district.login(Client(), "grid_worker")
    assert colleague.post(f"/desk/reviews/draws/{draw}/leave/", sent).status_code == 403


def test_unknown_step_is_not_there(draw: UUID, clerk: Client) -> None:
    assert _step(clerk, draw, "again") == 404


def test_void_is_signed_by_form(draw: UUID, clerk: Client) -> None:
    _step(clerk, draw, "commit")
    assert _step(clerk, draw, "void", reason="misread") == 302
    assert "还要另一个人签" in clerk.get(f"/desk/reviews/draws/{draw}/").content.decode()
    assert Draw.objects.get(id=draw).state == "committed"
