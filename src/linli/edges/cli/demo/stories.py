"""A year of what residents report: when, where, what and in which words."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from linli.edges.cli.demo.catalogue import units
from linli.edges.cli.demo.ground import Ground
from linli.edges.cli.demo.ids import IdStream, chances
from linli.edges.cli.demo.names import base_name
from linli.edges.cli.demo.organisations import department_code, suggested_department
from linli.edges.cli.demo.rows import DemoBuilding, Places, Story
from linli.edges.cli.demo.texts import (
    Category,
    categories,
    common_phrases,
    place_words,
    similar_template,
    tell,
    template_for,
    title_for,
    write_notes,
)

TIME_ZONE = ZoneInfo("Asia/Shanghai")
_PROFILES = {  # weights of the hours 0 to 23
    "any": (2, 1, 1, 1, 1, 3, 6, 9, 10, 10, 9, 7, 6, 6, 7, 8, 8, 9, 10, 9, 8, 6, 4, 3),
    "morning": (1, 1, 1, 1, 2, 6, 12, 16, 14, 12, 9, 6, 4, 4, 5, 5, 5, 4, 4, 3, 3, 2, 1, 1),
    "evening": (1, 1, 0, 0, 0, 1, 4, 6, 5, 5, 5, 5, 5, 4, 4, 4, 6, 10, 14, 15, 12, 8, 4, 2),
    "night": (8, 5, 3, 2, 2, 3, 5, 4, 3, 3, 3, 3, 3, 3, 2, 2, 3, 4, 6, 9, 12, 15, 16, 13),
    "work": (0, 0, 0, 0, 0, 0, 1, 4, 12, 15, 14, 8, 4, 9, 13, 12, 10, 6, 4, 3, 2, 2, 1, 0),
}
_WEEKDAYS = (1.2, 1.05, 1.0, 1.0, 1.05, 0.85, 0.8)
_CHANNELS = {"portal": 45, "hotline": 30, "patrol": 15, "counter": 10}  # weights
_LEAVES_CONTACT = 0.72
_MOST_CO_REPORTERS = 9
_ECHO, _ECHO_MINUTES = 0.08, (4, 170)  # share of much-noticed stories that somebody else tells in other words
_ECHOED_FROM = 0.5  # mean number of co-reporters from which a category is echoed
_DAYS = ("两天", "三天", "四五天", "好几天", "一个星期", "十来天", "快半个月", "一个多月")
_HOURS = ("半小时", "一个小时", "两个小时", "三个小时", "四个多小时")
_DONE = ("当天下午", "当晚", "次日上午", "次日下午", "第三天上午")
# What one calls the time something began, by the hour at which one reports it.
_BEGAN = (
    (5, ("刚才", "后半夜", "半夜")),
    (9, ("早上", "一大早", "今早六点多", "昨晚", "天刚亮")),
    (12, ("今天上午", "早上", "上午八点多", "昨天晚上")),
    (18, ("中午", "今天下午", "上午", "昨天下午", "刚才")),
    (22, ("傍晚", "下班回来", "今天下午", "晚饭时候", "今晚六点多")),
    (24, ("晚上", "今晚九点多", "刚才", "睡下以后")),
)


@dataclass(frozen=True, slots=True)
class _Event:
    """A story before it is told; origin: index of the story it repeats."""

    at: datetime
    category: Category
    building: DemoBuilding
    origin: int | None


@dataclass(frozen=True, slots=True)
class _Told:
    """A story and the phrase it was made of."""

    story: Story
    template: str


def stories(places: Places, year_from: date, as_of: datetime, count: int, seed: int) -> Iterator[Story]:
    """Tell `count` stories from the first day at midnight until `as_of`, in the order they are reported.

    as_of: with a time zone, at least a day after year_from. Same arguments, same stories.
    Raises ValueError if there is less than a day between the two.
    """
    start = datetime.combine(year_from, time(), TIME_ZONE)
    if as_of - start < timedelta(days=1):
        raise ValueError("a year of stories needs a day at least")
    return Storyteller(places, seed).tell(start, as_of, count, of="stories")


class Storyteller:
    """Tells stories of some places. Which estates are hot is drawn once; each stretch of time has its own chances.

    So stretches can be told in any order and by any process, and always come out the same.
    """

    def __init__(self, places: Places, seed: int) -> None:
        self._seed = seed
        self._ground = Ground(places, chances(seed=seed, of="stories"))
        self._names = {unit.code: base_name(unit) for unit in units()}
        self._compounds = {compound.code: compound.name for compound in places.compounds}

    def tell(self, since: datetime, until: datetime, count: int, *, of: str) -> Iterator[Story]:
        """Tell so many stories of [since, until) in the order they are reported; since: a midnight.

        of: names the chances; two stretches under one name would have stories of the same ids.
        """
        chance = chances(seed=self._seed, of=of)
        events = _plan(self._ground, since, until, count, chance)
        teller = _Teller(self._ground, chance, IdStream(seed=self._seed, of=of), self._names, self._compounds)
        told: dict[int, _Told] = {}
        for index in sorted(range(len(events)), key=lambda index: (events[index].at, index)):
            origin = events[index].origin
            told[index] = teller.tell(events[index], None if origin is None else told[origin])
            yield told[index].story


def day_weights(start: datetime, as_of: datetime) -> list[tuple[datetime, float]]:
    """List the days with how much is reported on them, by season and weekday; of the last one what is over by then."""
    days: list[tuple[datetime, float]] = []
    day = start
    while day < as_of:
        by_season = sum(category.weight * category.months[day.month - 1] for category in categories())
        share = min(1.0, (as_of - day) / timedelta(days=1))
        days.append((day, by_season * _WEEKDAYS[day.weekday()] * share))
        day += timedelta(days=1)
    return days


def _plan(ground: Ground, start: datetime, as_of: datetime, count: int, chance: random.Random) -> list[_Event]:
    weighted = day_weights(start, as_of)
    days, weights = [day for day, _ in weighted], list(accumulate(weight for _, weight in weighted))
    profiles = {month: [category.weight * category.months[month - 1] for category in categories()] for month in _year()}
    events: list[_Event] = []
    while len(events) < count:
        day = chance.choices(days, cum_weights=weights)[0]
        category = chance.choices(categories(), profiles[day.month])[0]
        at = _moment(day, category, chance)
        if at >= as_of:
            continue
        building = ground.choose(chance, villages=category.villages, min_floors=category.min_floors)
        events.append(_Event(at, category, building, None))
        echo = _echo(events[-1], len(events) - 1, ground, chance)
        if echo is not None and echo.at < as_of and len(events) < count:
            events.append(echo)
    return events


def _year() -> range:
    return range(1, 13)


def _moment(day: datetime, category: Category, chance: random.Random) -> datetime:
    hour = chance.choices(range(24), _PROFILES[category.hours])[0]
    return day + timedelta(hours=hour, minutes=chance.randrange(60), seconds=chance.randrange(60))


def _echo(event: _Event, index: int, ground: Ground, chance: random.Random) -> _Event | None:
    """Let a neighbour report the same matter a little later, of the same or the next building."""
    if event.category.co_reporters < _ECHOED_FROM or chance.random() > _ECHO:
        return None
    at = event.at + timedelta(minutes=chance.randint(*_ECHO_MINUTES))
    is_next_door = event.category.min_floors == 1 and chance.random() < 0.5  # noqa: PLR2004 -- an even chance
    building = ground.neighbour(event.building) if is_next_door else event.building
    return _Event(at, event.category, building, index) if at.month == event.at.month else None


class _Teller:
    """Puts stories into words, and knows the names to do so."""

    def __init__(
        self,
        ground: Ground,
        chance: random.Random,
        ids: IdStream,
        names: Mapping[str, str],
        compounds: Mapping[str, str],
    ) -> None:
        self._ground = ground
        self._chance = chance
        self._ids = ids
        self._names = names
        self._compounds = compounds

    def tell(self, event: _Event, origin: _Told | None) -> _Told:
        """Tell one story; of the same matter as `origin` in other words."""
        category, building, month, chance = event.category, event.building, event.at.month, self._chance
        slots = self._slots(event)
        template = self._template(event, origin)
        is_street = "{k}" in template
        name, phone = _contact(chance)
        lng, lat = self._point(event, origin, is_street=is_street)
        department = suggested_department(category.code)
        story = Story(
            id=self._ids.next(),
            district=building.district,
            category=category.code,
            title=title_for(category, template, slots, chance),
            text=tell(category, template, slots, month, chance),
            place=place_words(template, slots),
            community_code=building.community_code,
            grid_code=building.subgrid_code[:14],
            subgrid_code=building.subgrid_code,
            compound_code=None if is_street else building.compound_code,
            building_code=building.code if "{b}" in template and not is_street else None,
            lng=lng,
            lat=lat,
            reported_at=event.at,
            channel=chance.choices(list(_CHANNELS), list(_CHANNELS.values()))[0],
            reporter_name=name,
            reporter_phone=phone,
            co_reporters=_co_reporters(category, chance),
            photos=0,
            echo_of=None if origin is None else origin.story.id,
            suggested_organisation=None if department is None else department_code(building.district, department),
            notes=write_notes(category, {**slots, "t": chance.choice(_DONE)}, chance),
        )
        return _Told(story, template)

    def _template(self, event: _Event, origin: _Told | None) -> str:
        month, is_village = event.at.month, self._ground.is_village(event.building)
        if origin is not None:
            return similar_template(event.category, origin.template, month=month, is_village=is_village)
        return template_for(event.category, month=month, is_village=is_village, chance=self._chance)

    def _point(self, event: _Event, origin: _Told | None, *, is_street: bool) -> tuple[float, float]:
        if not is_street:
            return self._ground.near(event.building, self._chance)
        if origin is not None and origin.story.subgrid_code == event.building.subgrid_code:
            return origin.story.lng, origin.story.lat
        return self._ground.street(event.building, self._chance)

    def _slots(self, event: _Event) -> dict[str, str]:
        building, chance = event.building, self._chance
        name = self._names[building.community_code]
        landmarks = common_phrases("landmarks")
        began = next(words for hour, words in _BEGAN if event.at.hour < hour)
        return {
            "b": building.name,
            "c": self._compounds[building.compound_code],
            "d": chance.choice(_DAYS),
            "e": f"{chance.randint(1, building.entrances)}单元",
            "f": f"{chance.randint(min(3, building.floors), building.floors)}楼",
            "g": building.subgrid_code[12:14],
            "h": chance.choice(_HOURS),
            "k": landmarks[int(building.subgrid_code[9:]) % len(landmarks)],
            "n": str(chance.randint(2, 6)),
            "s": name if name.endswith(("村", "屯")) else f"{name}社区",
            "t": chance.choice(began),
        }


def _contact(chance: random.Random) -> tuple[str | None, str | None]:
    """Give a made-up resident's name and number, or none: numbers of the block 1009 can't be dialled."""
    number = chance.randrange(10_000_000)
    if chance.random() > _LEAVES_CONTACT:
        return None, None
    return f"居民·{number % 10_000:04}", f"1009{number:07}"


def _co_reporters(category: Category, chance: random.Random) -> int:
    if not category.co_reporters:
        return 0
    return min(_MOST_CO_REPORTERS, int(chance.expovariate(1 / category.co_reporters)))
