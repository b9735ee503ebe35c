"""Opening a case by number and code; wrong codes are counted for all processes alike."""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from linli.cases.calc.words import plain
from linli.cases.choices import Action
from linli.cases.models import FIRST, Case, CaseStep, CodeGuesses, Reporter
from linli.cases.queries.public import JOINED_DIGITS, code_of, code_of_joined
from linli.kernel.errors import NotFound, TooManyRequests
from linli.kernel.ids import new_id
from linli.registry.territory.queries import served_districts

# Six digits: at ten an hour it takes six years to have tried half of the codes of one case.
MOST_WRONG = 10
WINDOW = timedelta(hours=1)
_COUNT = """
INSERT INTO cases_codeguesses AS kept (id, district_id, case_id, began_at, wrong)
VALUES (%(id)s, %(district)s, %(case)s, %(at)s, 1)
ON CONFLICT (district_id, case_id) DO UPDATE SET
    wrong = CASE WHEN kept.began_at > %(since)s THEN kept.wrong + 1 ELSE 1 END,
    began_at = CASE WHEN kept.began_at > %(since)s THEN kept.began_at ELSE %(at)s END
"""


@dataclass(frozen=True, slots=True)
class Opens:
    """What number and code open. reporter_id: of whoever joined that case, None for its first reporter."""

    district_id: str
    case_id: UUID
    reporter_id: UUID | None = None


def find_by_code(*, number: str, code: str, at: datetime) -> tuple[str, UUID]:
    """Tell district and id of the case that number and its first reporter's code open; count a wrong code.

    3 queries, 4 with a wrong code. Raises NotFound, alike for a wrong number and a wrong code, TooManyRequests after
    ten wrong codes in an hour, for a right one too.
    """
    found = _find(number, code, at, _opened_by_first)
    return found.district_id, found.case_id


def find_for_anybody(*, number: str, code: str, at: datetime) -> Opens:
    """Tell what number and code open, of the first reporter or of somebody who joined.

    Who joined and has a case of their own by now comes there, as its first reporter. Queries: as `find_by_code`, 2
    more with the longer code. Raises as that.
    """
    is_longer = len(_typed(code)) == JOINED_DIGITS
    return _find(number, code, at, _opened_by_joined if is_longer else _opened_by_first)


def _find(number: str, code: str, at: datetime, opened: Callable[[Case], Iterator[tuple[str, Opens]]]) -> Opens:
    found = list(
        Case.objects.filter(district_id__in=served_districts(), number=plain(number).strip()).only("id", "district")
    )
    for case in found:
        _check(case, at)
        for right, opens in opened(case):
            if hmac.compare_digest(right.encode(), _typed(code).encode()):
                return opens
    for case in found:
        _count(case, at)
    raise NotFound("number_or_code_wrong", field="number")


def _typed(code: str) -> str:
    return code.strip().replace(" ", "")


def _opened_by_first(case: Case) -> Iterator[tuple[str, Opens]]:
    yield code_of(case.id), Opens(case.district_id, case.id)


def _opened_by_joined(case: Case) -> Iterator[tuple[str, Opens]]:
    """Give the codes of who joined the case, and of who did and was taken out again. 2 queries."""
    of_case = {"district_id": case.district_id, "case_id": case.id}
    for reporter_id in Reporter.objects.filter(**of_case).exclude(FIRST).values_list("id", flat=True).order_by("id"):
        yield code_of_joined(reporter_id), Opens(case.district_id, case.id, reporter_id)
    parted = CaseStep.objects.filter(**of_case, action=Action.UNMERGE, data__has_key="joined").order_by("id")
    for reporter_id, own_case in parted.values_list("data__joined", "data__merged"):
        yield code_of_joined(reporter_id), Opens(case.district_id, UUID(own_case))


def _check(case: Case, at: datetime) -> None:
    guesses = CodeGuesses.objects.filter(
        district_id=case.district_id, case_id=case.id, began_at__gt=at - WINDOW
    ).first()
    if guesses and guesses.wrong >= MOST_WRONG:
        wait_s = int((guesses.began_at + WINDOW - at).total_seconds()) + 1
        raise TooManyRequests("too_many_requests", params={"wait_s": wait_s})


def _count(case: Case, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT, {"id": new_id(), "district": case.district_id, "case": case.id, "at": at, "since": at - WINDOW}
        )
