from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.climbing import climb
from linli.cases.actions.forgetting import forget_words
from linli.cases.actions.recording import FACTS
from linli.cases.actions.supervising import (
    Demand,
    answer_supervision,
    appeal_card,
    end_supervision,
    miss_supervisions,
    open_supervision,
    rule_on_card,
)
from linli.cases.choices import Action, SupervisionReason
from linli.cases.errors import CannotSupervise, NoSuchCase, NoSuchSupervision
from linli.cases.models import Card, Case, Supervision
from linli.cases.queries.oversight import count_cards, get_oversight, list_cards, list_supervisions
from linli.cases.queries.retention import cases_with_words
from linli.cases.queries.rulebooks import list_workflows
from linli.cases.queries.soundness import find_faults
from linli.kernel.errors import InvalidInput, NotAllowed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEMAND = Demand(SupervisionReason.OVERDUE, "三天内说明为什么没修", date(2026, 11, 21))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return AT.replace(day=day, hour=hour, minute=minute)


def supervise(district: DemoDistrict, case: Case, role: str = "subdistrict_secretary") -> UUID:
    return open_supervision(
        district_id=district.id, case_id=case.id, demand=DEMAND, by=district.viewer(role), at=AT + HOUR
    )


def test_a_supervision_runs_from_demand_to_answer_to_close(district: DemoDistrict) -> None:
    case = district.open_case_in()
    leader, worker = district.viewer("subdistrict_secretary"), district.viewer("grid_worker")
    row_id = supervise(district, case)

    with pytest.raises(CannotSupervise, match="not_answered"):
        end_supervision(district_id=district.id, supervision_id=row_id, is_done=True, text="好", by=leader, at=AT)
    answer_supervision(district_id=district.id, supervision_id=row_id, text="今天就换", by=worker, at=AT + 2 * HOUR)
    end_supervision(district_id=district.id, supervision_id=row_id, is_done=True, text="已看过", by=leader,
                    at=AT + 3 * HOUR)  # fmt: skip

    row = Supervision.objects.get()
    assert (row.state, row.answer, row.closing) == ("closed", "今天就换", "已看过")
    assert find_faults(district.id, workflows=list_workflows(district.id), fact_kinds=FACTS) == []
    assert miss_supervisions(district_id=district.id, at=at(30, 9)) == 0


@pytest.mark.parametrize(
    ("role", "community", "error"),
    [
        ("grid_worker", 1, NotAllowed),
        ("community_secretary", 1, NotAllowed),  # of the organisation that has the case
        ("building_head", 1, NotAllowed),
        ("subdistrict_secretary", 2, NoSuchCase),
        ("department_head", 1, NoSuchCase),
        ("leader_in_charge", 1, None),
        ("district_dispatcher", 1, None),
    ],
)
def test_who_may_put_a_case_under_supervision(
    district: DemoDistrict, role: str, community: int, error: type[Exception] | None
) -> None:
    case = district.open_case_in()
    by = district.viewer(role, community=community)

    def act() -> UUID:
        return open_supervision(district_id=district.id, case_id=case.id, demand=DEMAND, by=by, at=AT)

    if error is None:
        assert act() == Supervision.objects.get().id
        return
    with pytest.raises(error):
        act()


def test_one_supervision_runs_at_a_time_and_not_on_what_is_finished(district: DemoDistrict) -> None:
    case = district.open_case_in()
    supervise(district, case)
    with pytest.raises(CannotSupervise, match="supervised_already"):
        supervise(district, case)
    closed = district.take(district.open_case_in(text="不归我们管"), Action.REJECT, reason="no_such_thing",
                           by=district.actor("subdistrict_dispatcher"))  # fmt: skip
    with pytest.raises(CannotSupervise, match="case_finished"):
        supervise(district, closed)


@pytest.mark.parametrize("day", [date(2026, 11, 18), date(2027, 3, 1), date.min])
def test_the_day_for_the_answer_lies_ahead(district: DemoDistrict, day: date) -> None:
    with pytest.raises(InvalidInput, match="answer_day_out_of_range"):
        open_supervision(
            district_id=district.id, case_id=district.open_case_in().id, by=district.viewer("leader_in_charge"), at=AT,
            demand=Demand(SupervisionReason.IMPORTANT, "尽快", day),
        )  # fmt: skip


def test_only_the_organisation_that_is_asked_answers(district: DemoDistrict) -> None:
    row_id = supervise(district, district.open_case_in())

    for role, community in (("subdistrict_dispatcher", 1), ("community_clerk", 2)):
        with pytest.raises((NotAllowed, NoSuchSupervision)):
            answer_supervision(district_id=district.id, supervision_id=row_id, text="我来答", at=AT,
                               by=district.viewer(role, community=community))  # fmt: skip


def test_an_answer_that_does_not_come_is_a_red_card_once(district: DemoDistrict) -> None:
    supervise(district, district.open_case_in())

    assert miss_supervisions(district_id=district.id, at=at(21, 20)) == 0
    assert [miss_supervisions(district_id=district.id, at=at(22, 1)) for _ in range(2)] == [1, 0]

    card = Card.objects.get()
    assert (card.colour, card.reason, card.organisation_id) == (
        "red", "supervision_missed", district.organisations["committee_1"]
    )  # fmt: skip


def test_overdue_is_a_yellow_card_and_overdue_again_a_red_one(district: DemoDistrict) -> None:
    case = district.open_case_in()

    climb(district_id=district.id, at=at(18, 16, 1))
    assert [(card.colour, card.reason) for card in Card.objects.all()] == [("yellow", "overdue")]
    climb(district_id=district.id, at=at(23, 18, 1))
    climb(district_id=district.id, at=at(30, 18, 1))

    cards = Card.objects.filter(case=case).order_by("id").values_list("colour", "once")
    assert list(cards) == [("yellow", "overdue:response"), ("red", "overdue:solution")]
    assert find_faults(district.id, workflows=list_workflows(district.id), fact_kinds=FACTS) == []


def test_after_a_standstill_the_cards_are_the_same(district: DemoDistrict) -> None:
    district.open_case_in()

    climb(district_id=district.id, at=at(30, 18, 1))

    assert sorted(Card.objects.values_list("colour", "once")) == [
        ("red", "overdue:solution"), ("yellow", "overdue:response")
    ]  # fmt: skip


def test_a_card_is_appealed_by_its_organisation_and_ruled_on_above(district: DemoDistrict) -> None:
    district.open_case_in()
    climb(district_id=district.id, at=at(18, 16, 1))
    card, worker = Card.objects.get(), district.viewer("grid_worker")
    leader = district.viewer("subdistrict_secretary")

    with pytest.raises(NotAllowed):
        rule_on_card(district_id=district.id, card_id=card.id, is_taken_back=True, text="算了", by=worker, at=AT)
    with pytest.raises(CannotSupervise, match="card_ruled_already"):
        rule_on_card(district_id=district.id, card_id=card.id, is_taken_back=False, text="维持", by=leader, at=AT)
    appeal_card(district_id=district.id, card_id=card.id, text="当天停电", by=worker, at=at(19, 9))
    with pytest.raises(CannotSupervise, match="card_appealed_already"):
        appeal_card(district_id=district.id, card_id=card.id, text="再说一次", by=worker, at=at(19, 9))
    with pytest.raises(InvalidInput, match="say_why"):
        rule_on_card(district_id=district.id, card_id=card.id, is_taken_back=True, text=" ", by=leader, at=at(19, 10))
    since = at(1, 0)
    assert [(row.yellow, row.red) for row in count_cards(viewer=leader, since=since)] == [(1, 0)]

    rule_on_card(district_id=district.id, card_id=card.id, is_taken_back=True, text="属实", by=leader, at=at(19, 10))

    assert count_cards(viewer=leader, since=since) == []
    assert [row.state for row in list_cards(viewer=leader, since=since)] == ["taken_back"]


def test_lists_and_counts_show_only_what_is_within_reach(district: DemoDistrict) -> None:
    case = district.open_case_in()
    supervise(district, case)
    climb(district_id=district.id, at=at(18, 16, 1))
    near, far = district.viewer("subdistrict_secretary"), district.viewer("subdistrict_secretary", community=2)
    since = at(1, 0)

    assert (len(list_supervisions(viewer=near)), len(list_cards(viewer=near, since=since))) == (1, 1)
    assert (list_supervisions(viewer=far), list_cards(viewer=far, since=since)) == ([], [])
    assert count_cards(viewer=far, since=since) == []
    with pytest.raises(NoSuchCase):
        get_oversight(viewer=far, case_id=case.id)
    seen = get_oversight(viewer=near, case_id=case.id)
    assert (len(seen.supervisions), len(seen.cards), bool(seen.may_supervise)) == (1, 1, True)


def test_a_card_can_not_be_written_twice(district: DemoDistrict) -> None:
    district.open_case_in()
    climb(district_id=district.id, at=at(18, 16, 1))
    card = Card.objects.get()
    card.id = UUID(int=7)

    with pytest.raises(IntegrityError, match="card_once"), transaction.atomic():
        card.save(force_insert=True)


def test_words_of_supervisions_and_cards_go_with_the_words_of_the_case(district: DemoDistrict) -> None:
    case = district.open_case_in()
    supervise(district, case)
    miss_supervisions(district_id=district.id, at=at(22, 1))
    appeal_card(district_id=district.id, card_id=Card.objects.get().id, text="当天停电", at=at(22, 2),
                by=district.viewer("grid_worker"))  # fmt: skip
    district.take(case, Action.REJECT, reason="no_such_thing", by=district.actor("subdistrict_dispatcher"),
                  after=6 * DAY)  # fmt: skip
    long_after = AT + 3700 * DAY

    assert forget_words(district_id=district.id, at=long_after) == 1

    assert (Supervision.objects.get().demand, Card.objects.get().appeal) == ("", "")
    assert list(cases_with_words(district_id=district.id, before=long_after)) == []
