"""Sets of visits that are under way: changed, drawn again, single targets taken out with a reason and put back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.factories.district import AT, GRID_PATH, TODAY, DemoDistrict

from linli.kernel.errors import LinliError, NotAllowed
from linli.ledger.facts.models import Fact
from linli.programmes.visits.actions.changing import Redrawn, SetChange, change_set, draw_again, move_target
from linli.programmes.visits.actions.planning import end_campaign
from linli.programmes.visits.actions.visiting import Written
from linli.programmes.visits.errors import CampaignOver, CannotPlan, NoSuchVisit
from linli.programmes.visits.models import Target, TargetSet, Visit
from linli.programmes.visits.queries.campaigns import Covered, get_campaign, list_totals
from linli.programmes.visits.queries.targets import list_targets
from linli.registry.orgs.models import Organisation
from linli.registry.territory.models import Building

Plan, Make = Callable[..., UUID], Callable[..., Written]
BUILDING = "花园小区12号楼"
HOUR = timedelta(hours=1)


def households(district: DemoDistrict, campaign_id: UUID) -> Covered:
    viewer = district.viewer("community_secretary")
    campaign = get_campaign(viewer=viewer, campaign_id=campaign_id, on=TODAY)
    rows = {row.path: row for row in list_totals(viewer=viewer, campaign=campaign)}
    return rows[GRID_PATH[1].rpartition("/")[0]].covered[campaign.sets[0].id]


def first_set() -> UUID:
    return TargetSet.objects.get(position=0).id


def test_target_taken_out_does_not_count_and_keeps_what_was_visited(
    district: DemoDistrict, plan: Plan, visit: Make
) -> None:
    campaign_id, by = plan(), district.viewer("community_secretary")
    visit(BUILDING, "1-101")
    target = Target.objects.get(name=BUILDING)
    for _pressed in range(2):
        move_target(target_id=target.id, is_out=True, why="整栋搬空了", by=by, at=AT)
    assert households(district, campaign_id) == Covered(50, 0)
    with pytest.raises(CampaignOver, match="target_taken_out"):
        visit(BUILDING, "1-102")
    assert visit(BUILDING, "1-103", done_at=AT - HOUR).is_new  # done before, came in later
    campaign = get_campaign(viewer=by, campaign_id=campaign_id, on=TODAY)
    assert BUILDING not in {row.name for row in list_targets(viewer=by, campaign=campaign)}
    (out,) = [row for row in list_targets(viewer=by, campaign=campaign, with_out=True) if row.is_out]
    assert (out.name, out.why, out.may_visit) == (BUILDING, "整栋搬空了", False)

    move_target(target_id=target.id, is_out=False, why="又有人住了", by=by, at=AT + HOUR)
    assert (households(district, campaign_id), Visit.objects.count()) == (Covered(100, 2), 2)
    kinds = Fact.objects.filter(kind__startswith="visits.target").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["visits.target_taken_out", "visits.target_put_back"]


def test_set_is_drawn_again_from_the_registry_of_today(district: DemoDistrict, plan: Plan, visit: Make) -> None:
    campaign_id, by = plan(), district.viewer("community_secretary")
    visit(BUILDING, "1-101")
    first, second = Building.objects.filter(code__in=Target.objects.filter(target_set_id=first_set()).values("code")
                                            ).order_by("code")  # fmt: skip
    Building.objects.filter(id=first.id).update(households=60)
    Building.objects.filter(id=second.id).update(households=0)
    Target.objects.filter(target_set_id=first_set(), subject_id=second.id).update(doors=40)

    assert draw_again(set_id=first_set(), why="按新登记", by=by, at=AT) == Redrawn(0, 1, 1)
    assert households(district, campaign_id) == Covered(60, 1)
    Building.objects.filter(id=second.id).update(households=7)
    assert draw_again(set_id=first_set(), why="按新登记", by=by, at=AT) == Redrawn(0, 1, 0)  # stays out, by hand
    Target.objects.filter(subject_id=second.id).delete()
    assert draw_again(set_id=first_set(), why="新楼", by=by, at=AT) == Redrawn(1, 0, 0)
    assert households(district, campaign_id) == Covered(67, 1)
    assert Fact.objects.filter(kind="visits.set_redrawn").count() == 3


def test_organisations_that_ended_leave_their_set(district: DemoDistrict, plan: Plan) -> None:
    plan()
    Organisation.objects.filter(name="西边物业").update(ends_on=TODAY - timedelta(days=1))
    done = draw_again(set_id=TargetSet.objects.get(name="物业").id, why="物业换了",
                      by=district.viewer("community_secretary"), at=AT)  # fmt: skip
    assert done == Redrawn(0, 0, 1)


def test_set_is_renamed_and_aims_elsewhere(district: DemoDistrict, plan: Plan, visit: Make) -> None:
    plan()
    change = SetChange("住户", 60, ("community_clerk",))
    change_set(set_id=first_set(), change=change, by=district.viewer("community_secretary"), at=AT)
    row = TargetSet.objects.get(id=first_set())
    assert (row.name, row.goal_percent, row.roles, row.cycle_days) == ("住户", 60, ["community_clerk"], 30)
    with pytest.raises(NotAllowed, match="visited_by_others"):
        visit(BUILDING, "1-101", role="grid_worker")


@pytest.mark.parametrize(("change", "code"), [
    (SetChange(" ", 60, ()), "set_name_missing"), (SetChange("户", 0, ()), "set_out_of_bounds"),
    (SetChange("户", 101, ()), "set_out_of_bounds"),
])  # fmt: skip
def test_set_without_name_or_share_is_refused(district: DemoDistrict, plan: Plan, change: SetChange, code: str) -> None:
    plan()
    with pytest.raises(CannotPlan, match=code):
        change_set(set_id=first_set(), change=change, by=district.viewer("community_secretary"), at=AT)


@pytest.mark.parametrize(("role", "community", "error"), [
    ("community_secretary", 2, NoSuchVisit), ("grid_worker", 1, NotAllowed), ("auditor", 1, NoSuchVisit),
])  # fmt: skip
def test_nobody_else_changes_them(
    district: DemoDistrict, plan: Plan, role: str, community: int, error: type[LinliError]
) -> None:
    plan()
    by, before = district.viewer(role, community=community), list(Target.objects.order_by("id").values())
    with pytest.raises(error):
        move_target(target_id=Target.objects.get(name=BUILDING).id, is_out=True, why="x", by=by, at=AT)
    with pytest.raises(error):
        draw_again(set_id=first_set(), why="x", by=by, at=AT)
    with pytest.raises(error):
        change_set(set_id=first_set(), change=SetChange("x", 1, ()), by=by, at=AT)
    assert list(Target.objects.order_by("id").values()) == before


def test_nothing_is_changed_without_a_reason_nor_after_the_end(district: DemoDistrict, plan: Plan) -> None:
    campaign_id, by = plan(), district.viewer("community_secretary")
    for why in (" ", "长" * 201):
        with pytest.raises(CannotPlan, match="say_why"):
            draw_again(set_id=first_set(), why=why, by=by, at=AT)
    end_campaign(campaign_id=campaign_id, by=by, at=AT)
    with pytest.raises(CampaignOver):
        move_target(target_id=Target.objects.get(name=BUILDING).id, is_out=True, why="晚了", by=by, at=AT)


def test_pages_change_a_set_and_a_target(district: DemoDistrict, plan: Plan, client: Client) -> None:
    campaign_id = plan()
    signed_in, target = district.login(client, "community_secretary"), Target.objects.get(name=BUILDING)
    base = f"/desk/visits/{campaign_id}/"
    signed_in.post(f"{base}sets/{first_set()}/", {"name": "住户", "goal_percent": "70"})
    refused = signed_in.post(f"{base}sets/{first_set()}/", {"do": "draw", "why": ""}, follow=True).content.decode()
    signed_in.post(f"{base}places/{target.id}/out/", {"why": "拆了", "out": "1"})
    shown = [signed_in.get(path).content.decode() for path in (base, f"{base}places/", f"{base}places/{target.id}/")]

    assert ("住户" in shown[0], "拆了" in shown[1], "拆了" in shown[2], "一句话" in refused) == (True, True, True, True)
    worker = district.login(Client(), "grid_worker")
    assert f"{base}sets/" not in worker.get(base).content.decode()
    assert "拆了" not in worker.get(f"{base}places/").content.decode()
