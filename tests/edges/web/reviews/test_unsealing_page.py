"""Opening a sealed list by its page: one asks, another opens, those two alone see it, and never by GET."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import AT, DemoDistrict
from tests.factories.review import WHOLE_TURN, Sitting, make_sitting

from linli.kernel.errors import Conflict, NotAllowed
from linli.ledger.audit.queries import list_lines
from linli.oversight.reviews.actions.publishing import ask_unsealing, look_at_unsealed, unseal
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.choices import BallotMode
from linli.oversight.reviews.models import BallotKey, Publication
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
