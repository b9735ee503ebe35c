"""Who reported something sees, copies, puts right and has deleted what is kept about them, and nobody else does."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from tests.factories.district import AT, DemoDistrict
from tests.support.files.pictures import picture_bytes

from linli.cases.actions.attaching import add_files
from linli.cases.actions.joining import join_case
from linli.cases.actions.opening import Caller, Contact, Report
from linli.cases.actions.stepping import RESIDENT, Actor
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, FileKind, Source, VerifiedBy
from linli.cases.models import Case, CaseFile, CaseStep, Reporter, Verification
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.public import code_of
from linli.kernel import crypto
from linli.kernel.errors import InvalidInput, NotAllowed, NotFound
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.actions import seal_new
from linli.ledger.facts.models import Fact
from linli.ledger.facts.queries import verify_ledger
from linli.oversight.privacy.actions.answering import Answer, answer_request
from linli.oversight.privacy.actions.asking import Asked, make_request
from linli.oversight.privacy.choices import Part, Refusal, RequestKind
from linli.oversight.privacy.errors import RequestAnswered
from linli.oversight.privacy.models import DataRequest
from linli.oversight.privacy.queries.requests import get_request, held_about, list_requests
from linli.support.files.actions import store_file

PHONE, NAME, SAID, COMMENT = "13900001234", "王小明", "三单元老李家漏水到我家", "又漏了两天"
ALL = tuple(Part)
DELETE = Asked(RequestKind.DELETE, ALL)
LATER = AT + timedelta(days=2)


@pytest.fixture
def closed(district: DemoDistrict) -> Case:
    """Give a closed case whose reporter left name and number, and said how it went; staff noted something."""
    case = district.open_case_in(text=SAID, address="三单元502", contact=Contact(NAME, PHONE))
    worker, clerk, reporter = district.actor("grid_worker"), district.actor("call_back_clerk"), Actor(kind=RESIDENT)
    district.take(case, Action.HANDLE, by=worker)
    district.take(case, Action.REPORT_BACK, by=worker, note="已换阀门")
    finding = Finding(VerifiedBy.REPORTER, comment=COMMENT)
    at = AT + timedelta(hours=2)
    verify_case(district_id=district.id, case_id=case.id, finding=finding, version=None, by=reporter, at=at)
    return district.take(case, Action.CLOSE, by=clerk, after=timedelta(hours=3))


def _ask(case: Case, asked: Asked = DELETE, **more: Any) -> UUID:
    return make_request(district_id=case.district_id, case_id=case.id, asked=asked, source_ip="", at=LATER, **more)


def _answer(district: DemoDistrict, request_id: UUID, answer: Answer, role: str = "community_clerk") -> None:
    viewer = district.viewer(role)
    answer_request(viewer=viewer, request_id=request_id, answer=answer, source_ip="", at=LATER + timedelta(days=1))


def _everywhere() -> str:
    """Read every word that the tables of cases hold, contacts in clear."""
    rows = [
        [row.text, row.title, crypto.decrypt(row.address, purpose="case.address"), row.place, row.search]
        for row in Case.objects.all()
    ]
    rows += [[step.note] for step in CaseStep.objects.all()]
    rows += [[said.comment] for said in Verification.objects.all()]
    rows += [[crypto.decrypt(row.name, purpose="reporter.name"), crypto.decrypt(row.phone, purpose="reporter.phone"),
              row.text] for row in Reporter.objects.all()]  # fmt: skip
    return str(sorted(map(str, rows)))


def test_deletion_removes_contact_words_and_proves_it(district: DemoDistrict, closed: Case) -> None:
    seal_new(district_id=district.id, at=AT)
    assert all(word in _everywhere() for word in (PHONE, NAME, "老李", COMMENT))

    _answer(district, _ask(closed), Answer(is_granted=True, parts=ALL, words="已删除"))

    left = _everywhere()
    assert [word for word in (PHONE, NAME, "老李", "502", COMMENT) if word in left] == []
    assert "已换阀门" in left
    viewer = district.viewer("community_clerk")
    assert list_cases(viewer=viewer, wanted=CaseFilter(q=PHONE), at=LATER).rows == []
    request = DataRequest.objects.get()
    assert (request.state, request.wiped, request.answer) == (
        "granted",
        {"contact": 1, "photos": 0, "words": 3},
        "已删除",
    )
    assert verify_ledger(district.id).is_sound
    told = str([*Fact.objects.values_list("data"), *AuditLine.objects.values_list("data", "object_id")])
    assert [word for word in (PHONE, NAME, "老李", COMMENT) if word in told] == []
    assert set(AuditLine.objects.values_list("kind", flat=True)) >= {"data_requested", "data_answered"}


def test_of_an_open_case_only_the_contact_goes(district: DemoDistrict) -> None:
    case = district.open_case_in(text=SAID, contact=Contact(NAME, PHONE))
    request_id = _ask(case)

    with pytest.raises(InvalidInput, match="words_still_needed"):
        _answer(district, request_id, Answer(is_granted=True, parts=ALL))
    _answer(district, request_id, Answer(is_granted=True, parts=(Part.CONTACT,)))

    assert [word for word in (PHONE, NAME, "老李") if word in _everywhere()] == ["老李"]


def test_words_of_who_joined_stay_and_go_by_their_own_wish(district: DemoDistrict, closed: Case) -> None:
    case = district.open_case_in(text="水又漏了", contact=Contact("李大力", "13800005678"))
    joined = join_case(district_id=district.id, case_id=case.id, by=Caller(Source.PORTAL), at=AT + timedelta(hours=1),
                       report=Report(text="我家也漏", contact=Contact("赵六", "13700009999")))  # fmt: skip
    Case.objects.filter(id=case.id).update(closed_at=LATER)

    _answer(district, _ask(case), Answer(is_granted=True, parts=ALL))
    first = _everywhere()
    _answer(district, _ask(case, by=district.viewer("community_clerk"), reporter_id=joined), Answer(True, ALL))

    assert [word for word in ("李大力", "水又漏了", "赵六", "我家也漏") if word in first] == ["赵六", "我家也漏"]
    assert [word for word in ("赵六", "我家也漏", "13700009999") if word in _everywhere()] == []


def test_photos_of_one_go_and_those_of_others_stay(district: DemoDistrict, settings: Settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path
    firsts, other = (
        store_file(district_id=district.id, file=BytesIO(picture_bytes()), claimed_name="1.png", by=by, at=AT).id
        for by in ("visitor:first", "visitor:other")
    )
    case = district.open_case_in(text="水又漏了", contact=Contact("李大力", "13800005678"))
    add_files(case, (firsts,), kind=FileKind.REPORT, by="visitor:first", at=AT)
    said = Report(text="我家也漏", contact=Contact("赵六", "13700009999"), file_ids=(other,))
    joined = join_case(district_id=district.id, case_id=case.id, report=said, at=AT + timedelta(hours=1),
                       by=Caller(Source.PORTAL, caller="visitor:other"))  # fmt: skip
    Case.objects.filter(id=case.id).update(closed_at=LATER)
    clerk, photos = district.viewer("community_clerk"), Asked(RequestKind.DELETE, (Part.PHOTOS,))

    _answer(district, _ask(case, photos, by=clerk, reporter_id=joined), Answer(is_granted=True, parts=(Part.PHOTOS,)))
    assert [row.file_id for row in CaseFile.objects.all()] == [firsts]
    _answer(district, _ask(case, photos), Answer(is_granted=True, parts=(Part.PHOTOS,)))
    assert not CaseFile.objects.exists()


def test_name_and_number_are_put_right(district: DemoDistrict, closed: Case) -> None:
    _answer(district, _ask(closed, Asked(RequestKind.CORRECT, phone="138 1234 5678")), Answer(is_granted=True))

    row = Reporter.objects.get()
    assert (crypto.decrypt(row.phone, purpose="reporter.phone"), crypto.decrypt(row.name, purpose="reporter.name")) == (
        "138 1234 5678", NAME)  # fmt: skip
    viewer = district.viewer("community_clerk")
    assert len(list_cases(viewer=viewer, wanted=CaseFilter(q="13812345678"), at=LATER).rows) == 1
    assert bytes(DataRequest.objects.get().wish) == b""


def test_refusal_says_why_and_leaves_all_as_it_was(district: DemoDistrict, closed: Case) -> None:
    before, request_id = _everywhere(), _ask(closed)
    with pytest.raises(InvalidInput, match="reason_missing"):
        _answer(district, request_id, Answer(is_granted=False))

    _answer(district, request_id, Answer(is_granted=False, reason=Refusal.KEPT_BY_LAW))

    assert _everywhere() == before
    with pytest.raises(RequestAnswered):
        _answer(district, request_id, Answer(is_granted=True, parts=ALL))


def test_asked_twice_it_waits_once_until_fifteen_working_days_are_over(closed: Case) -> None:
    assert _ask(closed) == _ask(closed)

    row = DataRequest.objects.get()
    assert (row.due_at - LATER).days >= 19
    assert row.due_at.astimezone(AT.tzinfo).strftime("%m-%d %H:%M") == "12-11 18:00"


@pytest.mark.parametrize(("role", "community", "sees"), [
    ("community_clerk", 1, True), ("community_secretary", 1, True), ("district_dispatcher", 1, True),
    ("community_clerk", 2, False), ("grid_worker", 1, False), ("district_leader", 1, False), ("auditor", 1, False),
    ("department_head", 2, False), ("call_back_clerk", 1, False),
])  # fmt: skip
def test_queue_is_for_those_whose_reach_the_case_is_in(
    district: DemoDistrict,
    closed: Case,
    role: str,
    community: int,
    sees: bool,  # noqa: FBT001 - the answer
) -> None:
    request_id, viewer = _ask(closed), district.viewer(role, community=community)

    assert [row.id for row in list_requests(viewer=viewer, at=LATER)] == ([request_id] if sees else [])
    if sees:
        assert get_request(viewer=viewer, request_id=request_id, at=LATER).phone == "139****1234"
        return
    with pytest.raises(NotFound):
        get_request(viewer=viewer, request_id=request_id, at=LATER)
    with pytest.raises(NotFound):
        answer_request(viewer=viewer, request_id=request_id, answer=Answer(True, ALL), source_ip="", at=LATER)
    with pytest.raises(NotAllowed):
        _ask(closed, by=viewer, reporter_id=Reporter.objects.get().id)


@pytest.mark.parametrize("count", [1, 3])
def test_queue_takes_one_query(
    district: DemoDistrict, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _case in range(count):
        _ask(district.open_case_in(contact=Contact(NAME, PHONE)))
    viewer = district.viewer("community_clerk")

    with django_assert_num_queries(1):
        assert len(list_requests(viewer=viewer, at=LATER)) == count


@pytest.fixture
def opens(closed: Case) -> dict[str, str]:
    return {"number": closed.number, "code": code_of(closed.id)}


def test_resident_sees_what_is_kept_masked(closed: Case, opens: dict[str, str], client: Client) -> None:
    page = client.post("/follow/data/", opens).content.decode()
    wrong = client.post("/follow/data/", opens | {"code": "000000" if opens["code"] != "000000" else "111111"})

    assert all(word in page for word in ("王*明", "139****1234", SAID, COMMENT))
    assert (PHONE in page, NAME in page) == (False, False)
    assert (wrong.status_code, SAID in wrong.content.decode()) == (404, False)


def test_copy_is_for_who_knows_the_number_that_was_left(closed: Case, opens: dict[str, str], client: Client) -> None:
    refused = client.post("/follow/data/", opens | {"act": "copy", "phone": "13900001235"})
    given = client.post("/follow/data/", opens | {"act": "copy", "phone": "139 0000 1234"})

    assert (refused.status_code, PHONE in refused.content.decode()) == (422, False)
    copied = json.loads(given.content)
    assert (given.status_code, given["Content-Disposition"]) == (
        200,
        f'attachment; filename="linli-{closed.number}.json"',
    )
    assert (copied["name"], copied["phone"], copied["text"], copied["said_about_the_result"]) == (
        NAME, PHONE, SAID, [COMMENT])  # fmt: skip
    assert AuditLine.objects.get(kind="data_requested").data == {"did": "copy"}


def test_resident_asks_staff_delete_and_the_resident_sees_it(
    district: DemoDistrict, closed: Case, opens: dict[str, str], client: Client
) -> None:
    nothing = client.post("/follow/data/", opens | {"act": "delete"})
    client.post("/follow/data/", opens | {"act": "delete", "parts": ["contact", "words"]})
    staff = district.login(Client(), "community_clerk")
    listed = staff.get("/desk/data-requests/").content.decode()
    url = f"/desk/data-requests/{DataRequest.objects.get().id}/"

    shown = staff.get(url).content.decode()
    unsaid = staff.post(url, {"answer": "refused"})
    done = staff.post(url, {"answer": "granted", "parts": ["contact", "words"], "words": "已按您的要求办理"})
    seen = client.post("/follow/data/", opens).content.decode()

    assert (nothing.status_code, unsaid.status_code, done.status_code) == (422, 422, 302)
    assert (url in listed, "139****1234" in shown, PHONE in shown) == (True, True, False)
    assert all(word in seen for word in ("已删除，复查无留存", "已按您的要求办理"))
    assert [word for word in ("139****1234", "王*明", "老李") if word in seen] == []
    assert PHONE not in staff.get(f"/desk/cases/{closed.id}/").content.decode()


def test_who_stands_at_the_counter_is_helped(district: DemoDistrict, closed: Case, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    page = signed_in.get(f"/desk/cases/{closed.id}/").content.decode()
    url = f"/desk/cases/{closed.id}/data-requests/"

    asked = signed_in.post(url, {"reporter": str(Reporter.objects.get().id)})
    elsewhere = signed_in.post(url, {"reporter": str(UUID(int=7))})

    assert (url in page, asked.status_code, elsewhere.status_code) == (True, 302, 404)
    assert DataRequest.objects.get().channel == "desk"


def test_what_is_held_takes_few_queries(closed: Case, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _ask(closed)

    with django_assert_num_queries(5):
        held = held_about(district_id=closed.district_id, case_id=closed.id, at=LATER)
    assert (held.name, held.phone, held.photos, len(held.requests)) == ("王*明", "139****1234", 0, 1)
