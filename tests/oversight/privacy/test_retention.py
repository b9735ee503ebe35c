"""Nothing is kept longer than declared: wiped, counted again, and the seals stay whole."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.factories.district import AT, DemoDistrict
from tests.support.files.pictures import picture_bytes

from linli.cases.actions.opening import Contact
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, VerifiedBy
from linli.cases.models import Case, CaseFile, CaseStep, Reporter, Verification
from linli.edges.cli.retention import retention
from linli.kernel.db.declarations import list_declared
from linli.kernel.db.grants import grant_application_role
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.actions import seal_new
from linli.ledger.facts.models import Fact
from linli.ledger.facts.queries import verify_ledger
from linli.oversight.privacy.actions.retention import FORGET, apply_retention
from linli.oversight.privacy.queries.retention import list_terms
from linli.oversight.privacy.queries.terms import TERMS
from linli.registry.people.models import Login, OfficeAccount, Person, Post
from linli.support.files.actions import store_file
from linli.support.files.models import StoredFile

SAID, NOTE, COMMENT = "楼上张家天天吵", "张家在三楼", "张家还是吵"
YEAR, TEN_YEARS = timedelta(days=366), timedelta(days=3651)
LOG_YEAR = datetime(2024, 1, 5, tzinfo=UTC)


def _closed(district: DemoDistrict, **more: Any) -> Case:
    """Give a case that went all the way, with words of everybody, closed some hours after it was reported."""
    case = district.open_case_in(text=SAID, address="三号楼张家", contact=Contact("王小明", "13900001234"), **more)
    worker, clerk = district.actor("grid_worker"), district.actor("call_back_clerk")
    district.take(case, Action.HANDLE, by=worker)
    district.take(case, Action.REPORT_BACK, by=worker, note=NOTE)
    finding = Finding(VerifiedBy.CALL, comment=COMMENT)
    at = case.reported_at + timedelta(hours=2)
    verify_case(district_id=district.id, case_id=case.id, finding=finding, version=None, by=clerk, at=at)
    return district.take(case, Action.CLOSE, by=clerk, after=timedelta(hours=3))


def _past_due(district: DemoDistrict, at: datetime) -> dict[str, int]:
    return {row.code: row.past_due for row in list_terms(district_id=district.id, at=at) if row.past_due}


def test_every_declared_time_is_kept_by_one_term() -> None:
    declared = {each.name: each.data.retention_days for each in list_declared() if each.data.retention_days}
    covered = [(name, term.days) for term in TERMS for name in term.covers]

    assert dict(covered) == declared
    assert len(covered) == len(declared)
    assert set(FORGET) == {term.code for term in TERMS}


def test_contacts_go_after_a_year_and_the_words_stay(district: DemoDistrict) -> None:
    case, young = _closed(district), district.open_case_in(contact=Contact("李大力", "13912345678"))
    at = AT + YEAR
    assert _past_due(district, at) == {"contacts": 1}

    apply_retention(district_id=district.id, at=at)

    assert _past_due(district, at) == {}
    kept = {row.case_id: bool(row.phone or row.name or row.phone_index) for row in Reporter.objects.all()}
    assert kept == {case.id: False, young.id: True}
    assert Case.objects.get(id=case.id).text == SAID


def test_words_and_photos_go_after_ten_years(district: DemoDistrict, settings: Settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path
    photo = BytesIO(picture_bytes())
    file = store_file(district_id=district.id, file=photo, claimed_name="1.jpg", by="anonymous", at=AT)
    case = _closed(district, file_ids=(file.id,))
    assert list(tmp_path.rglob("*.jpg"))
    at = AT + TEN_YEARS

    with transaction.atomic():
        apply_retention(district_id=district.id, at=at)

    left = Case.objects.get(id=case.id)
    assert (left.text, bytes(left.address), left.place, left.search, left.title) == ("", b"", "", None, "供水·水管爆裂")
    assert not CaseStep.objects.exclude(note="").exists()
    assert not Verification.objects.exclude(comment="").exists()
    assert not CaseFile.objects.exists()
    assert StoredFile.objects.get().removed_at == at
    assert _past_due(district, at) == {}


def test_words_of_an_open_case_stay_however_old_it_is(district: DemoDistrict) -> None:
    case = district.open_case_in(text=SAID)

    apply_retention(district_id=district.id, at=AT + TEN_YEARS)

    assert Case.objects.get(id=case.id).text == SAID


def test_fact_says_how_much_and_seals_stay_whole(district: DemoDistrict) -> None:
    _closed(district)
    seal_new(district_id=district.id, at=AT)
    before = verify_ledger(district.id)

    apply_retention(district_id=district.id, at=AT + TEN_YEARS)
    apply_retention(district_id=district.id, at=AT + TEN_YEARS)

    said = [fact.data for fact in Fact.objects.filter(kind="retention.applied").order_by("id")]
    assert [(data["contacts"], data["words"], data["words_left"]) for data in said] == [(1, 1, 0), (0, 0, 0)]
    after = verify_ledger(district.id)
    assert (before.is_sound, after.is_sound, after.sealed) == (True, True, before.sealed)
    told = str([fact.data for fact in Fact.objects.all()])
    assert [word for word in (SAID, NOTE, COMMENT, "王小明", "13900001234", "张家") if word in told] == []


def test_people_who_left_three_years_ago_are_nameless(district: DemoDistrict) -> None:
    post = Post.objects.get(id=district.post_of("grid_worker"))
    Post.objects.filter(id=post.id).update(ends_on=date(2026, 11, 1))
    OfficeAccount.objects.create(login=Login.objects.get(person_id=post.person_id), provider="oidc", subject="wang7",
                                 made_at=AT)  # fmt: skip
    at = AT + timedelta(days=3 * 365)
    assert _past_due(district, at)["people"] == 1

    apply_retention(district_id=district.id, at=at)

    person, login = Person.objects.get(id=post.person_id), Login.objects.get(person_id=post.person_id)
    assert (person.name, bytes(person.work_phone), person.code[:4]) == ("—", b"", "gone")
    assert (login.username[:4], login.is_active, login.has_usable_password()) == ("gone", False, False)
    assert not OfficeAccount.objects.exists()
    assert Person.objects.filter(district_id=district.id, name="—").count() == 1
    assert _past_due(district, at) == {}


def _line(district: DemoDistrict, at: datetime) -> None:
    write_line(district_id=district.id, kind=LineKind.UNMASKED, at=at, actor_name="clerk", source_ip="127.0.0.1",
               object_kind="case", object_id="7", data={"reason": "约王小明上门"})  # fmt: skip


def test_traces_of_the_audit_log_go_after_400_days_and_the_lines_stay(district: DemoDistrict) -> None:
    now = timezone.now()
    _line(district, LOG_YEAR)
    _line(district, now)

    apply_retention(district_id=district.id, at=now)

    old, young = AuditLine.objects.order_by("at")
    assert (old.kind, old.actor_name, old.source_ip, old.object_id, old.data) == ("unmasked", "", "", "", {})
    assert (young.actor_name, young.source_ip, young.data) == ("clerk", "127.0.0.1", {"reason": "约王小明上门"})


def test_database_empties_no_young_line_and_no_open_case_whatever_is_asked(district: DemoDistrict) -> None:
    case = district.open_case_in(text=SAID)
    district.take(case, Action.NOTE, by=district.actor("grid_worker"), note=NOTE)
    _line(district, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_forget_traces(%s, 'infinity', 1000)", [district.id])
        traces = cursor.fetchone()[0]
        cursor.execute("SELECT cases_forget_words(%s, %s, false)", [district.id, [case.id]])
        words = cursor.fetchone()[0]

    assert (traces, words, CaseStep.objects.filter(note=NOTE).count()) == (0, 0, 1)


def test_application_wipes_by_these_functions_and_by_nothing_else(district: DemoDistrict) -> None:
    case = _closed(district)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE linli_test_privacy")
        grant_application_role(connection, "linli_test_privacy")
        cursor.execute("SET ROLE linli_test_privacy")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            CaseStep.objects.filter(case_id=case.id).update(note="")
        apply_retention(district_id=district.id, at=AT + TEN_YEARS)
        cursor.execute("RESET ROLE")

    assert _past_due(district, AT + TEN_YEARS) == {}


def test_more_than_a_batch_goes_too(district: DemoDistrict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.cases.actions.forgetting.BATCH", 2)
    for _case in range(5):
        district.open_case_in(contact=Contact("王小明", "13900001234"))
    Case.objects.update(closed_at=AT)

    apply_retention(district_id=district.id, at=AT + YEAR)

    assert _past_due(district, AT + YEAR) == {}
    assert Fact.objects.get(kind="retention.applied").data["contacts"] == 5


def test_command_tells_and_wipes(district: DemoDistrict) -> None:
    case = district.open_case_in(contact=Contact("王小明", "13900001234"), at=LOG_YEAR)
    Case.objects.filter(id=case.id).update(closed_at=LOG_YEAR + timedelta(days=1))

    told, wiped, again = (CliRunner().invoke(retention, [word]) for word in ("check", "run", "check"))

    assert (told.exit_code, wiped.exit_code, again.exit_code) == (1, 0, 0), (told.output, wiped.output, again.output)
    assert "contacts: 1 were past their time, 0 are left" in wiped.output


def test_auditor_sees_counts_and_nobody(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in(contact=Contact("王小明", "13900001234"), at=LOG_YEAR)
    Case.objects.filter(id=case.id).update(closed_at=LOG_YEAR + timedelta(days=1))
    signed_in = district.login(client, "auditor")

    before = signed_in.get("/desk/retention/").content.decode()
    apply_retention(district_id=district.id, at=timezone.now())
    after = signed_in.get("/desk/retention/").content.decode()

    assert ('<span class="tag late">1</span>' in before, '<span class="tag late">' in after) == (True, False)
    assert "反映人的联系方式 1" in after
    assert ("王小明" in before, "王小明" in after) == (False, False)
