"""Joining a case that is already known: one more reporter, no second case."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from linli.cases.actions.attaching import add_files
from linli.cases.actions.opening import Caller, Point, Report, check_sizes
from linli.cases.actions.recording import remember, tell
from linli.cases.actions.weighing import WEIGHED, repeats_in, weigh_repeats
from linli.cases.calc.words import plain
from linli.cases.choices import FINISHED, Action, FileKind
from linli.cases.errors import CannotMerge, NoSuchCase
from linli.cases.models import Case, Reporter
from linli.cases.queries.nearby import NEAR_M
from linli.kernel.crypto import blind_index, encrypt
from linli.kernel.phones import plain_phone
from linli.ledger.commands.actions import claim
from linli.registry.territory.calc.coordinates import distance_m, to_gcj02
from linli.registry.territory.choices import Crs


@transaction.atomic
def join_case(*, district_id: str, case_id: UUID, report: Report, by: Caller, at: datetime) -> UUID:
    """Add a reporter to an open case. Returns the id of what was added.

    Of the report only words, contact, photos and point count; a point says where one stands: a case far from there is
    none. Who joins gets a code of their own (`code_of_joined`), which opens nothing of the first reporter's. From one
    caller with a key a number joins a case once, however often it is said; without a number, the same words do. So of
    two who share a telephone or a counter's screen neither is taken for the other.

    How many reported it counts in the score.

    7 queries, 8 with a key, 2 more with photos. Raises NoSuchCase, CannotOpenCase, CannotMerge (they were taken out).
    """
    check_sizes(report)
    case = Case.objects.select_for_update().filter(district_id=district_id, id=case_id).first()
    if case is None or case.state in FINISHED or not _is_near(case, report.point):
        raise NoSuchCase("no_such_case", field="join")
    number, way = report.contact.agreed(district_id)
    reporter = Reporter(
        district_id=district_id,
        case=case,
        joined_at=at,
        text=plain(report.text),
        name=encrypt(report.contact.name, purpose="reporter.name"),
        phone=encrypt(report.contact.phone, purpose="reporter.phone"),
        phone_index=blind_index(plain_phone(report.contact.phone), purpose="reporter.phone"),
        consent=number,
        consent_way=way,
        wants_news=report.contact.news and bool(report.contact.phone and number),
    )
    if by.key:
        claimed = claim(
            district_id=district_id, caller=by.caller, key=f"join:{case_id}:{_who(reporter)}", body_hash=case_id.hex,
            result_id=reporter.id, at=at,
        )  # fmt: skip
        if not claimed.is_new:
            return _still_there(case, claimed.result_id)
    reporter.save(force_insert=True)
    add_files(
        case, report.file_ids, kind=FileKind.REPORT, by=by.uploader or by.caller, at=at, reporter_id=reporter.id
    )  # fmt: skip
    case.reporters += 1
    case.version += 1
    weigh_repeats(case, max(repeats_in(case), case.reporters - 1))
    case.save(update_fields=["reporters", "version", *WEIGHED])
    remember(
        case=case, action=Action.JOIN, from_state=case.state, at=at, by=by.viewer, data={"reporters": case.reporters}
    )
    tell(case, Action.JOIN, at)
    return reporter.id


def _who(reporter: Reporter) -> str:
    """Tell one who joins from another of the same caller: by the number's index, else by what is said."""
    return sha256(bytes(reporter.phone_index) or reporter.text.encode()).hexdigest()


def _still_there(case: Case, reporter_id: UUID) -> UUID:
    """Give who joined before. 1 query. Raises CannotMerge where they have a case of their own by now."""
    if not Reporter.objects.filter(district_id=case.district_id, case_id=case.id, id=reporter_id).exists():
        raise CannotMerge("not_joined", field="join")
    return reporter_id


def _is_near(case: Case, near: Point | None) -> bool:
    """Whether the case lies where one says to stand, within what the list of similar cases shows, doubled."""
    if near is None or case.lng is None or case.lat is None:
        return True
    lng, lat = to_gcj02(near.lng, near.lat, Crs(near.crs))
    return distance_m(lng, lat, case.lng, case.lat) <= 2 * NEAR_M
