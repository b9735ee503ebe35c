"""Opening a sealed list by its page: one asks, another opens, those two alone see it, and never by GET."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import AT, AWAY, HOME, ROLES, DemoDistrict
from tests.factories.review import WHOLE_TURN, Sitting, make_sitting

from linli.edges.cli.commands import commands
from linli.kernel.crypto import CannotDecrypt, open_document
from linli.kernel.errors import Conflict, NotAllowed
from linli.kernel.sealed_box import KeyPair, fingerprint_of, make_pair, write_public
from linli.ledger.audit.queries import list_lines
from linli.oversight.reviews.actions.auditing import register_auditor_key
from linli.oversight.reviews.actions.publishing import ask_unsealing, look_at_unsealed, unseal
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.choices import BallotMode
from linli.oversight.reviews.models import AuditorKey, BallotKey, Publication
from linli.oversight.reviews.queries.auditing import list_auditor_keys
from linli.oversight.reviews.queries.unsealing import get_unsealing, say_whose
from linli.registry.people.models import Person
from linli.registry.people.rules import Viewer

TOTALS = [90, 85, 70, 88, 92]


@pytest.fixture
def closed(district: DemoDistrict) -> Sitting:
    return finished(make_sitting(district))


def finished(sitting: Sitting) -> Sitting:
    sitting.press(*WHOLE_TURN)
    sitting.score_all(0, TOTALS)
    sitting.press(Command.SHOW, Command.NEXT, Command.ABSENT, Command.ABSENT, Command.DEPLOYMENT, Command.CLOSE)
    return sitting


def inspector(sitting: Sitting, number: int = 1) -> Viewer:
    """Give one of three inspectors; only the first can sign in."""
    first = sitting.district.viewer("discipline_inspector")
    others = {2: "auditor", 3: "security_admin"}
    return first if number == 1 else replace(first, person_id=sitting.district.viewer(others[number]).person_id)


def page_of(sitting: Sitting) -> str:
    return f"/desk/reviews/sessions/{sitting.session_id}/unseal/"


def people(sitting: Sitting) -> set[str]:
    jurors = Person.objects.filter(id__in=[juror.person_id for juror in sitting.jurors])
    return set(jurors.values_list("name", flat=True))


def shown(sitting: Sitting, said: str) -> set[str]:
    return {name for name in people(sitting) if name in said}


def test_first_asks_by_the_page_and_sees_it_once_the_second_opened(closed: Sitting, client: Client) -> None:
    signed_in, page = closed.district.login(client, "discipline_inspector"), page_of(closed)
    assert page in signed_in.get(f"/desk/reviews/sessions/{closed.session_id}/").content.decode()
    assert signed_in.post(page, {"do": "ask", "reason": " "}).status_code == 422
    assert signed_in.post(page, {"do": "ask", "reason": "核查两张票"}).status_code == 302
    for did in ("open", "look"):
        answer = signed_in.post(page, {"do": did})
        assert (answer.status_code, shown(closed, answer.content.decode())) == (409, set())
    unseal(session_id=closed.session_id, by=inspector(closed, 2), source_ip="", at=AT)

    got = signed_in.get(page).content.decode()
    assert ("核查两张票" in got, shown(closed, got)) == (True, set())
    looked = signed_in.post(page, {"do": "look"})
    assert (looked.status_code, shown(closed, looked.content.decode())) == (200, people(closed))
    assert "no-store" in looked.headers["Cache-Control"]


def test_second_opens_by_the_page_and_each_look_leaves_a_line(closed: Sitting, client: Client) -> None:
    asked_at = timezone.now()
    ask_unsealing(session_id=closed.session_id, reason="核查", by=inspector(closed, 2), source_ip="", at=asked_at)
    signed_in = closed.district.login(client, "discipline_inspector")
    opened = signed_in.post(page_of(closed), {"do": "open"}).content.decode()
    signed_in.post(page_of(closed), {"do": "look"})

    assert shown(closed, opened) == people(closed)
    assert all(f">{total}</b>" in opened for total in TOTALS)
    lines = [line for line in list_lines(district_id=closed.district.id).lines if line.object_kind == "review_ballots"]
    assert [(line.data["did"], line.kind) for line in lines] == [
        ("seen", "viewed_sensitive"), ("opened", "unmasked"), ("asked", "unmasked"),
    ]  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [
    ("review_office", 403), ("leader_in_charge", 403), ("department_handler", 403), ("auditor", 403),
    ("system_admin", 403), ("away-community_secretary", 403),
])  # fmt: skip
def test_nobody_else_asks_opens_or_looks(closed: Sitting, client: Client, role: str, status: int) -> None:
    ask_unsealing(session_id=closed.session_id, reason="绝密理由", by=inspector(closed), source_ip="", at=AT)
    unseal(session_id=closed.session_id, by=inspector(closed, 2), source_ip="", at=AT)
    before = list(BallotKey.objects.values())
    other = closed.district.login(client, role)
    answers = [other.get(page_of(closed))]
    answers += [other.post(page_of(closed), {"do": did, "reason": "看看"}) for did in ("ask", "open", "look")]

    assert [answer.status_code for answer in answers] == [status] * 4
    assert not any(shown(closed, answer.content.decode()) or "绝密" in answer.content.decode() for answer in answers)
    assert list(BallotKey.objects.values()) == before
    assert page_of(closed) not in other.get(f"/desk/reviews/sessions/{closed.session_id}/").content.decode()


def test_third_inspector_sees_nothing_of_it_until_asked_anew(closed: Sitting) -> None:
    session = {"session_id": closed.session_id, "source_ip": "", "at": AT}
    ask_unsealing(reason="核查", by=inspector(closed), **session)
    unseal(by=inspector(closed, 2), **session)
    with pytest.raises(NotAllowed, match="not_of_the_two"):
        look_at_unsealed(by=inspector(closed, 3), **session)
    with pytest.raises(Conflict, match="unsealing_open_already"):
        unseal(by=inspector(closed, 3), **session)
    page = get_unsealing(viewer=inspector(closed, 3), session_id=closed.session_id)
    assert (page.reason, page.may_look) == ("核查", False)

    ask_unsealing(reason="再核查", by=inspector(closed, 3), **session)
    with pytest.raises(Conflict, match="unsealing_not_opened"):
        look_at_unsealed(by=inspector(closed), **session)


def test_list_says_whose_each_published_row_is(
    closed: Sitting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    session = {"session_id": closed.session_id, "source_ip": "", "at": AT}
    ask_unsealing(reason="核查", by=inspector(closed), **session)
    whose = unseal(by=inspector(closed, 2), **session)
    assert isinstance(whose, dict)
    with django_assert_num_queries(3):
        opened = say_whose(viewer=inspector(closed), session_id=closed.session_id, whose=whose)

    rows = json.loads(Publication.objects.get(session_id=closed.session_id).body)["rows"]
    given = {name: whose[name] for name in (row["juror"] for row in rows)}
    at_first = {juror.person_id: total for juror, total in zip(closed.jurors, TOTALS, strict=True)}
    assert {juror.name: juror.ballots[0].total for juror in opened} == {
        name: at_first[person] for name, person in given.items()
    }
    assert [len(juror.ballots) for juror in opened] == [1] * 5


@pytest.mark.parametrize("mode", [BallotMode.OPEN, BallotMode.SECRET])
def test_other_ballots_have_no_list(district: DemoDistrict, client: Client, mode: BallotMode) -> None:
    sitting = finished(make_sitting(district, mode=mode))
    signed_in = district.login(client, "discipline_inspector")

    assert signed_in.get(page_of(sitting)).status_code == 404
    assert signed_in.get(f"/desk/reviews/sessions/{UUID(int=7)}/unseal/").status_code == 404
    assert page_of(sitting) not in signed_in.get(f"/desk/reviews/sessions/{sitting.session_id}/").content.decode()


PASSPHRASE = "made-up passphrase"
KEY_PAGE = "/desk/reviews/auditor-key/"


@pytest.fixture
def pair(district: DemoDistrict) -> KeyPair:
    """Register the discipline office's own key."""
    made = make_pair(PASSPHRASE)
    register_auditor_key(public=write_public(made.public), by=district.viewer("discipline_inspector"), source_ip="",
                         at=AT)  # fmt: skip
    return made


def test_list_sealed_to_the_auditors_key_opens_with_its_private_half_alone(
    district: DemoDistrict, pair: KeyPair, client: Client, tmp_path: Path
) -> None:
    closed = finished(make_sitting(district))
    key, persons = BallotKey.objects.get(), {str(juror.person_id) for juror in closed.jurors}
    with pytest.raises(CannotDecrypt):
        open_document(key.auditor_box.encode(), purpose="ballot_key.box")
    assert (bytes(key.box), any(person in key.auditor_box for person in persons)) == (b"", False)
    signed_in = district.login(client, "discipline_inspector")
    ask_unsealing(session_id=closed.session_id, reason="核查", by=inspector(closed, 2), source_ip="", at=AT)
    assert signed_in.post(page_of(closed), {"do": "look"}).status_code == 409
    opened = signed_in.post(page_of(closed), {"do": "open"}, follow=True).content.decode()
    assert ("保存封存的文件" in opened, shown(closed, opened)) == (True, set())
    file = signed_in.post(page_of(closed), {"do": "look"})

    assert "attachment" in file.headers["Content-Disposition"]
    for name, content in (("sealed", file.content), ("key", pair.private),
                          ("published", Publication.objects.get().body.encode())):  # fmt: skip
        (tmp_path / name).write_bytes(content)
    said = CliRunner().invoke(
        commands,
        ["review", "open-list", str(tmp_path / "sealed"), str(tmp_path / "key"), "--published",
         str(tmp_path / "published"), "--passphrase", PASSPHRASE],
    )  # fmt: skip
    assert (said.exit_code, shown(closed, said.output)) == (0, people(closed))
    assert all(f"  {total}（" in said.output for total in TOTALS)


def test_key_is_registered_by_its_page_and_a_replaced_one_does_not_come_back(
    district: DemoDistrict, client: Client
) -> None:
    signed_in, keys = district.login(client, "discipline_inspector"), [make_pair(PASSPHRASE) for _ in range(2)]
    assert "还没有登记钥匙" in signed_in.get(KEY_PAGE).content.decode()
    assert KEY_PAGE in signed_in.get("/desk/reviews/").content.decode()
    sent = ["", *(write_public(keys[number].public) for number in (0, 0, 1, 0))]
    answers = [signed_in.post(KEY_PAGE, {"public": text}) for text in sent]

    assert [answer.status_code for answer in answers] == [422, 302, 302, 302, 409]
    assert [bytes(each.public) for each in AuditorKey.objects.order_by("number")] == [pair.public for pair in keys]
    page = signed_in.get(KEY_PAGE).content.decode()
    assert [fingerprint_of(pair.public)[:4] in page for pair in keys] == [True, True]
    lines = [line for line in list_lines(district_id=HOME).lines if line.object_kind == "review_auditor_key"]
    assert [line.data["number"] for line in lines] == [2, 1]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "discipline_inspector"])
def test_nobody_else_registers_or_sees_keys(district: DemoDistrict, role: str) -> None:
    with pytest.raises(NotAllowed):
        register_auditor_key(public=write_public(make_pair(PASSPHRASE).public), by=district.viewer(role), source_ip="",
                             at=AT)  # fmt: skip
    with pytest.raises(NotAllowed):
        list_auditor_keys(viewer=district.viewer(role))
    assert not AuditorKey.objects.exists()


def test_key_of_another_district_seals_nothing_here(district: DemoDistrict, pair: KeyPair) -> None:
    AuditorKey.objects.update(district_id=AWAY)
    finished(make_sitting(district))
    key = BallotKey.objects.get()
    assert (key.auditor_key, key.auditor_box, bool(key.box)) == (None, "", True)


def test_database_keeps_one_box_a_list(closed: Sitting) -> None:
    for wrong in ({"auditor_box": "x"}, {"box": b""}):
        with pytest.raises(IntegrityError, match="ballot_key_one_box"), transaction.atomic():
            BallotKey.objects.update(**wrong)
