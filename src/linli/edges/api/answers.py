"""Parts that answers of several rooms share. A `..._text` is in the caller's language, beside it stands a code."""

from collections.abc import Sequence

from pydantic import BaseModel

from linli.registry.territory.queries import AreaRow


class AreaNameAnswer(BaseModel):
    """An area by name."""

    code: str
    name: str
    level: str


class AreaAnswer(AreaNameAnswer):
    """An area with those it lies in, from the district down to itself."""

    path: list[AreaNameAnswer]


class ResponsibleAnswer(BaseModel):
    """Who has a case. organisation, post: names; null where nobody holds the post."""

    organisation: str | None
    post: str | None = None
    organisation_id: str | None = None
    post_id: str | None = None


class PointAnswer(BaseModel):
    """A point; degrees in the system named."""

    lng: float
    lat: float
    crs: str = "GCJ-02"


def area_name(area: AreaRow) -> AreaNameAnswer:
    """Name an area."""
    return AreaNameAnswer(code=area.code, name=area.name, level=area.level)


def area_answer(chain: Sequence[AreaRow]) -> AreaAnswer | None:
    """Name the last area of a chain with those above it; None for an empty chain."""
    if not chain:
        return None
    last = chain[-1]
    return AreaAnswer(code=last.code, name=last.name, level=last.level, path=[area_name(area) for area in chain])


def point_answer(lng: float | None, lat: float | None) -> PointAnswer | None:
    """Give a GCJ-02 point, if there is one."""
    return None if lng is None or lat is None else PointAnswer(lng=lng, lat=lat)
