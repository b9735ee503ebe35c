"""Taking somebody who joined a case out of it again: what they reported becomes a case of its own."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.actions.beside import check_version
from linli.cases.actions.opening import Caller, Opened, Point, Report, open_case
from linli.cases.actions.recording import remember, tell
from linli.cases.actions.stepping import RESIDENT, STAFF, Actor
from linli.cases.actions.weighing import WEIGHED, repeats_in, weigh_repeats
from linli.cases.choices import FINISHED, Action, Source, State
from linli.cases.errors import CannotMerge, NoSuchCase
from linli.cases.models import FIRST, Case, CaseFile, Reporter
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.rules import may_merge, may_see_case, post_behind


@transaction.atomic
def part_reporter(
    *, district_id: str, case_id: UUID, reporter_id: UUID, version: int | None, by: Actor, at: datetime
) -> Opened:
    """Open a case of what somebody who joined had said, of the same category and place; they are its first reporter.

    Their contact, wish for news, photos and code go along: with the code and the old number they come to the new case.
    The other case has one reporter less, and weighs so. Locks that case; queries: 10 and those of `open_case`. Raises
    NoSuchCase, PreconditionFailed, CannotMerge (nobody who joined; the case
    is merged itself), NotAllowed; a reporter may once the case is finished.
    """
    case = Case.objects.select_for_update().filter(district_id=district_id, id=case_id).first()
    if case is None or (by.kind == STAFF and not may_see_case(by.viewer, case)):
        raise NoSuchCase("no_such_case")
    check_version(case, version)
    _check(case, by)
    mine = Reporter.objects.filter(district_id=district_id, case_id=case_id, id=reporter_id).exclude(FIRST)
    words = mine.values_list("text", flat=True).first()
    if words is None:
        raise CannotMerge("not_joined")
    opened = open_case(report=_report(case, words), by=Caller(Source.PORTAL), at=at)
    Reporter.objects.filter(district_id=district_id, id=reporter_id).update(
        case_id=opened.case_id, joined_at=at, text=""
    )
    mine_too = CaseFile.objects.filter(district_id=district_id, case_id=case_id, reporter_id=reporter_id)
    mine_too.update(case_id=opened.case_id, reporter_id=None)
    is_by_reporters = repeats_in(case) == case.reporters - 1  # else more were counted nearby as it came in
    case.reporters -= 1
    case.version += 1
    weigh_repeats(case, case.reporters - 1 if is_by_reporters else repeats_in(case))
    case.save(update_fields=["reporters", "version", *WEIGHED])
    remember(
        case=case, action=Action.UNMERGE, from_state=case.state, at=at, by=by.viewer, by_kind=by.kind,
        data={"reporters": case.reporters, "merged": str(opened.case_id), "joined": str(reporter_id)},
        acted_as=post_behind(by.viewer, case) if by.kind == STAFF else None,
    )  # fmt: skip
    tell(case, Action.UNMERGE, at)
    return opened


def _check(case: Case, by: Actor) -> None:
    if case.state == State.MERGED:
        raise CannotMerge("part_from_merged")
    if by.kind == RESIDENT:
        if case.state not in FINISHED:
            raise CannotMerge("leading_still_open")
    else:
        may_merge(by.viewer, case).require()


def _report(case: Case, words: str) -> Report:
    """Say it again for a case of its own; where the words were wiped by now, by the name of the category.

    A category that is no longer offered is left to be suggested anew.
    """
    kind = current_rulebooks(case.district_id).categories.get(case.category)
    point = Point(case.lng, case.lat) if case.lng is not None and case.lat is not None else None
    return Report(
        text=words.strip() or (kind.name if kind else case.category), point=point,
        category=kind.code if kind and not kind.is_retired else "",
        area_code=case.area_path.rpartition("/")[2],
    )  # fmt: skip
