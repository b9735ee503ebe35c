"""Opening a case by number and code; wrong codes are counted for all processes alike."""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from linli.cases.calc.words import plain
from linli.cases.models import Case, CodeGuesses
from linli.cases.queries.public import code_of
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


def find_by_code(*, number: str, code: str, at: datetime) -> tuple[str, UUID]:
    """Tell district and id of the case that number and code open; count a wrong code.

    3 queries, 4 with a wrong code. Raises NotFound, alike for a wrong number and a wrong code, TooManyRequests after
    ten wrong codes in an hour, for a right one too.
    """
    found = list(
        Case.objects.filter(district_id__in=served_districts(), number=plain(number).strip()).only("id", "district")
    )
    for case in found:
        _check(case, at)
        if hmac.compare_digest(code_of(case.id).encode(), code.strip().replace(" ", "").encode()):
            return case.district_id, case.id
    for case in found:
        _count(case, at)
    raise NotFound("number_or_code_wrong", field="number")


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
