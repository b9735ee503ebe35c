from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.edges.api.calling import photo
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.joining import join_case
from linli.cases.actions.opening import Caller, Contact, Point, Report
from linli.cases.actions.parting import part_reporter
from linli.cases.choices import Action, FileKind, Source
from linli.cases.errors import CannotMerge, CannotOpenCase, NoSuchCase
from linli.cases.models import Case, CaseFile, CaseStep, Reporter
from linli.kernel.crypto import decrypt
from linli.kernel.errors import InvalidInput
from linli.ledger.facts.models import Fact
from linli.support.files.actions import store_file

CONTACT = Contact("李雷", "024-55550123")


def join(case: Case, *, key: str = "", text: str = "我家也是", **more: Any) -> UUID:
    report, by = Report(text, contact=CONTACT, **more), Caller(Source.PORTAL, caller="visitor:1", key=key)
    return join_case(district_id=case.district_id, case_id=case.id, report=report, by=by, at=AT)


def test_joining_adds_a_reporter_and_no_case(district: DemoDistrict) -> None:
    case = district.open_case_in()
    reporter = Reporter.objects.get(id=join(case))
    case.refresh_from_db()

    assert (Case.objects.count(), case.reporters, case.version) == (1, 2, 2)
    assert (reporter.text, decrypt(reporter.phone, purpose="reporter.phone")) == ("我家也是", "024-55550123")
    assert CaseStep.objects.get(action="join").data == {"reporters": 2}
    assert Fact.objects.get(kind="case.joined").data == {
        "category": "water_burst", "from": "reported", "to": "reported", "reporters": 2,
    }  # fmt: skip


def test_joining_twice_with_one_key_counts_once(district: DemoDistrict) -> None:
    case = district.open_case_in()

    assert join(case, key="k") == join(case, key="k")
    case.refresh_from_db()
    assert (case.reporters, Reporter.objects.count(), case.version) == (2, 1, 2)


def test_joining_twice_with_another_key_counts_once(district: DemoDistrict) -> None:
    case = district.open_case_in()

    assert join(case, key="k") == join(case, key="other", text="还在漏")
    case.refresh_from_db()
    assert case.reporters == 2


def test_two_who_share_a_browser_are_two_reporters(district: DemoDistrict) -> None:
    case = district.open_case_in()
    by = Caller(Source.PORTAL, caller="visitor:1", key="k")
    told = [Report("我家也是", contact=CONTACT), Report("我家也是", contact=Contact("韩梅梅", "024-55550124")),
            Report("三楼也漏"), Report("四楼也漏"), Report("四楼也漏")]  # fmt: skip
    ids = [join_case(district_id=case.district_id, case_id=case.id, report=each, by=by, at=AT) for each in told]
    case.refresh_from_db()

    assert (len(set(ids)), ids[3] == ids[4], case.reporters) == (4, True, 5)


def test_who_was_taken_out_and_joins_again_is_told_so(district: DemoDistrict) -> None:
    case = district.open_case_in()
    part_reporter(district_id=district.id, case_id=case.id, reporter_id=join(case, key="k"), version=None,
                  by=district.actor("grid_worker"), at=AT)  # fmt: skip
    with pytest.raises(CannotMerge, match="not_joined"):
        join(case, key="k")


def test_far_case_is_not_joined(district: DemoDistrict) -> None:
    case = district.open_case_in()
    far = Point((case.lng or 0) + 0.01, case.lat or 0)

    with pytest.raises(NoSuchCase):
        join(case, point=far)


def test_photos_of_who_joins_come_to_the_case(district: DemoDistrict) -> None:
    case = district.open_case_in()
    file = store_file(district_id=district.id, file=photo(), claimed_name="1.png", by="visitor:1", at=AT)
    join(case, file_ids=(file.id,))

    assert list(CaseFile.objects.values_list("case_id", "file_id", "kind")) == [(case.id, file.id, FileKind.REPORT)]


def test_somebody_elses_photo_is_not_joined(district: DemoDistrict) -> None:
    case = district.open_case_in()
    file = store_file(district_id=district.id, file=photo(), claimed_name="1.png", by="visitor:2", at=AT)

    with pytest.raises(InvalidInput):
        join(case, file_ids=(file.id,))
    assert (Reporter.objects.count(), CaseFile.objects.count()) == (0, 0)


def test_finished_or_unknown_case_is_not_joined(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.take(case, Action.REJECT, by=district.actor("grid_head"), reason="no_such_thing")

    for case_id in (case.id, UUID(int=1)):
        with pytest.raises(NoSuchCase):
            join_case(district_id="210106", case_id=case_id, report=Report(""), by=Caller(Source.PORTAL), at=AT)


def test_text_too_long_is_refused(district: DemoDistrict) -> None:
    with pytest.raises(CannotOpenCase, match="text_too_long"):
        join(district.open_case_in(), text="一" * 2001)


@pytest.mark.parametrize(("key", "queries"), [("", 7), ("k", 8)])
def test_queries_of_joining(district: DemoDistrict, key: str, queries: int) -> None:
    case = district.open_case_in()

    with CaptureQueriesContext(connection) as captured:
        join(case, key=key)

    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == queries
