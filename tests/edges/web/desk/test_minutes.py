"""The minutes say who reported, how long, what was asked for and what was published; taking them leaves a line."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from pypdf import PdfReader
from tests.factories.district import HOME, DemoDistrict
from tests.factories.meetings import DemoMeeting, make_meeting

from linli.kernel.ids import new_id
from linli.ledger.audit.models import AuditLine
from linli.oversight.reviews.actions.remarks import Said, nod_remark, write_remark
from linli.oversight.reviews.choices import Phase, RemarkKind
from linli.oversight.reviews.models import Hall, Publication, Turn

WORDS, SECRET = "把下水改造排出工期", "领导还没点头的话"


@pytest.fixture
def meeting(district: DemoDistrict) -> DemoMeeting:
    """Hold a session: one reported too long, one was absent, one report got a result."""
    held = make_meeting(district, at=timezone.now(), phase=Phase.CLOSED)
    now, first = timezone.now(), held.turns["office_1"]
    Hall.objects.filter(session_id=held.id).update(closed_at=now)
    person = district.viewer("subdistrict_secretary").person_id
    Turn.objects.filter(id=first).update(talk_ms=483_000, talk_overrun_ms=3_000, comment_ms=170_000, presenter=person)
    Turn.objects.filter(id=held.turns["office_2"]).update(is_absent=True)
    says(district, held, RemarkKind.ASSIGNMENT, WORDS, turn=first)
    says(district, held, RemarkKind.COMMENT, "讲得实在", turn=first)
    says(district, held, RemarkKind.COMMENT, SECRET, turn=first, is_nodded=False)
    says(district, held, RemarkKind.DEPLOYMENT, "全区排查供水管网", turn=None)
    body = {"turns": [{"id": str(first), "name": "x", "present": 9}],
            "results": [{"turn": str(first), "counted": 8, "is_established": True, "score": "1759/20", "rank": 1}],
            }  # fmt: skip
    Publication.objects.create(id=new_id(), district_id=HOME, session_id=held.id, body=json.dumps(body), root="0",
                               digest="0", made_at=now)  # fmt: skip
    return held


def says(
    district: DemoDistrict, meeting: DemoMeeting, kind: str, text: str, *, turn: UUID | None, is_nodded: bool = True
) -> None:
    clerk, now = district.viewer("review_office"), timezone.now()
    due = timezone.localdate(now) + timedelta(days=9)
    said = Said(kind, text, district.organisations["office_1"], due)
    remark_id = write_remark(by=clerk, meeting_id=meeting.id, turn_id=turn, said=said, key=text, at=now)
    if is_nodded:
        nod_remark(by=clerk, remark_id=remark_id, version=1, at=now)


def url(meeting: DemoMeeting, file_format: str = "docx") -> str:
    return f"/desk/reviews/sessions/{meeting.id}/minutes.{file_format}"


def test_docx_tells_of_the_session(district: DemoDistrict, meeting: DemoMeeting, client: Client) -> None:
    answer = district.login(client, "review_office").get(url(meeting))

    lines = [line.text for line in Document(BytesIO(answer.content)).paragraphs if line.text]
    due, day = timezone.localdate() + timedelta(days=9), timezone.localdate()
    said, name = f"{due.year}年{due.month}月{due.day}日", district.viewer("subdistrict_secretary").name
    assert lines[:2] == ["演示数据", "区指挥中心会议纪要"]
    assert lines[2:4] == [f"述评纪〔{day.year}〕1号", "十一月述职会，第1场会议纪要"]
    for line in (
        "一、会议情况", "二、述职和点评", "三、评议结果", "四、工作部署", "（一）第一街道办事处",
        f"述职人：{name}。述职用时8分3秒，超时3秒。点评用时2分50秒。",
        f"交办：{WORDS}。由第一街道办事处于{said}前办好。",
        "点评：讲得实在。", "缺席，下一场补述。", "第1名：第一街道办事处，87.95分（9名评委，8张有效票）。",
        f"全区排查供水管网。由第一街道办事处牵头，{said}前办好。",
    ):  # fmt: skip
        assert line in lines
    assert SECRET not in "".join(lines)


def test_pdf_tells_the_same(district: DemoDistrict, meeting: DemoMeeting, client: Client) -> None:
    answer = district.login(client, "review_office").get(url(meeting, "pdf"))

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).replace("\n", "")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert (WORDS in text, "87.95" in text, "缺席，下一场补述" in text, SECRET in text) == (True, True, True, False)


def test_taking_them_leaves_a_line(district: DemoDistrict, meeting: DemoMeeting, client: Client) -> None:
    district.login(client, "review_office").get(url(meeting, "pdf"))

    line = AuditLine.objects.get(kind="exported")
    assert (line.object_kind, line.object_id, line.data["format"], line.actor_id) == (
        "review_minutes", str(meeting.id), "pdf", district.viewer("review_office").person_id)  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [
    ("grid_worker", 403), ("discipline_inspector", 403), ("away-community_secretary", 404),
    ("subdistrict_secretary", 200),
])  # fmt: skip
def test_who_may_take_them(
    district: DemoDistrict, meeting: DemoMeeting, client: Client, role: str, status: int
) -> None:
    assert district.login(client, role).get(url(meeting)).status_code == status
    assert AuditLine.objects.filter(kind="exported").exists() == (status == 200)


def test_a_session_that_goes_on_has_none(district: DemoDistrict, client: Client) -> None:
    meeting = make_meeting(district, at=timezone.now(), phase=Phase.SUMMARY)

    assert district.login(client, "review_office").get(url(meeting)).status_code == 409


def test_they_ask_the_same_for_one_and_five_remarks(
    district: DemoDistrict, meeting: DemoMeeting, client: Client
) -> None:
    office, counts = district.login(client, "review_office"), []
    for number in (1, 5):
        for each in range(number):
            says(district, meeting, RemarkKind.COMMENT, f"{number}-{each}", turn=meeting.turns["water_repair"])
        with CaptureQueriesContext(connection) as asked:
            office.get(url(meeting))
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12
