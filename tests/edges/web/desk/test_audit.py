"""The audit log is read and written out by the auditor alone; writing it out leaves a line; it says names, not ids."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http.response import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from tests.factories.district import ROLES, DemoDistrict

from linli.edges.words.audit import say_about, say_address
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind, Outcome
from linli.ledger.audit.models import AuditLine
from linli.registry.people.actions.logins import lock_login
from linli.registry.people.rules import may_read_audit

pytestmark = pytest.mark.usefixtures("contexts")

SECRET = "10.9.8.7"


@pytest.fixture
def lines(district: DemoDistrict) -> DemoDistrict:
    """Write lines of this district, of the other one and of nobody's."""
    at, worker = timezone.now(), district.viewer("grid_worker").person_id
    for code, kind, actor, name, address in (
        ("210106", LineKind.LOGIN, worker, "grid_worker-1", SECRET),
        ("210106", LineKind.EXPORTED, district.viewer("community_secretary").person_id, "", "10.0.0.2"),
        ("210105", LineKind.LOGIN, UUID(int=5), "away-grid_worker", "10.6.6.6"),
        ("", LineKind.LOGIN_FAILED, None, "nobody-knows", "10.7.7.7"),
    ):
        outcome = Outcome.REFUSED if kind == LineKind.LOGIN_FAILED else Outcome.DONE
        write_line(district_id=code, kind=kind, at=at, actor_id=actor, actor_name=name, object_kind="login",
                   source_ip=address, outcome=outcome)  # fmt: skip
    return district


@pytest.fixture
def auditor(lines: DemoDistrict, client: Client) -> Client:
    return lines.login(client, "auditor")


def said(client: Client, query: str = "") -> str:
    return client.get(f"/desk/audit/{query}").content.decode()


def test_auditor_reads_the_districts_lines_and_tries_by_unknown_names(auditor: Client) -> None:
    page = said(auditor)

    assert [mark in page for mark in (SECRET, "10.0.0.2", "10.7.7.7", "10.6.6.6")] == [True, True, True, False]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "auditor"])
def test_nobody_else_reads_or_writes_out(lines: DemoDistrict, client: Client, role: str) -> None:
    signed_in = lines.login(client, role)
    before = AuditLine.objects.exclude(kind="not_allowed").count()

    answers = [signed_in.get("/desk/audit/"), signed_in.post("/desk/audit/export/", {"format": "csv"})]

    assert [(answer.status_code, SECRET in answer.content.decode()) for answer in answers] == [(403, False)] * 2
    assert AuditLine.objects.exclude(kind="not_allowed").count() == before
    assert "/desk/audit/" not in signed_in.get("/desk/").content.decode()


def test_stranger_is_sent_to_sign_in(lines: DemoDistrict, client: Client) -> None:
    assert [client.get("/desk/audit/").status_code, client.post("/desk/audit/export/").status_code] == [302, 302]


def test_who_gives_rights_reads_no_audit_whatever_they_hold_besides(district: DemoDistrict) -> None:
    auditor, security = district.viewer("auditor"), district.viewer("security_admin")
    both = replace(auditor, posts=(*auditor.posts, *security.posts))
    narrow = replace(auditor, posts=(replace(auditor.posts[0], area_path="210106/210106003"),))

    assert [may_read_audit(viewer).reason for viewer in (auditor, both, narrow)] == [
        "post_allows", "audits_oneself", "outside_reach"]  # fmt: skip


@pytest.mark.parametrize(("query", "seen"), [
    ("?kind=login", [True, False, False]), ("?who=grid_worker-1", [True, False, False]),
    ("?who=nobody-knows", [False, False, True]), ("?since=2099-01-01", [False, False, False]),
    ("?until=2020-01-01", [False, False, False]), ("?kind=nonsense", [True, True, True]),
])  # fmt: skip
def test_lines_are_filtered(auditor: Client, query: str, seen: list[bool]) -> None:
    page = said(auditor, query)

    assert [mark in page for mark in (SECRET, "10.0.0.2", "10.7.7.7")] == seen


def test_lines_are_found_by_the_persons_name(lines: DemoDistrict, auditor: Client) -> None:
    page = said(auditor, f"?who={lines.viewer('community_secretary').name}")

    assert [mark in page for mark in (SECRET, "10.0.0.2")] == [False, True]


def test_change_of_an_account_is_told_with_name_and_account(lines: DemoDistrict, auditor: Client) -> None:
    worker, admin = lines.viewer("grid_worker"), lines.viewer("security_admin")
    assert worker.person_id is not None
    lock_login(person_id=worker.person_id, by=admin, source_ip="10.3.3.3", at=timezone.now())

    page = said(auditor, "?kind=login_ended")

    assert [mark in page for mark in (admin.name, "grid_worker-1", "10.3.3.3", str(admin.person_id))] == [
        True, True, True, False]  # fmt: skip


def test_pages_follow_each_other(lines: DemoDistrict, auditor: Client) -> None:
    at = timezone.now() - timedelta(days=1)
    for number in range(60):
        write_line(district_id="210106", kind=LineKind.LOGOUT, at=at + timedelta(seconds=number),
                   source_ip=f"172.16.0.{number}")  # fmt: skip
    first = auditor.get("/desk/audit/?kind=logout")
    more = first.context["more_url"]
    rest = auditor.get(f"/desk/audit/{more}")

    addresses = [line.source_ip for page in (first, rest) for line in page.context["lines"]]
    assert addresses == [f"172.16.0.{number}" for number in reversed(range(60))]
    assert rest.context["more_url"] == ""


@pytest.mark.parametrize("number", [1, 40])
def test_list_asks_the_same_however_long(lines: DemoDistrict, auditor: Client, number: int) -> None:
    for each in range(number):
        write_line(district_id="210106", kind=LineKind.LOGOUT, at=timezone.now(), actor_id=UUID(int=each))
    auditor.get("/desk/audit/")
    with CaptureQueriesContext(connection) as asked:
        auditor.get("/desk/audit/")

    assert len(asked) == 2 + 2 + 2 + 3


@pytest.mark.parametrize("file_format", ["csv", "json", "xlsx"])
def test_writing_out_leaves_a_line_itself(auditor: Client, file_format: str) -> None:
    answer = auditor.post("/desk/audit/export/", {"format": file_format, "query": "kind=login"})

    assert isinstance(answer, StreamingHttpResponse)
    content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    line = AuditLine.objects.get(object_kind="audit")
    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"], line.kind) == (200, True, "exported")
    assert line.data["format"] == file_format
    if file_format != "xlsx":
        assert [mark.encode() in content for mark in (SECRET, "10.0.0.2", "10.6.6.6")] == [True, False, False]


def test_unknown_format_is_refused_and_leaves_no_line(auditor: Client) -> None:
    answer = auditor.post("/desk/audit/export/", {"format": "pdf"})

    assert (answer.status_code, AuditLine.objects.filter(object_kind="audit").count()) == (422, 0)


@pytest.mark.parametrize(
    ("role", "start"),
    [("auditor", "/desk/audit/"), ("security_admin", "/desk/people/"), ("discipline_inspector", "/desk/reviews/")],
)
def test_who_works_on_no_cases_begins_with_what_the_post_is_for(
    district: DemoDistrict, client: Client, role: str, start: str
) -> None:
    answer = district.login(client, role).get("/desk/")

    assert (answer.status_code, answer.headers["Location"]) == (302, start)


def test_address_that_was_refused_is_told_by_its_room(district: DemoDistrict, client: Client) -> None:
    path = f"/desk/reviews/sessions/{UUID(int=7)}/"
    write_line(district_id="210106", kind=LineKind.NOT_ALLOWED, at=timezone.now(), object_kind="address",
               object_id=path, outcome=Outcome.REFUSED)  # fmt: skip

    page = said(district.login(client, "auditor"))

    assert f"月述月评（{path}）" in page
    assert [say_address(each) for each in ("/nowhere/", "/desk/people/coverage/holes/")] == [
        "/nowhere/", "责任覆盖（/desk/people/coverage/holes/）",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("review_draw", {"did": "committed", "draw": "SYJS-2026-10-1"}, "抽签名单冻结 · SYJS-2026-10-1"),
        ("review_draw", {"did": "something_new"}, "月述月评"),
        ("review_ballots", {"did": "opened", "reason": "核对"}, "启封选票 · 核对"),
        ("areas", {"did": "taken_back"}, "撤回区域调整"),
        ("areas", {"did": "split"}, "区域"),
    ],
)
def test_deeds_of_reviews_and_areas_are_told_in_words(kind: str, data: dict[str, object], words: str) -> None:
    with override("zh-hans"):
        assert say_about(object_kind=kind, object_id="", data=data, names={}, roles={}, registers={}) == words
