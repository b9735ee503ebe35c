"""Organisations, posts and the people who hold them: names and posts, nothing else of anybody."""

from typing import Annotated, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from linli.edges.api.fields import Cursor, Limit, Text
from linli.edges.api.openapi import problems
from linli.edges.api.pages import cut, read_id_cursor, write_cursor
from linli.edges.api.places import path_of_area
from linli.edges.api.request import ApiRequest, staff
from linli.kernel.pinyin import BETWEEN, names_like
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.queries import Holder, page_people, page_posts

router = Router(tags=["registry"])
_MOST_ORGANISATIONS = 20_000
AreaCode = Annotated[Text, Field(max_length=20, description="an area's code, with all below it")]


class OrganisationAnswer(BaseModel):
    """An organisation; area_path: codes from the district down."""

    id: UUID
    code: str
    name: str
    kind: str
    area_path: str


class OrganisationsAnswer(BaseModel):
    """A page of organisations, by code."""

    items: list[OrganisationAnswer]
    next_cursor: str | None


class OrganisationsQuery(BaseModel):
    """What is asked for."""

    kind: Annotated[Text, Field(max_length=30)] = ""
    area: AreaCode = ""
    q: Annotated[Text, Field(max_length=40, description="a part of the name, or its pinyin")] = ""
    cursor: Cursor = ""
    limit: Limit = 50


class PostAnswer(BaseModel):
    """A post in force."""

    id: UUID
    role: str
    role_name: str
    person_id: UUID
    person_name: str
    organisation_id: UUID
    organisation_name: str
    area_path: str
    area_name: str
    is_on_duty: bool


class PostsAnswer(BaseModel):
    """A page of posts, by id."""

    items: list[PostAnswer]
    next_cursor: str | None


class PostsQuery(BaseModel):
    """What is asked for."""

    area: AreaCode = ""
    role: Annotated[Text, Field(max_length=40)] = ""
    organisation: UUID | None = None
    cursor: Cursor = ""
    limit: Limit = 50


class PersonAnswer(BaseModel):
    """A colleague of the district with the posts held now."""

    id: UUID
    name: str
    posts: list[PostAnswer]


class PeopleAnswer(BaseModel):
    """A page of people, by id."""

    items: list[PersonAnswer]
    next_cursor: str | None


class PeopleQuery(BaseModel):
    """What is asked for."""

    q: Annotated[Text, Field(max_length=40, description="a part of the name, or its pinyin")] = ""
    cursor: Cursor = ""
    limit: Limit = 50


class MeAnswer(BaseModel):
    """Who is asking. scope: session, read or write."""

    name: str
    district: str
    scope: Literal["session", "read", "write"]
    posts: list[str]
    may: list[str]


@router.get("/organisations", operation_id="list_organisations", response=OrganisationsAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_organisations(request: ApiRequest, asked: Query[OrganisationsQuery]) -> OrganisationsAnswer:
    """List the organisations of one's district."""
    viewer = staff(request)
    rows = list_organisations(
        district_id=viewer.district_id, on=timezone.localdate(request.at), kind=asked.kind,
        area_path=path_of_area(asked.area, viewer.district_id), limit=_MOST_ORGANISATIONS,
    )  # fmt: skip
    like = set(names_like(asked.q, BETWEEN.join(row.name for row in rows)))
    found = [row for row in rows if row.name in like]
    page, next_cursor = cut(found, key=lambda row: row.code, cursor=asked.cursor, limit=asked.limit)
    return OrganisationsAnswer(
        items=[OrganisationAnswer(id=row.id, code=row.code, name=row.name, kind=row.kind, area_path=row.area_path)
               for row in page],
        next_cursor=next_cursor or None,
    )  # fmt: skip


@router.get("/posts", operation_id="list_posts", response=PostsAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_posts(request: ApiRequest, asked: Query[PostsQuery]) -> PostsAnswer:
    """List the posts in force of one's district: who is responsible where."""
    viewer = staff(request)
    rows = page_posts(
        district_id=viewer.district_id, on=timezone.localdate(request.at), role=asked.role,
        area_path=path_of_area(asked.area, viewer.district_id), organisation_id=asked.organisation,
        after=read_id_cursor(asked.cursor), limit=asked.limit + 1,
    )  # fmt: skip
    page = rows[: asked.limit]
    more = write_cursor(str(page[-1].post_id)) if len(rows) > asked.limit else None
    return PostsAnswer(items=[_post(row) for row in page], next_cursor=more)


@router.get("/people", operation_id="list_people", response=PeopleAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_people(request: ApiRequest, asked: Query[PeopleQuery]) -> PeopleAnswer:
    """List colleagues of one's district, by name and post; no telephone number, no address."""
    viewer = staff(request)
    rows = page_people(district_id=viewer.district_id, on=timezone.localdate(request.at), q=asked.q,
                       after=read_id_cursor(asked.cursor), limit=asked.limit + 1)  # fmt: skip
    page = rows[: asked.limit]
    return PeopleAnswer(
        items=[PersonAnswer(id=row.id, name=row.name, posts=[_post(post) for post in row.posts]) for row in page],
        next_cursor=write_cursor(str(page[-1].id)) if len(rows) > asked.limit else None,
    )  # fmt: skip


@router.get("/me", operation_id="get_me", response=MeAnswer, openapi_extra={"responses": problems(401, 403)})
def get_me(request: ApiRequest) -> MeAnswer:
    """Tell who is asking, with which posts, and what these allow."""
    viewer = staff(request)
    return MeAnswer.model_validate({
        "name": viewer.name, "district": viewer.district_id, "scope": request.access,
        "posts": [f"{post.organisation_name} {post.role_name} {post.area_name}" for post in viewer.posts],
        "may": sorted({verb for post in viewer.posts for verb in post.verbs}),
    })  # fmt: skip


def _post(row: Holder) -> PostAnswer:
    return PostAnswer(
        id=row.post_id, role=row.role, role_name=row.role_name, person_id=row.person_id, person_name=row.person_name,
        organisation_id=row.organisation_id, organisation_name=row.organisation_name, area_path=row.area_path,
        area_name=row.area_name, is_on_duty=row.is_on_duty,
    )  # fmt: skip
