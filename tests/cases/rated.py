"""Call-backs to count rates from, and rules to count them by."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from tests.factories.district import DemoDistrict

from linli.cases.actions.rulebooks import publish_rulebook
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.calc.rate_scheme import DEFAULT_SCHEME
from linli.cases.choices import RulebookKind, Satisfaction, VerifiedBy
from linli.cases.models import Case
from linli.cases.queries.rulebooks import current_rates


def rules(district: DemoDistrict, at: datetime, **changed: Any) -> int:
    """Publish rules of the rates that differ from the usual ones."""
    number, _scheme = current_rates(district.id)
    return publish_rulebook(
        district_id=district.id, kind=RulebookKind.RATES, content=asdict(replace(DEFAULT_SCHEME, **changed)),
        follows=number, reason="试一试", by=district.viewer("catalogue_keeper"), at=at,
    )  # fmt: skip


def called_back(
    district: DemoDistrict, *, at: datetime, said: Satisfaction = Satisfaction.SATISFIED,
    method: VerifiedBy = VerifiedBy.CALL, **report: Any,
) -> Case:  # fmt: skip
    """Open a case in the yard of community 1, handle it and call back, all at one moment."""
    case = district.handled(
        district.open_case_in("compound", at=at, **report), by=district.actor("grid_worker"), after=timedelta(0)
    )
    finding = Finding(method, is_solved=said != Satisfaction.DISSATISFIED, satisfaction=said)
    return verify_case(
        district_id=case.district_id, case_id=case.id, finding=finding, version=case.version,
        by=district.actor("call_back_clerk"), at=at,
    )  # fmt: skip
