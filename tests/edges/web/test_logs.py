"""The log of a busy hour: requests with names, telephone numbers and texts, ended well and badly, leave none of it."""

import io
import json
import logging
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.edges.api.calling import Calling
from tests.factories.district import DemoDistrict

from linli.cases.models import Case
from linli.config.settings import base
from linli.kernel.errors import InvalidInput
from linli.kernel.logs import InBackground, JsonLine, PlainLine, scrubbed
from linli.ledger.commands.actions import deliver_pending, queue_message

NAME, LATIN, PHONE, TEXT = "欧阳测试", "Testperson", "13812345678", "二单元漏水，老人住三楼"
ID_NUMBER, MAIL = "210106197001011234", "neighbour@example.org"
PERSONAL = (NAME, LATIN, PHONE, PHONE[3:], TEXT, TEXT[:4], ID_NUMBER, MAIL, "13899990000")


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def assert_nobody_is_in(written: io.StringIO) -> None:
    text = written.getvalue()
    assert [each for each in PERSONAL if each.lower() in text.lower()] == []
    assert [each for each in PERSONAL if each.encode("unicode_escape").decode() in text] == []


def test_requests_of_residents_and_staff_leave_no_trace_of_anybody(
    district: DemoDistrict, written: io.StringIO
) -> None:
    calling, nobody = Calling(district), Client(raise_request_exception=False)
    calling.report(nobody, text=TEXT, reporter={"name": NAME, "phone": PHONE})
    calling.report(calling.as_("grid_worker"), text=f"{LATIN} {PHONE} {ID_NUMBER}")
    calling.report(nobody, text=f"{NAME} {MAIL}", category=LATIN)
    nobody.post("/report/", {"step": "what", "text": TEXT, "phone": PHONE, "name": NAME})
    nobody.post("/follow/", {"number": PHONE, "code": ID_NUMBER})
    nobody.post("/desk/login/", {"username": LATIN, "password": PHONE})
    nobody.get(f"/{NAME}/{PHONE}/{LATIN}")
    nobody.get(f"/board/?q={PHONE}", headers={"Referer": f"http://testserver/?{LATIN}", "User-Agent": LATIN})
    nobody.get("/", headers={"Host": f"{LATIN.lower()}.example.org"})
    nobody.post("/api/v1/cases", f"{{{LATIN} {TEXT}", content_type="application/json")
    nobody.get(f"/api/v1/cases/{PHONE}")
    Client(enforce_csrf_checks=True).post("/feedback/", {"text": TEXT})
    staff = district.login(Client(), "grid_worker")
    staff.get(f"/desk/open/?q={LATIN}")
    staff.get(f"/desk/cases/{Case.objects.first().id}/")  # type: ignore[union-attr]

    assert len(lines(written)) >= 14
    assert_nobody_is_in(written)


def test_fault_with_personal_words_is_told_by_type_and_place(district: DemoDistrict, written: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    with patch("linli.edges.web.portal.board.render", side_effect=ValueError(f"{NAME} {LATIN} {PHONE}")):
        answer = client.get(reverse("board"))
    with patch("linli.edges.api.cases.reporting.open_case", side_effect=InvalidInput(LATIN, params={"n": PHONE})):
        Calling(district).report(client)

    fault = next(line for line in lines(written) if line["level"] == "error")
    assert answer.status_code == 500
    assert fault["request"] == answer.headers["X-Request-ID"]
    assert fault["exception"][0] == "builtins.ValueError"
    assert any("portal/board.py" in place for place in fault["exception"])
    assert_nobody_is_in(written)


def test_refusal_of_the_database_is_told_by_its_code(district: DemoDistrict, written: io.StringIO) -> None:
    from linli.registry.people.models import Person

    try:
        Person.objects.create(district_id=district.id, code=LATIN, name="x" * 41 + NAME)
    except Exception:
        logging.getLogger("linli.test").exception("a fault")

    assert "22001" in " ".join(lines(written)[0]["exception"])
    assert_nobody_is_in(written)


def test_message_that_does_not_go_out_tells_no_recipient(district: DemoDistrict, written: io.StringIO) -> None:
    case, at = district.open_case_in(), timezone.now()
    queue_message(district_id=district.id, kind="sms", subject_id=case.id, at=at)

    def fails(_message: object) -> None:
        raise ConnectionError(f"{PHONE} {NAME} {LATIN} is no number")

    deliver_pending(district_id=district.id, handlers={"sms": fails}, at=at)

    assert any("not delivered" in line["message"] for line in lines(written))
    assert_nobody_is_in(written)


def test_line_of_a_request_says_what_an_operator_needs(district: DemoDistrict, written: io.StringIO) -> None:
    case = district.open_case_in()
    answer = district.login(Client(), "grid_worker").get(f"/desk/cases/{case.id}/?q=secret")

    line = lines(written)[-1]
    assert set(line) == {
        "time", "level", "logger", "message", "request", "login", "method", "route", "status", "ms",
    }  # fmt: skip
    assert (line["method"], line["status"], line["request"]) == ("GET", 200, answer.headers["X-Request-ID"])
    assert line["route"] == "/desk/cases/<uuid:case_id>/"
    login_id = district.viewer("grid_worker").login_id
    assert len(line["login"]) == 12
    assert line["login"] not in str(login_id)
    assert str(case.id) not in json.dumps(line)


def test_login_is_the_same_digest_on_each_line_and_another_one_for_another(
    district: DemoDistrict, written: io.StringIO
) -> None:
    for role in ("grid_worker", "grid_worker", "community_clerk"):
        district.login(Client(), role).get("/desk/")

    first, second, other = (line["login"] for line in lines(written))
    assert first == second != other


def test_number_of_a_request_is_taken_from_a_known_proxy_alone(district: DemoDistrict, settings: Any) -> None:
    def asked(number: str) -> str:
        return str(Client().get("/healthz", headers={"X-Request-ID": number}).headers["X-Request-ID"])

    assert asked("from-anybody") != "from-anybody"
    settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
    assert asked("from-the-proxy") == "from-the-proxy"
    assert asked(f"{LATIN} {PHONE}!") != f"{LATIN} {PHONE}!"


@pytest.mark.parametrize("formatter", [JsonLine(), PlainLine()])
def test_library_keeps_its_pattern_and_loses_its_values(formatter: logging.Formatter) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (f"/{LATIN}",), None)

    assert "Not Found: %s" in formatter.format(record)
    assert LATIN not in formatter.format(record)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"to {NAME} at {PHONE}", "to … at …"),
        (f"mail {MAIL} bounced", "mail … bounced"),
        ("110 lamps, 12.5 s, case 2026", "110 lamps, 12.5 s, case 2026"),
    ],
)
def test_scrubbed(text: str, left: str) -> None:
    assert scrubbed(text) == left


def test_log_in_the_background_waits_for_nobody_and_counts_what_it_dropped() -> None:
    class Stuck(io.StringIO):
        """A pipe that nobody reads until it is freed."""

        is_free = False

        def write(self, text: str, /) -> int:
            while not self.is_free:
                import time

                time.sleep(0.01)
            return super().write(text)

    stream = Stuck()
    handler = InBackground(stream)
    handler.setFormatter(JsonLine())
    for number in range(10_050):
        handler.emit(logging.LogRecord("linli.test", logging.INFO, "", 0, "line %s", (number % 10,), None))
    dropped, stream.is_free = handler.dropped, True
    handler.flush()

    assert 0 < dropped < 60
    assert "lines were too many" in stream.getvalue()


def test_log_in_operation_is_made_of_what_is_tried_here() -> None:
    assert base.LOGGING["handlers"]["lines"]["class"] == "linli.kernel.logs.InBackground"
    assert base.LOGGING["formatters"]["line"] == {"()": "linli.kernel.logs.PlainLine"}
    assert base.LOGGING["root"]["handlers"] == ["lines"]
