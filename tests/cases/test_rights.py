"""Who sees which case and who may take which step: role × state × action, and lists that say the same as the rules."""

from dataclasses import replace
from itertools import product

import pytest
from tests.cases.stages import PARTIES, READERS, TABLE, UNHAPPY
from tests.factories.district import GRID_PATH, PATH, ROLES, DemoDistrict

from linli.cases.actions.stepping import BY_ITSELF, RESIDENT, Actor, decide
from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.calc.workflow import DISSATISFIED
from linli.cases.choices import Action, State
from linli.cases.models import Case
from linli.cases.rules import held_by, inside, is_holder, may_see_case, may_take, visible_to, within_reach
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import NOBODY, Viewer, may


@pytest.mark.parametrize("role", ROLES)
def test_role_may_take_exactly_the_steps_of_its_column(district: DemoDistrict, role: str) -> None:
    case, viewer = district.open_case_in("compound"), district.viewer(role)
    expected = {cell for cell, (who, _) in TABLE.items() if set(who) & set(PARTIES[role])}

    taken = {
        (state, action)
        for state, action in product(State, Action)
        if (row := DEFAULT_WORKFLOW.find(state, action)) and may_take(viewer, case, row)
    }

    assert taken == expected


@pytest.mark.parametrize("role", ROLES)
def test_role_may_send_a_case_up_only_if_it_calls_back(district: DemoDistrict, role: str) -> None:
    case, viewer = district.open_case_in("compound"), district.viewer(role)

    for state in UNHAPPY:
        row = DEFAULT_WORKFLOW.find(state, Action.VERIFY, DISSATISFIED)
        assert row is not None
        assert bool(may_take(viewer, case, row)) == ("C" in PARTIES[role])


@pytest.mark.parametrize("role", ROLES)
def test_same_role_elsewhere_may_take_no_step(district: DemoDistrict, role: str) -> None:
    case, viewer = district.open_case_in("compound", community=2), district.viewer(role)
    is_of_the_district = role == "district_dispatcher"

    taken = {row.action for row in DEFAULT_WORKFLOW.transitions if may_take(viewer, case, row)}

    assert bool(taken) == is_of_the_district


@pytest.mark.parametrize(("kind", "letter"), [(RESIDENT, "R"), (BY_ITSELF, "S")])
def test_reporter_and_clock_take_their_own_steps_only(district: DemoDistrict, kind: str, letter: str) -> None:
    case = district.open_case_in("compound")
    expected = {cell for cell, (who, _) in TABLE.items() if letter in who}

    taken = {
        (State(row.state), Action(row.action))
        for row in DEFAULT_WORKFLOW.transitions
        if not row.outcome and decide(Actor(kind=kind), case, row)
    }

    assert taken == expected


@pytest.fixture
def many(district: DemoDistrict) -> list[Case]:
    """Open cases all over: in both communities, in departments' hands, in queues, by staff, in the other district."""
    places = [("compound", 1), ("compound", 2), ("open", 1), ("open", 2), ("vacant", 1), ("border", 1), ("street", 1),
              ("street", 2), ("between_streets", 1), ("other_district", 1)]  # fmt: skip
    cases = [district.open_case_in(place, community=n) for place, n in places]
    cases += [district.open_case_in(place, community=n, category="heating") for place, n in places[:2]]
    steward = district.viewer("community_steward", community=1)
    cases.append(district.open_case_in("compound", community=2, by=steward, category="garbage"))
    dispatcher = district.actor("district_dispatcher")
    to = district.organisations["heating_office"]
    cases.append(district.take(cases[0], Action.TRANSFER, by=dispatcher, to_organisation=to))
    return list(Case.objects.order_by("number"))


def test_lists_show_what_the_rule_allows(district: DemoDistrict, many: list[Case]) -> None:
    for role, community in product(ROLES, (1, 2)):
        viewer = district.viewer(role, community=community)

        listed = set(Case.objects.filter(visible_to(viewer)).values_list("id", flat=True))

        assert listed == {case.id for case in many if may_see_case(viewer, case)}, (role, community)


@pytest.mark.parametrize("role", ROLES)
def test_case_in_a_grid_is_read_by_those_above_it(district: DemoDistrict, role: str) -> None:
    case = district.open_case_in("compound")

    seen = [bool(may_see_case(district.viewer(role, community=n), case)) for n in (1, 2)]

    assert seen == [role in READERS, role in READERS and district.username(role) == role]


def test_other_district_sees_nothing_of_this_one(district: DemoDistrict, many: list[Case]) -> None:
    viewers = [district.viewer(f"away-{role}") for role in ("grid_worker", "community_secretary", "department_handler")]

    for viewer in viewers:
        listed = set(Case.objects.filter(visible_to(viewer)).values_list("district_id", flat=True))
        assert listed <= {"210105"}
        assert not any(may_see_case(viewer, case) for case in many if case.district_id == "210106")


@pytest.mark.parametrize("viewer", [NOBODY, replace(NOBODY, district_id="210106")])
def test_nobody_sees_nothing(many: list[Case], viewer: Viewer) -> None:
    assert not Case.objects.filter(visible_to(viewer)).exists()
    assert not Case.objects.filter(held_by(viewer)).exists()
    assert not any(may_see_case(viewer, case) or is_holder(viewer, case) for case in many)


def test_who_took_part_goes_on_reading(district: DemoDistrict) -> None:
    case, worker = district.open_case_in("compound"), district.viewer("grid_worker")
    stranger = district.viewer("department_handler", community=2)
    before = bool(may_see_case(stranger, case))
    district.take(
        case,
        Action.TRANSFER,
        by=district.actor("grid_worker"),
        to_post=district.post_of("department_handler", community=2),
    )
    district.take(case, Action.HANDLE, by=district.actor("department_handler", community=2))
    district.take(case, Action.TRANSFER, by=district.actor("department_handler", community=2),
                  to_post=district.post_of("grid_worker"))  # fmt: skip
    case.refresh_from_db()

    assert (before, may_see_case(stranger, case).reason) == (False, "took_part")
    assert case in Case.objects.filter(visible_to(stranger))
    assert may_see_case(worker, case).reason == "holds_it"


def test_holder_sees_a_case_beyond_the_posts_area(district: DemoDistrict) -> None:
    case = district.open_case_in("compound", community=2)
    district.take(
        case, Action.TRANSFER, by=district.actor("district_dispatcher"), to_post=district.post_of("grid_worker")
    )
    case.refresh_from_db()
    viewer = district.viewer("grid_worker", community=1)

    assert may_see_case(viewer, case).reason == "holds_it"
    assert case in Case.objects.filter(visible_to(viewer))
    assert case in Case.objects.filter(held_by(viewer))


def test_inbox_holds_own_cases_and_the_organisations_unclaimed_ones(district: DemoDistrict, many: list[Case]) -> None:
    for role in ROLES:
        viewer = district.viewer(role, community=2)
        mine = {post.post_id for post in viewer.posts}
        office = district.organisations["heating_office"] if role in {"department_handler", "department_head"} else None

        held = set(Case.objects.filter(held_by(viewer)).values_list("id", flat=True))

        assert held == {
            case.id for case in many
            if case.post_id in mine or (office and case.post_id is None and case.organisation_id == office)
        }, role  # fmt: skip


def test_area_filter_keeps_to_whole_codes(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    Case.objects.filter(id=case.id).update(area_path=f"210106/210106003/{GRID_PATH[1].rsplit('/', 1)[1]}")
    case.refresh_from_db()

    assert not Case.objects.filter(inside(PATH[1])).exists()
    assert not may_see_case(district.viewer("call_back_clerk", community=2), case)
    assert list(Case.objects.filter(inside("210106/210106003"))) == [case]
    assert list(Case.objects.filter(inside(case.area_path))) == [case]


@pytest.mark.parametrize("reach", list(Reach))
def test_lists_and_rules_agree_for_every_reach(district: DemoDistrict, many: list[Case], reach: Reach) -> None:
    """Whatever reach a role is given, alone or beside another post, rows and decisions say the same."""
    roles = ("grid_worker", "community_clerk", "department_handler", "district_dispatcher")
    for role, community in product(roles, (1, 2)):
        viewer = district.viewer(role, community=community)
        below = (district.organisations["committee_2"],) if reach == Reach.BRANCH else ()
        changed = tuple(replace(post, reach=reach.value, below=below) for post in viewer.posts)
        for posts in (changed, (*changed, *district.viewer("grid_worker", community=2).posts)):
            one = replace(viewer, posts=posts)
            listed = set(Case.objects.filter(visible_to(one)).values_list("id", flat=True))
            held = set(Case.objects.filter(held_by(one), post_id=None).values_list("id", flat=True))
            reached = set(Case.objects.filter(within_reach(one, Verb.WORK_CASES)).values_list("id", flat=True))

            assert listed == {case.id for case in many if may_see_case(one, case)}, (role, community)
            assert held <= {case.id for case in many if is_holder(one, case)}, (role, community)
            assert reached == {
                case.id for case in many
                if may(one, Verb.WORK_CASES, district_id=case.district_id, area_path=case.area_path,
                       organisation_id=case.organisation_id)
            }, (role, community)  # fmt: skip


def test_reach_of_own_shows_what_one_opened_holds_or_did(district: DemoDistrict, many: list[Case]) -> None:
    steward = district.viewer("community_steward", community=1)
    own = replace(steward, posts=tuple(replace(post, reach=Reach.OWN.value) for post in steward.posts))

    listed = set(Case.objects.filter(visible_to(own)).values_list("id", flat=True))

    assert listed == {case.id for case in many if case.opened_by == steward.person_id} != set()
