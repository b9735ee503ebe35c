"""Whistles in the demo's lives: which departments a community calls, who comes when, what they say. Invented."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from linli.cases.actions.loading import LifeStep
from linli.cases.calc.whistles import due_within
from linli.cases.calc.workflow import Workflow
from linli.cases.choices import Action
from linli.registry.people.queries import Holder
from linli.support.calendar.calc import WorkingCalendar

# Whom a community calls to what it can't settle alone; the first one leads.
_CALLED = {
    "drainage": ("drainage_team", "housing"),
    "dispute": ("police", "civil_affairs"),
    "elder_help": ("civil_affairs", "health"),
    "fire_hazard": ("fire", "police", "urban_management"),
    "garbage": ("sanitation_centre", "urban_management"),
    "green": ("urban_management", "housing"),
    "illegal_parking": ("police", "fire"),
    "noise": ("police", "ecology"),
    "property_service": ("housing", "fire"),
    "road": ("road_team", "drainage_team"),
    "roof_leak": ("housing", "urban_management"),
    "water_burst": ("water_repair", "road_team"),
}
_SAID = {
    "civil_affairs": "上门看过，符合条件的当场帮着填了申请。",
    "drainage_team": "主管已经疏通，井里的杂物清走了。",
    "ecology": "夜里测过一次，数值已经当面告知。",
    "fire": "现场查过，通道要求当天清开，过几天再来复查。",
    "health": "社区医生上门量了血压，以后每月来一次。",
    "housing": "已约物业到场，三天内交维修方案。",
    "police": "已到场劝导，两边都答应了，民警留了电话。",
    "road_team": "路面已围挡，明天上午补好。",
    "sanitation_centre": "加派了一辆车，当天清走。",
    "urban_management": "现场已记录，发了限期整改的通知。",
    "water_repair": "支管阀门已关，换好管就恢复供水。",
}
_NOTE = "社区一家办不了，请到场一起看。"
# Shares, chosen to look like a district where most turn up.
_WHISTLED, _LATE, _MISSED, _SPEAKS, _EVALUATED = 0.06, 0.12, 0.05, 0.9, 0.8
_RESULTS = (0.72, 0.22, 0.06)  # of solved, partly, unsolved
_SOON = 0.5  # share of the time given within which one came quickly


@dataclass(slots=True)
class Whistler:
    """Tells whistles with chances of its own: the same seed tells the same. handler: who answers for a department."""

    chance: random.Random
    calendar: WorkingCalendar
    workflow: Workflow
    handler: Callable[[str], Holder | None]

    def tell(self, category: str, holder: Holder, begun: datetime) -> list[LifeStep]:
        """Tell the deeds about departments called to a case that somebody begins with, in order; mostly none."""
        codes = _CALLED.get(category, ())
        if holder.level not in {"grid", "community"} or not codes or self.chance.random() >= _WHISTLED:
            return []
        at = self._worked(begun, self.chance.uniform(0.1, 3))
        called = [(code, found) for code in codes if (found := self.handler(code))]
        hours = self.workflow.whistle_hours
        due_at = due_within(self.calendar, hours, at)
        offices = [str(each.organisation_id) for _code, each in called]
        data = {"called": offices, "lead": offices[0], "caller": str(holder.organisation_id), "hours": hours}
        deeds = [LifeStep(Action.WHISTLE, at, holder, note=_NOTE, data={**data, "due_at": due_at.isoformat()})]
        for place, (code, office) in enumerate(called):
            if self.chance.random() >= _MISSED:
                deeds += self._answer(code, office, at=at, due_at=due_at, holder=holder, leads=not place)
        return sorted(deeds, key=attrgetter("at"))

    def _answer(
        self, code: str, office: Holder, *, at: datetime, due_at: datetime, holder: Holder, leads: bool
    ) -> Iterator[LifeStep]:  # fmt: skip
        """Tell how one office comes, speaks and is evaluated."""
        share = self.chance.uniform(1.05, 1.8) if self.chance.random() < _LATE else self.chance.uniform(0.05, 0.95)
        about = {"organisation": str(office.organisation_id)}
        come = {**about, "late": share > 1, "due_at": due_at.astimezone(UTC).isoformat()}
        at = self._worked(at, share * self.workflow.whistle_hours)
        hours = self.workflow.opinion_hours
        yield LifeStep(Action.REPORT_IN, at, office, data={**come, "opinion_hours": hours} if leads else come)
        if self.chance.random() < _SPEAKS:
            due = due_within(self.calendar, hours, at).astimezone(UTC).isoformat()
            at = self._worked(at, self.chance.uniform(0.2, 4))
            said = {**come, "opinion_due_at": due, "opinion_late": False} if leads else come
            yield LifeStep(Action.OPINION, at, office, note=_SAID[code], data=said)
        if self.chance.random() < _EVALUATED:
            speed = self.workflow.speeds[(share > _SOON) + (share > 1)]
            (result,) = self.chance.choices(self.workflow.results, _RESULTS)
            data = {**about, "speed": speed, "result": result}
            yield LifeStep(Action.EVALUATE, self._worked(at, self.chance.uniform(0.2, 6)), holder, data=data)

    def _worked(self, at: datetime, hours: float) -> datetime:
        """Give the instant at which so many working hours have gone by."""
        worked_us = self.calendar.worked_us(at) + int(timedelta(hours=hours) / timedelta(microseconds=1))
        return self.calendar.instant_worked(worked_us)
