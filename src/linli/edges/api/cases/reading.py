"""Reading cases: lists, one with everything, its history, and contacts in clear."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from linli.cases.actions.unmasking import unmask_case
from linli.cases.choices import State
from linli.cases.queries.detail import get_case
from linli.cases.queries.history import get_history
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.api.cases.answers import (
    CaseAnswer,
    CasesAnswer,
    ContactsAnswer,
    HistoryAnswer,
    case_answer,
    contacts_answer,
    row_answer,
    step_answer,
)
from linli.edges.api.cases.bodies import Code, UnmaskBody
from linli.edges.api.cases.examples import CASE, CONTACTS
from linli.edges.api.cases.router import router
from linli.edges.api.fields import Cursor, Limit, Text
from linli.edges.api.headers import with_version
from linli.edges.api.openapi import answers, problems
from linli.edges.api.places import path_of_area
from linli.edges.api.request import ApiRequest, staff
from linli.edges.callers import address_of
from linli.registry.territory.queries import area_chains


class CasesQuery(BaseModel):
    """What is asked for; what is left out asks nothing. area: a code, with all below it."""

    status: list[State] = []
    area: Annotated[Text, Field(max_length=20)] = ""
    category: Code = ""
    q: Annotated[Text, Field(max_length=100, description="words in title, text and place, or a number")] = ""
    overdue: Annotated[bool, Field(description="true: only what runs late")] = False
    box: Annotated[
        Literal[
            "",
            "todo",
            "done",
            "mine",
            "overdue",
            "open",
            "verify",
            "called",
            "disputed",
            "unowned",
            "escalated",
            "held",
        ],
        Field(
            description="todo: waits for me; done: I took a step; mine: I reported it; called: my office was "
            "whistled for; disputed: a dispute that I decide"
        ),
    ] = ""
    light: Literal["", "late", "warn", "ok", "hold", "done"] = ""
    sort: Literal["newest", "priority", "due", "review"] = "newest"
    cursor: Cursor = ""
    limit: Limit = 50


@router.get("/cases", operation_id="list_cases", response=CasesAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_cases(request: ApiRequest, asked: Query[CasesQuery]) -> CasesAnswer:
    """List the cases that the caller may see. At most 6 queries, however many rows."""
    viewer = staff(request)
    wanted = CaseFilter(
        box=asked.box, states=tuple(asked.status), category=asked.category, q=asked.q, sort=asked.sort,
        light="late" if asked.overdue and not asked.light else asked.light,
        area_path=path_of_area(asked.area, viewer.district_id),
    )  # fmt: skip
    page = list_cases(viewer=viewer, wanted=wanted, at=request.at, cursor=asked.cursor, limit=asked.limit)
    chains = area_chains({row.area_path for row in page.rows}, at=request.at)
    categories = current_rulebooks(viewer.district_id).categories
    return CasesAnswer(items=[row_answer(row, chains[row.area_path], categories) for row in page.rows],
                       next_cursor=page.next_cursor or None)  # fmt: skip


@router.get("/cases/{uuid:case_id}", operation_id="get_case", response=CaseAnswer, openapi_extra={
    "responses": {**answers({200: CASE}), **problems(401, 403, 404)},
})  # fmt: skip
def get_one_case(request: ApiRequest, response: HttpResponse, case_id: UUID) -> CaseAnswer:
    """Show a case with its history, clocks, photos, masked contacts and next steps. Its version is the ETag."""
    return shown(request, response, case_id)


@router.get("/cases/{uuid:case_id}/history", operation_id="get_case_history", response=HistoryAnswer,
            openapi_extra={"responses": problems(401, 403, 404)})  # fmt: skip
def get_case_history(request: ApiRequest, case_id: UUID) -> HistoryAnswer:
    """List the steps of a case, oldest first."""
    steps = get_history(viewer=staff(request), case_id=case_id)
    return HistoryAnswer(items=[step_answer(step) for step in steps])


@router.post("/cases/{uuid:case_id}/contacts", operation_id="unmask_contacts", response=ContactsAnswer,
             openapi_extra={"responses": {**answers({200: CONTACTS}), **problems(401, 403, 404, 422)}})  # fmt: skip
def post_contacts(request: ApiRequest, case_id: UUID, told: UnmaskBody) -> ContactsAnswer:
    """Read the reporters' contact details and the whole address. Who did and why is written into the audit log."""
    viewer = staff(request)
    return contacts_answer(
        unmask_case(district_id=viewer.district_id, case_id=case_id, reason=told.reason, by=viewer,
                    source_ip=address_of(request), at=request.at)
    )  # fmt: skip


def shown(request: ApiRequest, response: HttpResponse, case_id: UUID) -> CaseAnswer:
    """Show a case as the caller may see it, with its ETag."""
    viewer = staff(request)
    found = get_case(viewer=viewer, case_id=case_id, at=request.at)
    with_version(response, found.row.version)
    chain = area_chains([found.row.area_path], at=request.at)[found.row.area_path]
    return case_answer(found, chain, current_rulebooks(viewer.district_id).categories)
