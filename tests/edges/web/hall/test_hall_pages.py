"""Pages and answers of the hall: who gets in, what jurors' telephones are told, what the host may press."""

import hashlib
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test import Client
from tests.factories.district import DemoDistrict
from tests.factories.review import WHOLE_TURN, Sitting, make_sitting

from linli.oversight.reviews.actions.remarks import Said, nod_remark, write_remark
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.calc.verify_review import check
from linli.oversight.reviews.choices import BallotMode, RemarkKind
from linli.oversight.reviews.models import Ballot, Lamp, Session

FULL = [18, 17, 18, 19, 20]


@pytest.fixture
def sitting(district: DemoDistrict) -> Sitting:
    return make_sitting(district)


def at(sitting: Sitting, path: str) -> str:
    return f"/hall/{sitting.session_id}/{path}"


def juror(sitting: Sitting, number: int = 0) -> Client:
    """Come in at the door as a juror whose browser was let out."""
    seat = sitting.jurors[number]
    seat.holder = ""
    seat.save(update_fields=["holder"])
    client = Client()
    answer = client.post(at(sitting, "juror/enter"), {"badge": sitting.badges[seat.id]})
    assert answer.status_code == 302
    return client


def put(client: Client, sitting: Sitting, **sheet: object) -> tuple[int, dict[str, object]]:
    body = {"points": FULL, "nonce": "0f" * 16, "client_seq": 1, "is_draft": False} | sheet
    path = at(sitting, f"ballots/{sitting.turns[0].id}")
    answer = client.put(path, json.dumps(body), content_type="application/json")
    return answer.status_code, json.loads(answer.content)


@pytest.mark.parametrize("path", ["screen", "order", "host", "jury", "paper"])
def test_staff_pages_ask_who_it_is(sitting: Sitting, path: str) -> None:
    answer = Client().get(at(sitting, path))

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/desk/login/")


@pytest.mark.parametrize(("role", "path", "status"), [
    ("review_office", "host", 200), ("review_office", "jury", 200), ("leader_in_charge", "host", 403),
    ("grid_worker", "jury", 403), ("review_office", "paper", 200), ("discipline_inspector", "paper", 403),
    ("grid_worker", "paper", 403), ("away-community_secretary", "paper", 404),
    ("grid_worker", "screen", 200), ("grid_worker", "order", 200),
    ("away-community_secretary", "screen", 404), ("away-community_secretary", "host", 404),
])  # fmt: skip
def test_who_gets_which_page(sitting: Sitting, client: Client, role: str, path: str, status: int) -> None:
    assert sitting.district.login(client, role).get(at(sitting, path)).status_code == status


@pytest.mark.parametrize("path", ["state", "seat", "result.json"])
def test_answers_are_for_the_hall_alone(sitting: Sitting, client: Client, path: str) -> None:
    stranger = sitting.district.login(client, "away-community_secretary")

    assert Client().get(at(sitting, path)).status_code == 403
    assert stranger.get(at(sitting, path)).status_code in {403, 404}


def test_state_is_asked_again_for_nothing_while_nothing_changed(sitting: Sitting) -> None:
    seat = juror(sitting)
    first = seat.get(at(sitting, "state"))
    again = seat.get(at(sitting, "state"), headers={"If-None-Match": first.headers["ETag"]})
    sitting.press(Command.TALK)
    moved = seat.get(at(sitting, "state"), headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, moved.status_code) == (304, 200)
    assert (moved.json()["phase"], moved.json()["strokes"], moved.json()["running"]["duration_ms"]) == (
        "talk", 2, 480_000,
    )  # fmt: skip


def test_received_is_the_servers_word_and_the_same_again_is_the_same(sitting: Sitting) -> None:
    seat = juror(sitting)
    assert put(seat, sitting)[0] == 409
    sitting.press(*WHOLE_TURN)
    status, kept = put(seat, sitting)

    assert (status, kept["is_draft"], kept["points"]) == (200, False, FULL)
    assert put(seat, sitting) == (200, kept)
    held = seat.get(at(sitting, "seat")).json()["ballots"][str(sitting.turns[0].id)]
    assert held == {"points": FULL, "client_seq": 1, "is_draft": False, "receipt": kept["receipt"]}


def test_same_ballot_sent_twenty_times_at_once_is_one_row_and_one_answer(committed_district: DemoDistrict) -> None:
    sitting = make_sitting(committed_district)
    sitting.press(*WHOLE_TURN)
    seat, gate = juror(sitting), threading.Barrier(20)

    def send(_number: int) -> tuple[int, dict[str, object]]:
        phone = Client()
        phone.cookies.update(seat.cookies)
        try:
            gate.wait()
            return put(phone, sitting)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert answers == [(200, answers[0][1])] * 20
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("sheet", [
    {"points": "x"}, {"points": [1, 2]}, {"points": [1.5, 1, 1, 1, 1]}, {"nonce": "x"}, {"client_seq": "y"},
])  # fmt: skip
def test_what_is_no_ballot_is_refused(sitting: Sitting, sheet: dict[str, object]) -> None:
    sitting.press(*WHOLE_TURN)

    assert put(juror(sitting), sitting, **sheet)[0] == 422
    assert Ballot.objects.count() == 0


def test_nobody_sees_or_sends_anothers_ballot(sitting: Sitting, client: Client) -> None:
    sitting.press(*WHOLE_TURN)
    put(juror(sitting, 0), sitting)

    assert juror(sitting, 1).get(at(sitting, "seat")).json()["ballots"] == {}
    assert put(sitting.district.login(client, "review_office"), sitting)[0] == 403
    for path in ("state", "host", "screen", "order", "jury"):
        said = re.sub(r"<[^>]*>", " ", client.get(at(sitting, path)).content.decode())
        assert re.search(r"(?<![\w:.-])(92|18, ?17)(?![\w:.-])", said) is None, path


def test_browser_that_was_let_out_has_no_seat_any_more(sitting: Sitting, client: Client) -> None:
    seat = juror(sitting)
    office = sitting.district.login(client, "review_office")
    office.post(at(sitting, "jury/change"), {"do": "let_out", "juror": str(sitting.jurors[0].id)})

    assert seat.get(at(sitting, "seat")).status_code == 403
    assert put(seat, sitting)[0] == 403


def paper(sitting: Sitting, number: int = 0) -> dict[str, str]:
    """Fill the form as it is read from a juror's sheet."""
    points = {f"part_{part}": str(given) for part, given in enumerate(FULL)}
    return {"turn": str(sitting.turns[0].id), "juror": str(sitting.jurors[number].id)} | points


def test_clerk_types_a_sheet_and_nobody_reads_it_from_the_page(sitting: Sitting, client: Client) -> None:
    office = sitting.district.login(client, "review_office")
    assert "没有正在打分" in office.get(at(sitting, "paper")).content.decode()
    sitting.press(*WHOLE_TURN)
    assert office.post(at(sitting, "paper"), paper(sitting)).status_code == 302
    page = office.get(at(sitting, "paper")).content.decode()

    assert ("您录过" in page, 'value="18"' in page, Ballot.objects.get().is_draft) == (True, False, True)
    refused = office.post(at(sitting, "paper"), paper(sitting, 1) | {"part_0": "21"})
    assert (refused.status_code, 'value="17"' in refused.content.decode(), Ballot.objects.count()) == (422, True, 1)
    worker = sitting.district.login(Client(), "grid_worker")
    assert worker.post(at(sitting, "paper"), paper(sitting)).status_code == 403
    assert Client().post(at(sitting, "paper"), paper(sitting)).status_code == 302
    assert Ballot.objects.get().confirmed_by is None


def test_badge_in_use_is_said_at_the_door(sitting: Sitting) -> None:
    answer = Client().post(at(sitting, "juror/enter"), {"badge": sitting.badges[sitting.jurors[0].id]})

    assert (answer.status_code, "会务" in answer.content.decode()) == (409, True)
    assert "badge" in Client().get(at(sitting, "juror?badge=abc")).content.decode()


def test_badges_are_shown_once_and_open_the_door(sitting: Sitting, client: Client) -> None:
    office = sitting.district.login(client, "review_office")
    sheet = office.post(at(sitting, "jury/badges"), {"juror": str(sitting.jurors[0].id)}).content.decode()

    badge = sheet.split("?badge=")[1].split('"')[0]
    assert Client().post(at(sitting, "juror/enter"), {"badge": badge}).status_code == 302
    assert badge not in office.get(at(sitting, "jury")).content.decode()


def test_host_presses_from_what_was_seen(sitting: Sitting, client: Client) -> None:
    office = sitting.district.login(client, "review_office")
    seen = sitting.hall.revision
    for _twice in range(2):
        office.post(at(sitting, "host/press"), {"command": "talk", "seen": str(seen)})

    assert (sitting.hall.phase, sitting.hall.revision) == ("talk", seen + 1)
    assert "另一处主持台" in office.get(at(sitting, "host")).content.decode()


def test_screen_shows_what_the_leader_nodded_to_beside_the_clock(sitting: Sitting, client: Client) -> None:
    office, by = sitting.district.login(client, "review_office"), sitting.district.viewer("review_office")
    sitting.press(Command.TALK, Command.COMMENT)
    said = [
        write_remark(by=by, meeting_id=sitting.session_id, turn_id=sitting.turns[0].id, key=words, at=sitting.now,
                     said=Said(RemarkKind.COMMENT, words))
        for words in ("第一句话", "第二句话", "第三句话")
    ]  # fmt: skip
    assert "句话" not in office.get(at(sitting, "screen")).content.decode()
    for remark_id in said:
        nod_remark(by=by, remark_id=remark_id, version=1, at=sitting.now)
    screen = office.get(at(sitting, "screen")).content.decode()

    assert [words in screen for words in ("第一句话", "第二句话", "第三句话")] == [False, True, True]
    assert "with-said" in screen
    sitting.press(Command.SCORE, Command.SHOW)
    assert "句话" not in office.get(at(sitting, "screen")).content.decode()


def test_host_is_told_to_cut_the_microphone_at_the_bell_of_a_report_alone(sitting: Sitting, client: Client) -> None:
    office = sitting.district.login(client, "review_office")
    sitting.press(Command.TALK)
    talking = office.get(at(sitting, "host")).content.decode()
    sitting.press(Command.COMMENT)
    commenting = office.get(at(sitting, "host")).content.decode()

    assert ('class="mic"' in talking, 'class="mic"' in commenting) == (True, False)


def test_lamps_tell_the_host_how_screens_are(sitting: Sitting, client: Client) -> None:
    office = sitting.district.login(client, "review_office")
    report = {"role": "venue", "client": str(uuid4()), "label": "分会场一", "revision": 2, "offset_ms": 3.2,
              "rtt_ms": 18, "audio": "", "wake": "held"}  # fmt: skip
    first = office.post(at(sitting, "lamp"), json.dumps(report), content_type="application/json")
    bad = office.post(at(sitting, "lamp"), json.dumps(report | {"audio": "x"}), content_type="application/json")
    clerk = sitting.district.login(Client(), "grid_worker")
    false = clerk.post(at(sitting, "lamp"), json.dumps(report | {"role": "host"}), content_type="application/json")

    assert (first.status_code, bad.status_code, false.status_code) == (204, 422, 403)
    assert Lamp.objects.filter(label="分会场一", offset_ms=3).count() == 1
    assert "分会场一" in office.get(at(sitting, "host")).content.decode()


def test_telephones_lamp_is_its_seats_and_nobody_elses(sitting: Sitting, client: Client) -> None:
    office, phone = sitting.district.login(client, "review_office"), juror(sitting, 1)
    report = {"role": "juror", "client": str(uuid4()), "label": "别人", "revision": 2, "offset_ms": 3, "rtt_ms": 18,
              "audio": "", "wake": "held"}  # fmt: skip
    answers = [each.post(at(sitting, "lamp"), json.dumps(report), content_type="application/json").status_code
               for each in (phone, office)]  # fmt: skip

    assert answers == [204, 403]
    assert Lamp.objects.get(role="juror").label == str(sitting.jurors[1].id)
    page = office.get(at(sitting, "host")).content.decode()
    assert (page.count("手机没有回应"), "5部没有回应" in page) == (8, False)


@pytest.mark.parametrize(("mode", "words"), [
    ("open", "公布时写明评委序号"), ("sealed", "公布时不写姓名"), ("secret", "谁也查不出"),
])  # fmt: skip
def test_jurors_page_says_who_will_know(district: DemoDistrict, mode: str, words: str) -> None:
    sitting = make_sitting(district, mode=BallotMode(mode))
    assert juror(sitting).get(at(sitting, "juror")).content.decode().count(words) >= 2


def test_telephones_get_what_was_published_once_the_session_is_closed(sitting: Sitting) -> None:
    phone = juror(sitting)
    assert phone.get(at(sitting, "result.json")).status_code == 404
    sitting.press(*WHOLE_TURN)
    sitting.score_all(0, [90, 85, 70, 88, 92])
    sitting.press(Command.SHOW, Command.NEXT, Command.ABSENT, Command.ABSENT, Command.DEPLOYMENT, Command.CLOSE)

    assert len(phone.get(at(sitting, "result.json")).json()["rows"]) == 5


def test_branch_venues_are_led_to_a_screen_without_a_bell(sitting: Sitting, client: Client) -> None:
    Session.objects.update(venues=["街道分会场"])
    office = sitting.district.login(client, "review_office")
    worker = sitting.district.login(Client(), "grid_worker")
    address = f"{at(sitting, 'screen')}?quiet=1&amp;name=%E8%A1%97%E9%81%93%E5%88%86%E4%BC%9A%E5%9C%BA"
    assert address in worker.get(f"/desk/reviews/sessions/{sitting.session_id}/").content.decode()
    assert address in office.get(at(sitting, "host")).content.decode()
    page = worker.get(address.replace("&amp;", "&")).content.decode()

    assert ('data-hall="venue"' in page, 'data-label="街道分会场"' in page, "data-bell-test" in page) == (
        True, True, False,
    )  # fmt: skip


def bells_shown(office: Client, sitting: Sitting) -> list[bool]:
    """Say of the big screen and the host's page whether they ask for the test of the bell."""
    pages = [office.get(at(sitting, path)).content.decode() for path in ("screen", "host")]
    assert all("data-bells" in page for page in pages)
    return ["data-bells hidden" not in page for page in pages]


def test_whole_session_ends_in_a_file_that_checks(sitting: Sitting, client: Client) -> None:
    office = sitting.district.login(client, "review_office")
    assert office.get(at(sitting, "result.json")).status_code == 404
    assert bells_shown(office, sitting) == [True, True]
    for turn in range(3):
        sitting.press(*WHOLE_TURN)
        sitting.score_all(turn, [90, 85, 70 + turn, 88, 92])
        sitting.press(Command.SHOW)
        assert "87.67" in office.get(at(sitting, "screen")).content.decode() or turn < 2
        sitting.press(Command.NEXT if turn < 2 else Command.SUMMARY)
    sitting.press(Command.DEPLOYMENT, Command.CLOSE)
    answer = office.get(at(sitting, "result.json"))

    assert all(check(json.loads(answer.content)).values())
    for path in ("screen", "order", "host"):
        assert office.get(at(sitting, path)).status_code == 200
    assert bells_shown(office, sitting) == [False, False]
    assert "没有回应" not in office.get(at(sitting, "host")).content.decode()
    paper_page = office.get(at(sitting, "paper")).content.decode()
    assert ("不能再补录" in paper_page, "没有正在打分" in paper_page) == (True, False)
    assert json.loads(answer.content)["root"][:8] in office.get(at(sitting, "screen")).content.decode()
    program = hashlib.sha256(Client().get("/verify/verify_review.py").content).hexdigest()
    for path in (at(sitting, "order"), f"/desk/reviews/sessions/{sitting.session_id}/"):
        page = office.get(path).content.decode()
        assert (program in page, "/verify/verify_review.py" in page, at(sitting, "result.json") in page) == (True,) * 3


def test_session_that_is_not_there(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "review_office")

    assert [signed_in.get(f"/hall/{UUID(int=7)}/{path}").status_code for path in ("screen", "host", "jury")] == [
        404
    ] * 3
    assert Client().post(f"/hall/{UUID(int=7)}/juror/enter", {"badge": "x"}).status_code == 404
