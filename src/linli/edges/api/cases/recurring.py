"""What recurs at one place: the list, one matter from first to last time, the case of its cause; what is alike."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from pydantic import BaseModel, Field

from linli.cases.actions.opening import LONGEST_TEXT
from linli.cases.actions.preventing import open_root_case
from linli.cases.actions.repeating import Command, once
from linli.cases.calc.series import SeriesRule
from linli.cases.queries.alike import list_alike_closed
from linli.cases.queries.rows import CaseRow
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.series import get_series, list_series
from linli.edges.api.cases.answers import RowAnswer, row_answer
from linli.edges.api.cases.router import router
from linli.edges.api.fields import Moment, Text
from linli.edges.api.headers import REPLAYED, Key, checked_key, hash_of
from linli.edges.api.openapi import problems
from linli.edges.api.request import ApiRequest, staff, staff_caller
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.registry.territory.queries import area_chains


class RootBody(BaseModel):
    """What the case of the cause says."""

    text: Annotated[Text, Field(max_length=LONGEST_TEXT, examples=["换掉这一段老管道"])]


class RuleAnswer(BaseModel):
    """From how many cases of one category within so many days and metres on they are one matter."""

    days: int
    metres: int
    least: int


class RecurringRowAnswer(BaseModel):
    """A recurring matter: its newest case, how many there are, how many are open, and since when."""

    newest: RowAnswer
    count: int
    open: int
    since: Moment


class RecurringAnswer(BaseModel):
    """At most 50 matters, most cases first. is_cut: there were more cases than are read."""

    items: list[RecurringRowAnswer]
    rule: RuleAnswer
    is_cut: bool


class TimeAnswer(BaseModel):
    """One time that it happened, and what was reported back last."""

    case: RowAnswer
    what: str | None


class SolverAnswer(BaseModel):
    """Who had cases of it that are closed, and how many."""

    name: str
    count: int


class SeriesAnswer(BaseModel):
    """Every time that the caller may see, oldest first. root: the case of the cause; has_root: there is one."""

    times: list[TimeAnswer]
    since: Moment
    rule: RuleAnswer
    solvers: list[SolverAnswer]
    root: RowAnswer | None
    has_root: bool


class AlikeAnswer(BaseModel):
    """A closed case, how alike its words are, what was reported back last, and the seconds to its solution."""

    case: RowAnswer
    percent: int
    what: str | None
    took_s: int | None


class AlikesAnswer(BaseModel):
    """At most five, the likest first. read: how many closed cases of the category were laid beside it."""

    items: list[AlikeAnswer]
    read: int


@router.get("/cases/{uuid:case_id}/alike", operation_id="list_alike", response=AlikesAnswer,
            openapi_extra={"responses": problems(401, 403, 404)})  # fmt: skip
def get_alike(request: ApiRequest, case_id: UUID) -> AlikesAnswer:
    """Suggest closed cases like one, of the newest 500 of its category that the caller may see."""
    found = list_alike_closed(viewer=staff(request), case_id=case_id, at=request.at)
    told = _told(request, [each.row for each in found.rows])
    return AlikesAnswer(read=found.read, items=[
        AlikeAnswer(case=told[each.row.id], percent=each.percent, what=each.what or None,
                    took_s=int(each.took.total_seconds()) if each.took is not None else None)
        for each in found.rows
    ])  # fmt: skip


@router.get("/recurring", operation_id="list_recurring", response=RecurringAnswer,
            openapi_extra={"responses": problems(401, 403)})  # fmt: skip
def get_recurring(request: ApiRequest) -> RecurringAnswer:
    """List what recurs at one place, of the newest 20,000 cases in sight."""
    viewer = staff(request)
    may_somewhere(viewer, Verb.SEE_CASES).require()
    found = list_series(viewer=viewer, at=request.at)
    told = _told(request, [row.newest for row in found.rows])
    return RecurringAnswer(
        items=[RecurringRowAnswer(newest=told[row.newest.id], count=row.count, open=row.open, since=row.since)
               for row in found.rows],
        rule=_rule(found.rule), is_cut=found.is_cut,
    )  # fmt: skip


@router.get("/recurring/{uuid:case_id}", operation_id="get_recurring", response=SeriesAnswer,
            openapi_extra={"responses": problems(401, 403, 404)})  # fmt: skip
def get_one(request: ApiRequest, case_id: UUID) -> SeriesAnswer:
    """Show every time that a matter came up around a case."""
    return _shown(request, case_id)


@router.post("/recurring/{uuid:case_id}/root", operation_id="open_root_case", response=SeriesAnswer, openapi_extra={
    "responses": problems(401, 403, 404, 409, 422),
})  # fmt: skip
def post_root(
    request: ApiRequest, response: HttpResponse, case_id: UUID, headers: Key, told: RootBody
) -> SeriesAnswer:  # fmt: skip
    """Open the one case of the cause; where there is one, nothing is opened and that one is shown."""
    viewer = staff(request)
    command = Command(viewer.district_id, staff_caller(request), checked_key(headers.key), hash_of(told, request.path))
    if not once(command=command, of=case_id, at=request.at, act=lambda: open_root_case(
        case_id=case_id, text=told.text, by=viewer, at=request.at
    )):  # fmt: skip
        response.headers[REPLAYED] = "true"
    return _shown(request, case_id)


def _shown(request: ApiRequest, case_id: UUID) -> SeriesAnswer:
    found = get_series(viewer=staff(request), case_id=case_id, at=request.at)
    roots = [found.root] if found.root else []
    told = _told(request, [*(each.row for each in found.times), *roots])
    return SeriesAnswer(
        times=[TimeAnswer(case=told[each.row.id], what=each.what or None) for each in found.times], since=found.since,
        rule=_rule(found.rule), solvers=[SolverAnswer(name=name, count=count) for name, count in found.solvers],
        root=told[found.root.id] if found.root else None, has_root=found.has_root,
    )  # fmt: skip


def _told(request: ApiRequest, rows: Sequence[CaseRow]) -> dict[UUID, RowAnswer]:
    """Tell of cases as lists do. 2 queries."""
    chains = area_chains({row.area_path for row in rows}, at=request.at)
    categories = current_rulebooks(request.viewer.district_id).categories
    return {row.id: row_answer(row, chains[row.area_path], categories) for row in rows}


def _rule(rule: SeriesRule) -> RuleAnswer:
    return RuleAnswer(days=rule.series_days, metres=rule.series_metres, least=rule.series_least)
