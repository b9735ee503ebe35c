"""Disputes and whistles on the page of a case, and their lists."""

from django.test import Client
from django.urls import reverse
from tests.factories.district import DemoDistrict

from linli.cases.models import Case, Dispute, WhistleCall

ELDER = {"category": "elder_help", "text": "老人需要帮忙买菜"}


def post(client: Client, case: Case, action: str, **sent: object) -> object:
    case.refresh_from_db()
    return client.post(reverse("desk_beside", args=[case.id, action]), {"version": case.version, **sent})


def page(client: Client, case: Case) -> str:
    return client.get(reverse("desk_case", args=[case.id])).content.decode()


def test_dispute_goes_from_the_page_to_the_list_of_who_decides(district: DemoDistrict) -> None:
    case = district.open_case_in()
    worker, secretary = district.login(Client(), "grid_worker"), district.login(Client(), "community_secretary")
    water = district.organisations["water_repair"]
    assert "不属于我单位：提出异议" in page(worker, case)

    post(worker, case, "dispute", reason="beyond_power", note="管线归供水", wanted=f"org:{water}")
    listed = secretary.get(reverse("desk_disputes")).content.decode()
    shown = page(secretary, case)
    assert case.title in listed
    assert "裁定异议" in shown
    assert f'<option value="org:{water}" selected>' in shown
    assert "裁定异议" not in page(worker, case)

    post(secretary, case, "uphold", to=f"org:{water}")
    assert "首接负责：西边社区居委会" in page(worker, case)
    assert Dispute.objects.get().end == "upheld"


def test_dispute_without_words_is_kept_and_said(district: DemoDistrict) -> None:
    case, worker = district.open_case_in(), district.login(Client(), "grid_worker")
    answer = worker.post(reverse("desk_beside", args=[case.id, "dispute"]), {"version": 1, "reason": "wrong_place"})

    assert answer.status_code == 422
    said = answer.content.decode()
    assert "请写明情况，一句话即可" in said
    assert '<option value="wrong_place" selected>' in said


def test_whistle_shows_all_opinions_on_one_page(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    clerk, handler = district.login(Client(), "community_clerk"), district.login(Client(), "department_handler")
    water, heating = (district.organisations[code] for code in ("water_repair", "heating_office"))
    post(clerk, case, "whistle", lead=f"org:{water}", organisations=[f"org:{heating}"], note="请到场")

    assert case.title in handler.get(reverse("desk_called")).content.decode()
    assert "报到" in page(handler, case)
    post(handler, case, "report-in", organisation=water)
    post(handler, case, "opinion", organisation=water, note="已关闭支路阀门")
    shown = page(district.login(Client(), "department_handler", community=2), case)
    assert "已关闭支路阀门" in shown
    post(clerk, case, "evaluate", organisation=water, speed="quick", result="solved")
    assert "评价：报到迅速 · 已解决" in page(clerk, case)
    assert WhistleCall.objects.get(organisation_id=water).speed == "quick"


def test_whoever_is_called_is_not_offered_again_until_the_call_is_taken_back(district: DemoDistrict) -> None:
    case, clerk = district.open_case_in(**ELDER), district.login(Client(), "community_clerk")
    water = district.organisations["water_repair"]
    box = f'name="organisations" value="org:{water}"'
    offered = [box in page(clerk, case)]
    for action, sent in (("whistle", {"organisations": [f"org:{water}"]}), ("take-back", {"organisation": water})):
        post(clerk, case, action, note="来", **sent)
        offered.append(box in page(clerk, case))

    assert offered == [True, False, True]


def test_who_was_not_called_finds_no_page(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    post(district.login(Client(), "community_clerk"), case, "whistle", note="来",
         organisations=[f"org:{district.organisations['water_repair']}"])  # fmt: skip
    other = district.login(Client(), "department_handler", community=2)

    assert other.get(reverse("desk_case", args=[case.id])).status_code == 404
    assert case.title not in other.get(reverse("desk_called")).content.decode()
    assert other.post(reverse("desk_beside", args=[case.id, "report-in"]), {}).status_code == 404


def test_returned_too_often_says_what_is_left(district: DemoDistrict) -> None:
    case, worker = district.open_case_in(), district.login(Client(), "grid_worker")
    Case.objects.filter(id=case.id).update(times_returned=2)
    shown = page(worker, case)

    assert "已退单 2 次，不能再退，只能提出异议" in shown
    assert reverse("desk_step", args=[case.id, "return"]) not in shown


def test_category_is_corrected_on_the_page_with_the_reason(district: DemoDistrict) -> None:
    case, clerk = district.open_case_in(), district.login(Client(), "community_clerk")
    assert "类别不对：改类别并写明理由" in page(clerk, case)

    post(clerk, case, "recategorise", category="noise", note="其实是邻居吵")

    shown = page(clerk, case)
    case.refresh_from_db()
    assert (case.category, case.post_id) == ("noise", district.post_of("grid_worker"))
    assert "由“供水·水管爆裂”改为“噪音扰民”" in shown
    assert "其实是邻居吵" in shown


def test_category_without_a_reason_is_kept_and_said(district: DemoDistrict) -> None:
    case, clerk = district.open_case_in(), district.login(Client(), "community_clerk")
    answer = clerk.post(reverse("desk_beside", args=[case.id, "recategorise"]), {"version": 1, "category": "noise"})

    said = answer.content.decode()
    assert (answer.status_code, '<option value="noise" selected>' in said, "请写明情况，一句话即可" in said) == (
        422,
        True,
        True,
    )
    assert Case.objects.get().category == "water_burst"


def test_form_for_the_category_is_there_only_for_who_may_correct_it(district: DemoDistrict) -> None:
    case = district.open_case_in()
    shown = {role: "改类别并写明理由" in page(district.login(Client(), role), case)
             for role in ("grid_worker", "district_dispatcher", "district_leader", "call_back_clerk")}  # fmt: skip

    assert shown == {
        "grid_worker": True,
        "district_dispatcher": True,
        "district_leader": False,
        "call_back_clerk": False,
    }
