"""List, count, map and export answer alike, whatever is asked and whoever asks: 200 random filters for ten roles."""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from tests.factories.district import AT, GRID_PATH, HOME, PATH, DemoDistrict

from linli.cases.actions.disputing import Objection, dispute_case
from linli.cases.actions.whistling import Whistled, report_in, whistle
from linli.cases.choices import Action, State
from linli.cases.models import Case
from linli.cases.queries.lists import CaseFilter, count_each, list_cases
from linli.cases.queries.map import list_points
from linli.cases.queries.registers import case_register
from linli.cases.rules import may_see_case
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may

FILTERS, PAGE = 200, 20
ASKING = (
    ("grid_worker", 1), ("community_clerk", 1), ("community_secretary", 2), ("subdistrict_dispatcher", 1),
    ("department_handler", 1), ("department_head", 2), ("property_manager", 1), ("call_back_clerk", 1),
    ("district_dispatcher", 1), ("district_leader", 1),
)  # fmt: skip
_BOXES = ("", "", "", "todo", "done", "mine", "overdue", "open", "verify", "called", "disputed", "unowned")
_WORDS = ("", "", "", "", "", "", "水管", "路灯", "不存在的词", "楼道")
_PLACES = ("open", "vacant", "street", "compound", "border")


def make_cases(district: DemoDistrict) -> list[Case]:
    """Open cases everywhere and let some be handled, sent back, disputed, whistled for, put on hold and closed."""
    cases = [
        district.open_case_in(
            place, community=community, at=AT - timedelta(hours=9 * n),
            **({"text": "楼道路灯不亮", "category": "streetlight"} if n % 2 else {}),
        )
        for n, (place, community) in enumerate(
            (place, community) for place in _PLACES for community in (1, 2)
            if community == 1 or place not in {"vacant", "border"}
        )
    ]  # fmt: skip
    for community in (1, 2, 1, 2, 1):
        clerk, at = district.viewer("community_clerk", community=community), AT - timedelta(days=3 * community)
        elder = {"category": "elder_help", "text": "老人需要帮忙", "by": clerk}
        cases.append(district.open_case_in(community=community, at=at, **elder))
    for case, change in zip([each for each in cases if each.post_id], _changes(district) * 2, strict=False):
        change(case)
    return list(Case.objects.filter(district_id=HOME).order_by("id"))


def _changes(district: DemoDistrict) -> list[Callable[[Case], object]]:
    boss = district.actor("district_dispatcher")

    def to_water(case: Case) -> None:
        district.take(case, Action.DISPATCH, by=boss, to_organisation=district.organisations["water_repair"])

    def call(case: Case) -> None:
        offices = [district.organisations[code] for code in ("heating_office", "water_repair", "property_1")]
        whistle(district_id=HOME, case_id=case.id, whistled=Whistled(offices, "请到场"), by=boss, at=AT)
        report_in(district_id=HOME, case_id=case.id, note="", by=district.actor("department_handler"), at=AT)

    def give_to(role: str, community: int) -> Callable[[Case], Case]:
        def give(case: Case) -> Case:
            return district.take(case, Action.DISPATCH, by=boss, to_post=district.post_of(role, community=community))

        return give

    def handle(case: Case) -> None:
        give_to("community_clerk", 1)(case)
        district.handled(case, by=district.actor("community_clerk"), after=timedelta(hours=2))

    def close(case: Case) -> None:
        handle(case)
        for action in (Action.VERIFY, Action.CLOSE):
            district.take(case, action, by=boss, after=timedelta(hours=3))

    def send_back(case: Case) -> None:
        give_to("community_clerk", 1)(case)
        district.take(case, Action.RETURN, by=district.actor("community_clerk"), reason="beyond_power")

    def object_to(case: Case) -> None:
        give_to("community_clerk", 1)(case)
        dispute_case(district_id=HOME, case_id=case.id, objection=Objection("wrong_place", "不在我们这里"),
                     by=district.actor("community_clerk"), at=AT)  # fmt: skip

    return [to_water, call, handle, close, send_back, object_to]


def random_filter(chance: random.Random, cases: list[Case]) -> CaseFilter:
    offices = [case.organisation_id for case in cases[:3]]
    since = AT - timedelta(hours=chance.randint(1, 150)) if chance.random() < 0.2 else None
    return CaseFilter(
        box=chance.choice(_BOXES), states=tuple(chance.sample(list(State), chance.choice((0, 0, 0, 0, 5)))),
        category=chance.choice(("", "", "", "", "", "water_burst", "streetlight", "elder_help")),
        area_path=chance.choice(("", "", "", HOME, PATH[1], PATH[2], GRID_PATH[1])),
        light=chance.choice(("", "", "", "", "", "", "late", "warn", "ok", "hold", "done")), q=chance.choice(_WORDS),
        organisation_id=chance.choice((None, None, None, None, None, None, *offices)),
        reported_from=since, reported_to=since + timedelta(hours=60) if since and chance.random() < 0.5 else None,
        sort=chance.choice(("newest", "newest", "priority")),
    )  # fmt: skip


def listed(viewer: Viewer, wanted: CaseFilter) -> list[UUID]:
    """Read a list to its end, page by page."""
    found, cursor = [], ""
    while True:
        page = list_cases(viewer=viewer, wanted=wanted, at=AT, cursor=cursor, limit=PAGE)
        found += [row.id for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            return found


def test_list_count_map_and_export_agree(district: DemoDistrict) -> None:
    cases = make_cases(district)
    pointed = {case.id for case in cases if case.lng is not None}
    chance = random.Random(20261129)  # noqa: S311 - no secret
    filters = [random_filter(chance, cases) for _ in range(FILTERS)]
    shown = 0
    for role, community in ASKING:
        viewer = district.viewer(role, community=community)
        seen = {case.id for case in cases if may_see_case(viewer, case)}
        exported = {
            case.id for case in cases
            if may(viewer, Verb.EXPORT, district_id=HOME, area_path=case.area_path,
                   organisation_id=case.organisation_id)
        }  # fmt: skip
        assert set(listed(viewer, CaseFilter())) == seen, role
        counts = [n for start in range(0, FILTERS, 20)
                  for n in count_each(viewer=viewer, wanted=filters[start : start + 20], at=AT)]  # fmt: skip
        for wanted, count in zip(filters, counts, strict=True):
            shown += count
            if not count and chance.random() > 0.1:  # where nothing is counted, look now and then whether others do
                continue
            ids = listed(viewer, wanted)
            assert len(ids) == len(set(ids)) == count, (role, wanted)
            assert set(ids) <= seen, (role, wanted)
            points = list_points(viewer=viewer, wanted=wanted, at=AT, limit=500)
            assert {row.id for row in points} == set(ids) & pointed, (role, wanted)
            rows = {row.id for row in case_register(viewer=viewer, wanted=wanted, at=AT)}
            assert rows == set(ids) & exported, (role, wanted)
    assert shown > FILTERS  # the filters find something
