"""Who joins a case follows it by a code of their own, is told alike, and can be taken out with what they had said."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.edges.api.calling import photo
from tests.factories.district import AT, HOME, DemoDistrict

from linli.cases.actions.attaching import add_files
from linli.cases.actions.checking import check_cases
from linli.cases.actions.following import MOST_WRONG, Opens, find_by_code, find_for_anybody
from linli.cases.actions.joining import join_case
from linli.cases.actions.opening import Caller, Contact, Opened, Report
from linli.cases.actions.parting import part_reporter
from linli.cases.actions.rulebooks import publish_rulebook
from linli.cases.actions.stepping import RESIDENT, Actor
from linli.cases.actions.telling_reporters import stop_news, tell_reporters
from linli.cases.calc.rulebooks import default_contents
from linli.cases.choices import Action, ConsentWay, FileKind, RulebookKind, Source
from linli.cases.errors import CannotMerge, NoSuchCase
from linli.cases.models import Case, CaseFile, CaseStep, Reporter
from linli.cases.queries.detail import get_case
from linli.cases.queries.public import code_of, code_of_joined, joined_case
from linli.kernel.errors import NotAllowed, NotFound, PreconditionFailed, TooManyRequests
from linli.kernel.ids import new_id
from linli.ledger.facts.models import Fact
from linli.support.files.actions import store_file
from linli.support.notices.models import Delivery

SECRET, OWN = "绝密水管三号院", "我家门口也在冒水"
HOUR = timedelta(hours=1)


def first(district: DemoDistrict, **more: Any) -> Case:
    contact = Contact("王小明", "13912345678", 1, ConsentWay.PORTAL, news=True)
    return district.open_case_in(text=SECRET, address=f"{SECRET}501", contact=contact, **more)


def join(case: Case, text: str = OWN, *, news: bool = True) -> UUID:
    contact = Contact("李雷", "13900000002", 1, ConsentWay.PORTAL, news=news)
    by = Caller(Source.PORTAL, caller=f"visitor:{text}")
    return join_case(district_id=case.district_id, case_id=case.id, report=Report(text, contact=contact), by=by,
                     at=AT + HOUR)  # fmt: skip


def part(case: Case, reporter_id: UUID, by: Actor, *, version: int | None = None) -> Opened:
    return part_reporter(district_id=case.district_id, case_id=case.id, reporter_id=reporter_id, version=version, by=by,
                         at=AT + 5 * HOUR)  # fmt: skip


def finished(district: DemoDistrict, case: Case) -> Case:
    case = district.handled(case, by=district.actor("grid_worker"), after=2 * HOUR)
    for action in (Action.VERIFY, Action.CLOSE):
        case = district.take(case, action, by=district.actor("district_dispatcher"), after=3 * HOUR)
    return case


def test_own_code_opens_each_step_and_no_word_of_the_first_reporters(district: DemoDistrict) -> None:
    case, worker = first(district), district.actor("grid_worker")
    district.take(case, Action.ACCEPT, by=worker, after=HOUR / 4)
    district.take(case, Action.SUSPEND, by=worker, note="给第一位的话", reason="waits_for_season", after=HOUR / 2,
                  review_on=AT.date() + timedelta(days=9))  # fmt: skip
    mine = join(case)
    district.take(case, Action.RESUME, by=worker, after=2 * HOUR)
    district.handled(case, by=worker, after=3 * HOUR)
    opens = find_for_anybody(number=case.number, code=code_of_joined(mine), at=AT)
    shown = joined_case(district_id=opens.district_id, case_id=opens.case_id, reporter_id=mine, at=AT)

    assert opens == Opens(case.district_id, case.id, mine)
    assert (shown.row.title, shown.text, shown.row.place, shown.photos, shown.can_verify) == (OWN, OWN, "", 0, False)
    notes = [step.note for step in shown.steps]
    assert (SECRET in str(shown), "给第一位的话" in notes, notes[-1] != "") == (False, False, True)
    assert {step.action for step in shown.steps} >= {"report", "suspend", "report-back"}


def test_either_code_opens_its_own_view_alone(district: DemoDistrict, client: Client) -> None:
    case = first(district)
    mine, other = join(case), join(first(district), "另一件")

    assert find_for_anybody(number=case.number, code=code_of(case.id), at=AT) == Opens(case.district_id, case.id)
    for code in (code_of_joined(other), code_of_joined(mine)[:6], "00000000"):
        with pytest.raises(NotFound):
            find_for_anybody(number=case.number, code=code, at=AT)
    with pytest.raises(NotFound):  # by which one answers, and sees what is kept
        find_by_code(number=case.number, code=code_of_joined(mine), at=AT)
    for path in ("/follow/verify/", "/follow/data/"):
        sent = {"number": case.number, "code": code_of_joined(mine), "result": "solved", "rating": "satisfied"}
        assert SECRET not in client.post(path, sent).content.decode()


def test_wrong_codes_of_either_length_are_counted_together(district: DemoDistrict) -> None:
    case = first(district)
    mine = join(case)
    for n in range(MOST_WRONG):
        with pytest.raises(NotFound):
            find_for_anybody(number=case.number, code="0" * (6 if n % 2 else 8), at=AT)
    with pytest.raises(TooManyRequests):
        find_for_anybody(number=case.number, code=code_of_joined(mine), at=AT)


def test_one_step_tells_everybody_who_asked_and_each_stops_it_alone(district: DemoDistrict) -> None:
    case = first(district)
    mine, _quiet = join(case), join(case, "我也看到了", news=False)
    told = {"district_id": case.district_id, "case_id": case.id}

    def tell(kind: str) -> set[UUID]:
        message = new_id()
        tell_reporters(**told, kind=kind, message_id=message, at=AT)
        return set(Delivery.objects.filter(message_id=message).values_list("recipient_id", flat=True))

    opener = Reporter.objects.get(case=case, text="").id
    assert tell("case.accepted") == {opener, mine}
    stop_news(**told, reporter_id=mine)
    assert tell("case.reported_back") == {opener}
    stop_news(**told)
    assert (tell("case.closed"), Reporter.objects.filter(wants_news=True).count()) == (set(), 0)


def test_taken_out_it_is_a_case_of_its_own_with_contact_code_and_wish(district: DemoDistrict) -> None:
    case = first(district)
    mine = join(case)
    case.refresh_from_db()
    opened = part(case, mine, district.actor("grid_worker"), version=case.version)
    case.refresh_from_db()
    own, reporter = Case.objects.get(id=opened.case_id), Reporter.objects.get(id=mine)

    assert (own.text, own.category, own.area_path, own.source, own.post_id) == (
        OWN, case.category, case.area_path, Source.PORTAL, case.post_id,
    )  # fmt: skip
    assert (case.reporters, own.reporters, reporter.case_id, reporter.text, reporter.wants_news) == (
        1, 1, own.id, "", True,
    )  # fmt: skip
    assert find_for_anybody(number=case.number, code=code_of_joined(mine), at=AT) == Opens(case.district_id, own.id)
    step, fact = CaseStep.objects.get(case=case, action="unmerge"), Fact.objects.get(kind="case.unmerged")
    assert (step.data["merged"], fact.subject_id, fact.data["reporters"]) == (str(own.id), case.id, 1)
    assert check_cases(district_id=case.district_id, sample=9, at=AT + 6 * HOUR).faults == ()


def sent(by: str) -> UUID:
    return store_file(district_id=HOME, file=photo(), claimed_name="1.png", by=by, at=AT).id


def test_photos_go_with_who_sent_them(district: DemoDistrict) -> None:
    opener, other, worker = (sent(by) for by in ("visitor:first", "visitor:other", "person:worker"))
    case = first(district)
    add_files(case, (opener,), kind=FileKind.REPORT, by="visitor:first", at=AT)
    said = Report(OWN, contact=Contact(), file_ids=(other,))
    mine = join_case(district_id=HOME, case_id=case.id, report=said, by=Caller(Source.PORTAL, caller="visitor:other"),
                     at=AT + HOUR)  # fmt: skip
    add_files(case, (worker,), kind=FileKind.EVIDENCE, by="person:worker", at=AT + 2 * HOUR)
    seen = joined_case(district_id=HOME, case_id=case.id, reporter_id=mine, at=AT)
    opened = part(case, mine, district.actor("grid_worker"))
    own = district.viewer("call_back_clerk")

    assert seen.photos == 1
    assert {row.file_id for row in get_case(viewer=own, case_id=opened.case_id, at=AT).files} == {other}
    assert {row.file_id for row in get_case(viewer=own, case_id=case.id, at=AT).files} == {opener, worker}
    assert not CaseFile.objects.exclude(reporter=None).exists()


def test_score_goes_back_by_who_was_taken_out(district: DemoDistrict) -> None:
    case = first(district)
    alone = (case.score, case.priority_parts)
    mine = join(case)
    case.refresh_from_db()
    joined = case.score
    part(case, mine, district.actor("grid_worker"))
    case.refresh_from_db()

    assert joined > alone[0]
    assert case.score == alone[0]
    assert [part["points"] for part in case.priority_parts] == [part["points"] for part in alone[1]]


def test_reporter_parts_once_it_is_finished_by_the_page(district: DemoDistrict, client: Client) -> None:
    case = first(district)
    mine = join(case)
    sent = {"number": case.number, "code": code_of_joined(mine)}
    early = client.post("/follow/part/", sent)
    finished(district, case)
    asked = client.post("/follow/", sent).content.decode()
    answer = client.post("/follow/part/", sent).content.decode()

    own = Case.objects.exclude(id=case.id).get()
    assert (early.status_code, "/follow/part/" in asked, SECRET in asked + answer) == (409, True, False)
    assert (own.number in answer, code_of(own.id) in answer, own.state) == (True, True, "reported")


def test_what_can_not_be_taken_out(district: DemoDistrict) -> None:
    case = first(district)
    mine, worker = join(case), district.actor("grid_worker")
    opener = Reporter.objects.get(case=case, text="").id
    refused: list[tuple[UUID, Actor, int | None, type[Exception]]] = [
        (opener, worker, None, CannotMerge), (new_id(), worker, None, CannotMerge),
        (mine, worker, 7, PreconditionFailed), (mine, Actor(kind=RESIDENT), None, CannotMerge),
        (mine, district.actor("call_back_clerk"), None, NotAllowed),
        (mine, district.actor("grid_worker", community=2), None, NoSuchCase),
    ]  # fmt: skip
    for reporter_id, by, version, error in refused:
        with pytest.raises(error):
            part(case, reporter_id, by, version=version)
    assert (Case.objects.count(), Reporter.objects.filter(case=case).count()) == (1, 2)


@pytest.mark.parametrize(("role", "status"), [("grid_worker", 200), ("call_back_clerk", 403)])
def test_page_offers_it_to_who_may(district: DemoDistrict, client: Client, role: str, status: int) -> None:
    case = first(district)
    mine, signed_in = join(case), district.login(client, role)
    page = signed_in.get(f"/desk/cases/{case.id}/").content.decode()
    sent = {"reporter": str(mine), "version": "2"}
    answer = signed_in.post(f"/desk/cases/{case.id}/part/", sent, follow=True)

    assert (f"/desk/cases/{case.id}/part/" in page, answer.status_code) == (status == 200, status)
    assert Case.objects.count() == (2 if status == 200 else 1)


def test_queries_of_a_longer_code(district: DemoDistrict) -> None:
    case = first(district)
    mine = [join(case, f"第{n}位") for n in range(3)][-1]
    with CaptureQueriesContext(connection) as found:
        find_for_anybody(number=case.number, code=code_of_joined(mine), at=AT)
    assert len(found) <= 5


def test_taken_out_of_a_category_that_is_no_longer_offered(district: DemoDistrict) -> None:
    case = first(district)
    mine = join(case)
    rows = default_contents()[RulebookKind.CATEGORIES]["categories"]
    retired = {"categories": [row | {"is_retired": row["code"] == "water_burst"} for row in rows]}
    publish_rulebook(district_id=district.id, kind=RulebookKind.CATEGORIES, content=retired, follows=1, reason="试行",
                     by=district.viewer("catalogue_keeper"), at=AT)  # fmt: skip
    opened = part(case, mine, district.actor("grid_worker"))

    assert Case.objects.get(id=opened.case_id).category != "water_burst"
