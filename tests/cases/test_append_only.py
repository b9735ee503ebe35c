"""The application's own role can't change what happened."""

from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.factories.district import AT, DemoDistrict

from linli.cases.choices import Action
from linli.cases.models import CaseStep
from linli.kernel.db.grants import append_only_tables, grant_application_role
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import seal_new

ROLE = "linli_test_cases_application"
TABLES = {"cases_casestep", "cases_verification", "cases_rulebook", "facts_fact", "facts_seal", "facts_sealedfact",
          "audit_auditline", "territory_boundary", "territory_boundaryversion"}  # fmt: skip


@pytest.fixture
def application(district: DemoDistrict) -> Iterator[DemoDistrict]:
    """Become the application's role for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        grant_application_role(connection, ROLE)
        cursor.execute(f"SET ROLE {ROLE}")
        yield district
        cursor.execute("RESET ROLE")


def test_history_is_declared_append_only() -> None:
    assert set(append_only_tables()) >= TABLES


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.parametrize("change", ["UPDATE {} SET district_id = district_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_application_cannot_change_history(application: DemoDistrict, table: str, change: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(change.format(table))


def test_application_does_all_its_work_without_those_rights(application: DemoDistrict) -> None:
    case = application.open_case_in()
    application.handled(case, by=application.actor("grid_worker"))
    application.take(case, Action.VERIFY, by=application.actor("call_back_clerk"))
    application.take(case, Action.CLOSE, by=application.actor("call_back_clerk"))
    write_line(district_id="210106", kind=LineKind.EXPORTED, at=AT)
    seal_new(district_id="210106", at=AT)

    assert CaseStep.objects.count() == 5
