"""Whistles as their rows say and as the history tells them again: the cases where the two differ."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from linli.cases.calc.whistles import DEEDS, Call, Deed, tell_calls
from linli.cases.models import CaseStep, WhistleCall
from linli.support.calendar.calc import WorkingCalendar

_COLUMNS = ("caller_id", "called_by", "called_at", "hours", "due_at", "is_lead", "reported_in_at", "opined_at",
            "evaluated_at", "speed", "result", "taken_back_at", "opinion_hours", "opinion_since", "opinion_until",
            "opinion_due_at")  # fmt: skip


def find_whistles_told_otherwise(district_id: str, calendar: WorkingCalendar) -> list[UUID]:
    """List the cases of a district whose calls are not what their history tells, ordered. 2 queries.

    Holds all calls and all lines of history about them, which are few beside the cases. Calls of which the history
    does not say the hours and the caller, as it did not at first, are compared without these.
    """
    rows: dict[UUID, list[Call]] = defaultdict(list)
    found = WhistleCall.objects.filter(district_id=district_id).order_by("case_id", "id")
    for case, organisation, caller, *rest in found.values_list("case_id", "organisation_id", *_COLUMNS):
        rows[case].append(Call(str(organisation), str(caller), *rest))
    deeds: dict[UUID, list[Deed]] = defaultdict(list)
    steps = CaseStep.objects.filter(district_id=district_id, action__in=DEEDS).order_by("case_id", "id")
    for case, *deed in steps.values_list("case_id", "action", "at", "by_person", "data"):
        deeds[case].append(Deed(*deed))
    return sorted(
        case for case in rows.keys() | deeds.keys()
        if not _agree(rows.get(case, []), tell_calls(deeds.get(case, ()), calendar))
    )  # fmt: skip


def _agree(rows: Sequence[Call], told: Sequence[Call]) -> bool:
    if len(rows) != len(told):
        return False
    pairs = zip(sorted(rows, key=_which), sorted(told, key=_which), strict=True)
    return all(again == (row if again.hours else replace(row, caller=again.caller, hours=0)) for row, again in pairs)


def _which(call: Call) -> tuple[str, datetime]:
    return call.organisation, call.called_at
