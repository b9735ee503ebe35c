"""Ballots: twice is once, the later touch wins, late ones by the rule; badges; opening a sealed list."""

import io
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.models.expressions import RawSQL
from tests.factories.district import AT, DemoDistrict
from tests.factories.review import WHOLE_TURN, Sitting, make_sitting

from linli.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from linli.ledger.audit.queries import list_lines
from linli.oversight.reviews.actions.casting import Kept
from linli.oversight.reviews.actions.juries import enter, let_out, make_badges
from linli.oversight.reviews.actions.publishing import ask_unsealing, unseal
from linli.oversight.reviews.calc.ballots import receipt_of
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.choices import BallotMode
from linli.oversight.reviews.models import Ballot, BallotKey, Publication

FULL = [18, 17, 18, 19, 20]


def test_receipt_is_what_the_telephone_computes_itself(scoring: Sitting) -> None:
    kept = scoring.put(0, FULL, nonce="0f" * 16)

    assert kept.receipt == receipt_of(bytes.fromhex("0f" * 16), str(scoring.turns[0].id), FULL)
    assert (kept.is_draft, kept.points, kept.client_seq) == (False, tuple(FULL), 1)


def test_same_again_and_older_ones_give_what_is_kept(scoring: Sitting) -> None:
    first = scoring.put(0, FULL, seq=5)

    assert scoring.put(0, FULL, seq=5) == first
    assert scoring.put(0, [0] * 5, seq=4) == first
    assert scoring.put(0, [1] * 5, seq=6).points == (1, 1, 1, 1, 1)
    assert scoring.put(0, [2, None, None, None, None], seq=7, is_draft=True).points == (1, 1, 1, 1, 1)
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("points", [[18, 17, 18, 19], [18, 17, 18, 19, 21], [18, 17, 18, 19, None], [-1, 0, 0, 0, 0]])
def test_ballot_must_be_whole(scoring: Sitting, points: Sequence[int | None]) -> None:
    with pytest.raises(InvalidInput, match="ballot_points"):
        scoring.put(0, points)


def test_drafts_are_kept_from_the_report_on_and_cast_only_while_scored(district: DemoDistrict) -> None:
    sitting = make_sitting(district)
    with pytest.raises(Conflict, match="scoring_closed"):
        sitting.put(0, FULL, is_draft=True)
    sitting.press(Command.TALK)
    assert sitting.put(0, [18, None, None, None, None], is_draft=True).receipt == ""
    with pytest.raises(Conflict, match="scoring_closed"):
        sitting.put(0, FULL)
    with pytest.raises(Conflict, match="scoring_closed"):
        sitting.put(0, FULL, turn=1, is_draft=True)


@pytest.mark.parametrize(("has_draft", "after_s", "is_taken"), [(True, 9, True), (True, 11, False), (False, 1, False)])
def test_late_ballot_counts_within_ten_seconds_if_it_was_begun(
    scoring: Sitting, *, has_draft: bool, after_s: int, is_taken: bool
) -> None:
    if has_draft:
        scoring.put(0, [18, None, None, None, None], is_draft=True)
    scoring.press(Command.SHOW)
    scoring.now += timedelta(seconds=after_s)

    if is_taken:
        assert scoring.put(0, FULL).points == tuple(FULL)
    else:
        with pytest.raises(Conflict, match="scoring_closed"):
            scoring.put(0, FULL)


def test_answer_lost_before_the_close_is_given_again_after_it(scoring: Sitting) -> None:
    first = scoring.put(0, FULL, seq=3)
    scoring.press(Command.SHOW, Command.NEXT)

    assert scoring.put(0, FULL, seq=3) == first
    with pytest.raises(Conflict, match="scoring_closed"):
        scoring.put(0, [1] * 5, seq=4)


def test_badge_lets_one_browser_in_until_the_clerk_lets_it_out(scoring: Sitting) -> None:
    juror, host = scoring.jurors[0], scoring.district.viewer("review_office")
    badge = scoring.badges[juror.id]

    assert enter(session_id=scoring.session_id, badge=badge, holder=f"browser-{juror.id}", at=AT) == juror.id
    with pytest.raises(Conflict, match="badge_in_use"):
        enter(session_id=scoring.session_id, badge=badge, holder="other", at=AT)
    let_out(session_id=scoring.session_id, juror_id=juror.id, by=host, source_ip="", at=AT)
    assert enter(session_id=scoring.session_id, badge=badge, holder="other", at=AT) == juror.id
    assert [line.kind for line in list_lines(district_id=scoring.district.id).lines] == ["session_ended"]


def test_new_badge_ends_the_old_one(scoring: Sitting) -> None:
    juror, host = scoring.jurors[0], scoring.district.viewer("review_office")
    new = make_badges(session_id=scoring.session_id, juror_ids=frozenset({juror.id}), by=host, at=AT)

    with pytest.raises(NotFound, match="no_such_badge"):
        enter(session_id=scoring.session_id, badge=scoring.badges[juror.id], holder="x", at=AT)
    assert enter(session_id=scoring.session_id, badge=new[juror.id], holder="x", at=AT) == juror.id


def finished(sitting: Sitting) -> Sitting:
    sitting.press(*WHOLE_TURN)
    sitting.score_all(0, [90, 85, 70, 88, 92])
    sitting.press(Command.SHOW, Command.NEXT, Command.ABSENT, Command.ABSENT, Command.DEPLOYMENT, Command.CLOSE)
    return sitting


def test_two_inspectors_open_the_list_and_leave_a_trace(district: DemoDistrict) -> None:
    sitting = finished(make_sitting(district))
    asked = {"session_id": sitting.session_id, "source_ip": "", "at": AT}
    first = district.viewer("discipline_inspector")

    with pytest.raises(NotAllowed):
        ask_unsealing(reason="核查", by=district.viewer("review_office"), **asked)
    with pytest.raises(Conflict, match="unsealing_not_asked"):
        unseal(by=first, **asked)
    ask_unsealing(reason="核查两张票", by=first, **asked)
    with pytest.raises(Conflict, match="unsealing_needs_two"):
        unseal(by=first, **asked)
    BallotKey.objects.update(asked_by=district.viewer("auditor").person_id)
    opened = unseal(by=first, **asked | {"at": AT + timedelta(minutes=1)})

    told = json.loads(Publication.objects.get(session_id=sitting.session_id).body)
    assert set(opened.values()) == {juror.person_id for juror in sitting.jurors}
    assert {row["juror"] for row in told["rows"]} == set(opened)
    assert [line.data["did"] for line in list_lines(district_id=district.id).lines if line.kind == "unmasked"] == [
        "opened", "asked",
    ]  # fmt: skip


def test_secret_session_leaves_no_way_from_juror_to_score(district: DemoDistrict) -> None:
    """Nothing that was written down after the close holds a juror and a ballot, nor an order or a time of casting."""
    sitting = finished(make_sitting(district, mode=BallotMode.SECRET))
    dump = io.StringIO()
    call_command("dumpdata", "reviews", "facts", "audit", "commands", format="jsonl", stdout=dump)
    rows = [json.loads(line) for line in dump.getvalue().splitlines()]
    ballots = [row for row in rows if row["model"] == "reviews.ballot"]
    jurors = {str(juror.id) for juror in sitting.jurors} | {str(juror.person_id) for juror in sitting.jurors}

    assert len(ballots) == 5
    assert not any(juror in json.dumps(row) for row in ballots for juror in jurors)
    assert {(row["fields"]["received_at"], row["fields"]["nonce"], row["fields"]["client_seq"]) for row in ballots} == {
        (None, "", 0)
    }
    receipts = list(Ballot.objects.order_by(RawSQL("ctid", [])).values_list("receipt", flat=True))
    assert receipts == sorted(receipts)
    ids = {row["fields"]["receipt"] for row in ballots}
    others = [row for row in rows if row["model"] not in {"reviews.ballot", "reviews.publication"}]
    assert not any(receipt in json.dumps(row) for row in others for receipt in ids)


def test_same_from_eight_connections_again_and_again_is_one_row(committed_district: DemoDistrict) -> None:
    sitting = make_sitting(committed_district)
    sitting.press(*WHOLE_TURN)
    gate = threading.Barrier(8)

    def send(times: int) -> set[Kept]:
        try:
            gate.wait()
            return {sitting.put(0, FULL, seq=7) for _ in range(times)}
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = set().union(*pool.map(send, [15] * 8))
    assert len(answers) == 1
    assert Ballot.objects.count() == 1
