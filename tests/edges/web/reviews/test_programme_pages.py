"""Pages of programmes: seen by the district, changed by who runs reviews."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import ROLES, DemoDistrict
from tests.factories.reviews import make_review_programme

from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.models import Member, Programme, ProgrammeBook, Session

YEAR = timezone.localdate().year + 1


@pytest.fixture
def programme(district: DemoDistrict) -> UUID:
    return make_review_programme(district)


@pytest.fixture
def session(district: DemoDistrict, programme: UUID) -> Session:
    make_year(programme_id=programme, year=YEAR, by=district.viewer("review_office"), at=timezone.now())
    return Session.objects.order_by("planned_at")[:1].get()


def _page(programme: UUID, rest: str = "") -> str:
    return f"/desk/reviews/programmes/{programme}/{rest}"


def _rules(**changed: str) -> dict[str, str]:
    """Fill in the form of rules as it comes, with what is changed."""
    form = {"seen": "1", "reason": "第二年", "choosing": "notice", "notice_days": "3", "take_street": "1",
            "reserve_street": "1", "take_dept": "2", "reserve_dept": "1", "trim": "20", "quorum": "2",
            "quorum_of": "3", "ballot_mode": "open", "talk": "8", "comment": "3", "day": "10", "draw_at": "13:30",
            "session_0": "14:00", "session_1": "16:00", "special_6": "mid_year", "focus_0": "开局"}  # fmt: skip
    parts = {f"part_{n}": name for n, name in enumerate(("党建", "队伍", "营商", "自选", "特色"))}
    parts |= {f"points_{n}": "20" for n in range(5)}
    return form | parts | {"group_0": "部门", "group_1": "党代表"} | changed


def test_year_is_planned_by_one_click_and_shown_by_month(
    district: DemoDistrict, programme: UUID, client: Client
) -> None:
    office = district.login(client, "review_office")
    assert "还没有排期" in office.get(_page(programme), {"year": YEAR}).content.decode()
    planned = office.post(_page(programme, "year/"), {"year": YEAR}, follow=True).content.decode()

    assert ("已排好12次抽签、24场述职" in planned, planned.count("第2场 ")) == (True, 12)
    again = office.post(_page(programme, "year/"), {"year": YEAR}, follow=True).content.decode()
    assert ("没有改动" in again, Session.objects.count()) == (True, 24)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "review_office"])
def test_others_see_a_programme_and_change_nothing(
    district: DemoDistrict, programme: UUID, client: Client, role: str
) -> None:
    other = district.login(client, role)
    shown = other.get(_page(programme)).content.decode()
    refused = [
        other.get(_page(programme, "rules/")).status_code,
        other.post(_page(programme, "rules/"), _rules()).status_code,
        other.post(_page(programme, "year/"), {"year": YEAR}).status_code,
        other.get("/desk/reviews/programmes/new/").status_code,
    ]

    assert ("区级月述月评" in shown, "修改规则" in shown, refused) == (True, False, [403] * 4)
    assert (ProgrammeBook.objects.count(), Session.objects.count()) == (1, 0)


def test_another_district_finds_nothing(district: DemoDistrict, session: Session, client: Client) -> None:
    away = district.login(client, "away-community_secretary")
    pages = (_page(session.programme_id), f"/desk/reviews/sessions/{session.id}/")

    assert [away.get(page).status_code for page in pages] == [404, 404]
    assert "区级月述月评" not in away.get("/desk/reviews/").content.decode()


def test_rules_are_kept_as_the_next_version(district: DemoDistrict, programme: UUID, client: Client) -> None:
    office = district.login(client, "review_office")
    kept = office.post(_page(programme, "rules/"), _rules(), follow=True).content.decode()

    newest = ProgrammeBook.objects.order_by("-number")[:1].get()
    assert ("第2版已生效" in kept, newest.number, newest.content["times"]["day"]) == (True, 2, 10)
    assert (newest.content["choosing"], newest.content["specials"]) == (
        "notice", [{"month": 6, "occasion": "mid_year"}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"points_0": "30"}, 422, "办不了述职"),
        ({"take_dept": "x"}, 422, "办不了述职"),
        ({"reason": ""}, 422, "理由"),
        ({"seen": "7"}, 409, "别人刚保存了第1版"),
    ],
)
def test_rules_that_cannot_be_kept_stay_in_the_form(
    district: DemoDistrict, programme: UUID, client: Client, changed: dict[str, str], status: int, said: str
) -> None:
    office = district.login(client, "review_office")
    answer = office.post(_page(programme, "rules/"), _rules(asks_0="留着的话", **changed))
    page = answer.content.decode()

    assert (answer.status_code, said in page, "留着的话" in page) == (status, True, True)
    assert ProgrammeBook.objects.count() == 1


def test_rule_of_choosing_is_chosen_by_what_it_does(district: DemoDistrict, programme: UUID, client: Client) -> None:
    office = district.login(client, "review_office")
    page = office.get(_page(programme, "policy/")).content.decode()
    kept = office.post(_page(programme, "policy/"), {"rule": "E", "seen": "1", "reason": "一句话说得清"}, follow=True)
    refused = office.post(_page(programme, "policy/"), {"rule": "B-9", "seen": "2", "reason": "试试"})

    assert (page.count("纯靠运气"), page.count("最多6签"), "0.0%" in page) == (4, 2, True)
    assert ("第2版已生效" in kept.content.decode(), refused.status_code) == (True, 422)
    assert [book.content["policy"]["kind"] for book in ProgrammeBook.objects.order_by("number")] == ["F", "E"]


def test_programme_is_begun_on_a_page(district: DemoDistrict, client: Client) -> None:
    office = district.login(client, "review_office")
    form = {"name": "部门述职", "code": "departments", "organisation": "区指挥中心", "level": "district",
            "kind_0": "leading_group", "take_0": "1"}  # fmt: skip
    refused = office.post("/desk/reviews/programmes/new/", form)
    unknown = office.post("/desk/reviews/programmes/new/", form | {"organisation": "没有这家"})

    assert (refused.status_code, "少抽几个" in refused.content.decode()) == (422, True)
    assert (unknown.status_code, "部门述职" in unknown.content.decode(), Programme.objects.count()) == (422, True, 0)


def test_session_is_arranged_until_it_is_open(district: DemoDistrict, session: Session, client: Client) -> None:
    office, page = district.login(client, "review_office"), f"/desk/reviews/sessions/{session.id}/"
    when = timezone.localtime(session.planned_at + timedelta(days=1))
    form = {"planned_at": f"{when:%Y-%m-%dT%H:%M}", "place": "区会议中心", "venues": "街道分会场\n\n部门分会场"}
    kept = office.post(page, form, follow=True).content.decode()
    bad = office.post(page, form | {"planned_at": "明天"})

    session.refresh_from_db()
    assert (session.place, session.venues, session.planned_at) == (
        "区会议中心", ["街道分会场", "部门分会场"], when.replace(second=0, microsecond=0),
    )  # fmt: skip
    assert ("区会议中心" in kept, bad.status_code, "还没有抽签" in kept) == (True, 422, True)


def test_organisations_come_and_go_by_the_page(district: DemoDistrict, programme: UUID, client: Client) -> None:
    office, page = district.login(client, "review_office"), _page(programme, "members/")
    assert page in office.get(_page(programme)).content.decode()
    gone = {"do": "remove", "member": str(district.organisations["office_1"])}
    assert office.post(page, gone).status_code == 302
    new = {"do": "add", "organisation": "西边社区居委会", "stratum": "street", "merged": "第一街道办事处，office_2"}
    wrong = [{"organisation": "无此单位"}, {"stratum": "none"}, {"merged": "never"}]
    assert [office.post(page, new | each).status_code for each in wrong] == [422, 422, 422]
    assert office.post(page, new).status_code == 302

    held = Member.objects.filter(programme=programme, ends_on__isnull=True, stratum="street")
    assert list(held.order_by("organisation__code").values_list("organisation__code", "merged_from")) == [
        ("committee_1", ["office_1", "office_2"]), ("office_2", []),
    ]  # fmt: skip
    shown = office.get(page).content.decode()
    assert ("西边社区居委会" in shown, "第一街道办事处" in shown) == (True, False)


@pytest.mark.parametrize("role", ["leader_in_charge", "discipline_inspector", "auditor", "grid_worker"])
def test_others_change_no_list_of_who_can_be_drawn(
    district: DemoDistrict, programme: UUID, client: Client, role: str
) -> None:
    other, page = district.login(client, role), _page(programme, "members/")
    sent = {"do": "remove", "member": str(district.organisations["office_1"])}
    assert [other.get(page).status_code, other.post(page, sent).status_code] == [403, 403]
    away = district.login(Client(), "away-community_secretary")
    assert [away.get(page).status_code, away.post(page, sent).status_code] == [404, 404]
    assert Member.objects.filter(ends_on__isnull=True).count() == 5


def test_sessions_to_come_follow_the_rules_way_of_voting(
    district: DemoDistrict, programme: UUID, session: Session, client: Client
) -> None:
    opened = Session.objects.order_by("-planned_at")[:1].get()
    Session.objects.filter(id=opened.id).update(book=ProgrammeBook.objects.get())
    office = district.login(client, "review_office")
    assert office.post(_page(programme, "rules/"), _rules(ballot_mode="secret")).status_code == 302

    modes = dict(Session.objects.values_list("id", "ballot_mode"))
    assert (modes.pop(opened.id), set(modes.values()), len(modes)) == ("sealed", {"secret"}, 23)
