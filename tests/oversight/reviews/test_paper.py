"""Paper ballots: two people type the same, then it counts; by the same rules as a telephone's, and never in secret."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import AT, DemoDistrict
from tests.factories.review import WHOLE_TURN, Sitting, make_sitting

from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotAllowed, NotFound
from linli.ledger.audit.queries import list_lines
from linli.ledger.facts.models import Fact
from linli.oversight.reviews.actions.juries import recuse
from linli.oversight.reviews.actions.paper import Paper, type_paper
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.choices import BallotMode
from linli.oversight.reviews.models import Ballot, Juror
from linli.oversight.reviews.queries.halls import get_hall
from linli.oversight.reviews.queries.paper import get_paper
from linli.registry.people.rules import Viewer

FULL = [18, 17, 18, 19, 20]


def clerk(sitting: Sitting, number: int = 1) -> Viewer:
    """Give the first or the second person of the review office."""
    office = sitting.district.viewer("review_office")
    return office if number == 1 else replace(office, person_id=sitting.district.viewer("grid_worker").person_id)


def typed(sitting: Sitting, number: int = 1, *, juror: int = 0, turn: int = 0, **more: Any) -> bool:
    points = more.pop("points", FULL)
    paper = Paper(sitting.turns[turn].id, sitting.jurors[juror].id, points)
    given: dict[str, Any] = {"by": clerk(sitting, number), "at": sitting.now, "source_ip": ""} | more
    return type_paper(session_id=sitting.session_id, paper=paper, **given)


def state(sitting: Sitting) -> tuple[int, int]:
    hall = get_hall(district_id=sitting.district.id, session_id=sitting.session_id)
    return hall.cast, hall.present


def test_ballot_counts_once_two_people_typed_it_alike(scoring: Sitting) -> None:
    assert (typed(scoring), typed(scoring)) == (False, False)
    assert (state(scoring), Ballot.objects.get().is_draft) == ((0, 5), True)
    assert typed(scoring, 2)

    ballot = Ballot.objects.get()
    assert (ballot.is_draft, ballot.points, len(ballot.receipt)) == (False, FULL, 64)
    assert (ballot.by_clerk, ballot.confirmed_by) == (clerk(scoring).person_id, clerk(scoring, 2).person_id)
    assert state(scoring) == (1, 5)
    assert [typed(scoring, number) for number in (1, 2)] == [True, True]
    assert [fact.data for fact in Fact.objects.filter(kind="review_ballot.from_paper")] == [{"position": 1}]


def test_who_typed_stands_in_the_audit_log_and_no_points(scoring: Sitting) -> None:
    typed(scoring)
    typed(scoring)
    typed(scoring, 2, at=scoring.now + timedelta(seconds=1))

    lines = [line for line in list_lines(district_id=scoring.district.id).lines if line.object_kind == "review_paper"]
    assert [(line.data["did"], line.actor_id, line.object_id) for line in lines] == [
        ("confirmed", clerk(scoring, 2).person_id, str(scoring.jurors[0].id)),
        ("typed", clerk(scoring).person_id, str(scoring.jurors[0].id)),
    ]
    kept = {"session": str(scoring.session_id), "turn": 1}
    assert [line.data for line in lines] == [{"did": did, **kept} for did in ("confirmed", "typed")]


def test_other_points_begin_anew(scoring: Sitting) -> None:
    typed(scoring)
    assert not typed(scoring, 2, points=[1] * 5)
    assert not typed(scoring, 2, points=[1] * 5)
    assert typed(scoring, points=[1] * 5)
    assert Ballot.objects.get().points == [1] * 5
    with pytest.raises(Conflict, match="ballot_there_already"):
        typed(scoring, points=FULL)


def test_database_refuses_one_person_alone(scoring: Sitting) -> None:
    typed(scoring)
    for change in ({"is_draft": False}, {"is_draft": False, "confirmed_by": clerk(scoring).person_id}):
        with pytest.raises(IntegrityError, match="ballot_paper_two_people"), transaction.atomic():
            Ballot.objects.update(**change)


@pytest.mark.parametrize("points", [[18, 17, 18, 19], [18, 17, 18, 19, 21], [-1, 0, 0, 0, 0]])
def test_sheet_must_be_whole(scoring: Sitting, points: list[int]) -> None:
    with pytest.raises(InvalidInput, match="ballot_points"):
        typed(scoring, points=points)


def test_telephone_that_comes_back_has_the_last_word(scoring: Sitting) -> None:
    typed(scoring)
    scoring.put(0, [2, None, None, None, None], seq=2, is_draft=True)
    assert Ballot.objects.get().by_clerk is None
    assert (typed(scoring), typed(scoring, 2)) == (False, True)
    scoring.put(0, [3] * 5, seq=9)

    ballot = Ballot.objects.get()
    assert (ballot.points, ballot.by_clerk, ballot.confirmed_by) == ([3] * 5, None, None)
    with pytest.raises(Conflict, match="ballot_there_already"):
        typed(scoring)


@pytest.mark.parametrize(("after_s", "is_taken"), [(9, True), (11, False)])
def test_second_person_may_be_as_late_as_a_telephone(scoring: Sitting, *, after_s: int, is_taken: bool) -> None:
    typed(scoring)
    scoring.press(Command.SHOW)
    scoring.now += timedelta(seconds=after_s)

    with pytest.raises(Conflict, match="scoring_closed"):
        typed(scoring, juror=1)
    if is_taken:
        assert typed(scoring, 2)
    else:
        with pytest.raises(Conflict, match="scoring_closed"):
            typed(scoring, 2)


def test_only_the_turn_that_is_scored(district: DemoDistrict) -> None:
    sitting = make_sitting(district)
    for commands, turn in (((), 0), ((Command.TALK,), 0), ((Command.COMMENT, Command.SCORE), 1)):
        sitting.press(*commands)
        with pytest.raises(Conflict, match="scoring_closed"):
            typed(sitting, turn=turn)


def test_who_never_came_in_is_checked_in_by_the_second_person(scoring: Sitting) -> None:
    Juror.objects.filter(id=scoring.jurors[0].id).update(checked_in_at=None)
    typed(scoring)
    assert state(scoring) == (0, 4)
    typed(scoring, 2)

    assert (state(scoring), Juror.objects.get(id=scoring.jurors[0].id).checked_in_by) == (
        (1, 5), clerk(scoring, 2).person_id,
    )  # fmt: skip


def test_who_stays_out_has_no_sheet(scoring: Sitting) -> None:
    recuse(session_id=scoring.session_id, juror_id=scoring.jurors[0].id, turn_id=scoring.turns[0].id,
           by=clerk(scoring), at=AT)  # fmt: skip
    with pytest.raises(Conflict, match="juror_stays_out"):
        typed(scoring)


def test_never_in_a_secret_ballot(district: DemoDistrict) -> None:
    sitting = make_sitting(district, mode=BallotMode.SECRET)
    sitting.press(*WHOLE_TURN)

    with pytest.raises(Conflict, match="paper_not_secret"):
        typed(sitting)
    page = get_paper(viewer=clerk(sitting), session_id=sitting.session_id)
    assert (page.is_secret, page.turn_id, page.missing, Ballot.objects.count()) == (True, None, (), 0)


def test_sealed_session_forgets_whose_sheet_it_was(scoring: Sitting) -> None:
    typed(scoring)
    typed(scoring, 2)
    scoring.score_all(0, [90, 85, 70, 88, 92])
    scoring.press(Command.SHOW, Command.NEXT, Command.ABSENT, Command.ABSENT, Command.DEPLOYMENT, Command.CLOSE)

    assert set(Ballot.objects.values_list("juror", "by_clerk", "confirmed_by")) == {(None, None, None)}


@pytest.mark.parametrize(("role", "error"), [
    ("discipline_inspector", NotAllowed), ("leader_in_charge", NotAllowed), ("grid_worker", NotAllowed),
    ("away-community_secretary", NotFound),
])  # fmt: skip
def test_nobody_else_types_or_sees_who_is_missing(scoring: Sitting, role: str, error: type[LinliError]) -> None:
    other = scoring.district.viewer(role)
    typed(scoring)
    with pytest.raises(error):
        typed(scoring, by=other)
    with pytest.raises(error):
        get_paper(viewer=other, session_id=scoring.session_id)
    assert Ballot.objects.get().is_draft


def test_page_tells_who_is_missing_and_who_typed_and_no_points(
    scoring: Sitting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scoring.put(1, FULL)
    typed(scoring)
    typed(scoring, juror=2)
    typed(scoring, 2, juror=2)
    with django_assert_num_queries(9):
        page = get_paper(viewer=clerk(scoring), session_id=scoring.session_id)

    assert [(line.seat.number, bool(line.typist), line.is_mine) for line in page.missing] == [
        (1, True, True), (4, False, False), (5, False, False),
    ]  # fmt: skip
    assert [seat.number for seat in page.typed] == [3]
