"""The figures of the cockpit: counted from facts, each with its numerator and denominator."""

from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from linli.cases.calc.rates import Rate
from linli.cases.queries.cockpit import get_cockpit
from linli.edges.api.fields import Moment, Text
from linli.edges.api.openapi import problems
from linli.edges.api.places import path_of_area
from linli.edges.api.request import ApiRequest, staff
from linli.edges.words.cases import say_rate
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.registry.territory.choices import AreaMix

router = Router(tags=["ledger"])


class RateAnswer(BaseModel):
    """A rate with its parts. percent null: not one effective call-back to count from; percent_before: as `before`."""

    name: str
    name_text: str
    percent: float | None
    numerator: str
    denominator: int
    percent_before: float | None


class FigureAnswer(BaseModel):
    """A number, the same of the period compared with (null: not comparable), and by day, or by week of a long one."""

    name: str
    value: int
    before: int | None
    trend: list[int]


class AreaFiguresAnswer(BaseModel):
    """An area beside others of its level, by code; no ranking. mix: what its communities are."""

    code: str
    mix: AreaMix
    open: int
    late: int
    warn: int
    rates: list[RateAnswer]


class IndicatorsAnswer(BaseModel):
    """The figures of a period, [since, until), counted at as_of.

    before_since, before_until: what it is compared with, the same days of the year before where there are data.
    """

    period: str
    since: Moment
    until: Moment
    before_since: Moment
    before_until: Moment
    area_path: str
    rates: list[RateAnswer]
    figures: list[FigureAnswer]
    hours: int | None
    hours_before: int | None
    areas: list[AreaFiguresAnswer]
    as_of: Moment


class IndicatorsQuery(BaseModel):
    """Which period, and an area's code."""

    period: Literal["today", "week", "month", "year"] = "month"
    area: Annotated[Text, Field(max_length=20)] = ""


@router.get("/indicators", operation_id="get_indicators", response=IndicatorsAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def get_indicators(request: ApiRequest, asked: Query[IndicatorsQuery]) -> IndicatorsAnswer:
    """Give response, solution and satisfaction rate and the figures, as far as the caller's posts reach."""
    viewer = staff(request)
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    path = path_of_area(asked.area, viewer.district_id)
    board = get_cockpit(viewer=viewer, period_name=asked.period, area_path=path, at=request.at)
    return IndicatorsAnswer(
        period=board.period.name, since=board.period.since, until=board.period.until,
        before_since=board.period.before_since, before_until=board.period.before_until, area_path=board.area_path,
        rates=[_rate(now, before) for now, before in zip(board.said.rates, board.said_before.rates, strict=True)],
        figures=[FigureAnswer(name=each.name, value=each.value, before=each.before, trend=list(each.trend))
                 for each in board.figures],
        hours=board.hours, hours_before=board.hours_before,
        areas=[AreaFiguresAnswer(code=each.code, mix=each.mix, open=each.open, late=each.late, warn=each.warn,
                                 rates=[_rate(rate, None) for rate in each.said.rates]) for each in board.areas],
        as_of=board.as_of,
    )  # fmt: skip


def _rate(now: Rate, before: Rate | None) -> RateAnswer:
    return RateAnswer(
        name=now.name, name_text=say_rate(now.name), percent=_percent(now.tenths), numerator=now.numerator,
        denominator=now.denominator, percent_before=_percent(before.tenths) if before else None,
    )  # fmt: skip


def _percent(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10
