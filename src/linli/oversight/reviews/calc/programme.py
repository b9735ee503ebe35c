"""A programme's rules as data: strata, the rule of choosing, what a report holds, the jury, the ballot, the times.

The defaults are those of the monthly review's third version: 2 + 13 of 72, 3 + 1 + 1 parts, 8 and 3 minutes.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from linli.oversight.reviews.choices import BallotMode, Choosing, Occasion

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stratum:
    """A group that is drawn from apart. take: drawn each time; reserve: ranks kept behind them."""

    id: str
    name: str
    take: int
    reserve: int


@dataclass(frozen=True, slots=True)
class Policy:
    """How tickets are given.

    kind: A uniform; B no one again within `cooldown` draws; E uniform with the year's floor; F tickets up to
    `ticket_cap` with the year's floor. excuse_cap: times a year that an organisation may be excused.
    """

    kind: str = "F"
    cooldown: int = 0
    ticket_cap: int = 6
    excuse_cap: int = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report, and a criterion of the ballot. asks: what it has to tell; is_own: chosen by who reports."""

    id: str
    title: str
    asks: str
    points: int
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group of jurors. weight: of the group's mean, in whole parts; 0 where jurors weigh equally."""

    id: str
    name: str
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Jury:
    """Who scores and how it is counted.

    trim_percent: left out at each end; quorum: numerator and denominator, of those checked in.
    """

    groups: tuple[Group, ...]
    trim_percent: int = 20
    quorum: tuple[int, int] = (2, 3)


@dataclass(frozen=True, slots=True)
class Special:
    """A month whose draw is of another kind than the regular one."""

    month: int
    occasion: str


@dataclass(frozen=True, slots=True)
class Times:
    """How long, in seconds; when, in minutes since midnight, Shanghai. day: of the month, or the working day after."""

    talk_s: int = 480
    comment_s: int = 180
    late_ballot_s: int = 10
    day: int = 20
    draw_min: int = 13 * 60 + 30
    sessions_min: tuple[int, ...] = (14 * 60, 16 * 60)


@dataclass(frozen=True, slots=True)
class ProgrammeRules:
    """All of it.

    focuses: one for each quarter. presenter_roles: whose holder in an organisation reports for it, the first that is
    held. notice_days: working days between an announced draw and its sessions. entropy: what is thrown, as read out.
    """

    strata: tuple[Stratum, ...]
    jury: Jury
    parts: tuple[Part, ...]
    policy: Policy = field(default_factory=Policy)
    choosing: str = Choosing.SAME_DAY.value
    ballot_mode: str = BallotMode.SEALED.value
    focuses: tuple[str, ...] = ("", "", "", "")
    specials: tuple[Special, ...] = ()
    times: Times = field(default_factory=Times)
    notice_days: int = 3
    presenter_roles: tuple[str, ...] = ("subdistrict_secretary", "department_head", "community_secretary")
    entropy: tuple[tuple[str, str], ...] = (("dice", "20 枚十面骰子，五人各掷四枚，从左到右读数"),)

    @property
    def presenters(self) -> int:
        """How many report each month."""
        return sum(stratum.take for stratum in self.strata)

    @property
    def split(self) -> tuple[int, ...]:
        """How many of them report at each session of a month, as even as can be, the earlier one more."""
        sessions = len(self.times.sessions_min)
        return tuple((self.presenters + sessions - 1 - number) // sessions for number in range(sessions))


DEFAULT_PARTS = (
    Part("party", "党的建设", "抓党建的措施、成效和短板，用事实和数字说话", 20),
    Part("team", "队伍建设", "班子和干部队伍的状态，做了哪些事、还差什么", 20),
    Part("business", "营商环境", "为企业和群众办成的事、正在办的事、没办成的事", 20),
    Part("duty", "自选职责", "从规定职责中自选一项，讲清目标、进度和责任人", 20, is_own=True),
    Part("own", "特色工作", "本单位自己的一项重点，讲清结果", 20, is_own=True),
)
DEFAULT_JURY = Jury(
    (
        Group("congress", "人大、政协副职"),
        Group("departments", "区直部门负责人"),
        Group("delegates_city", "市党代表"),
        Group("delegates_district", "区党代表"),
    )
)
DEFAULT_FOCUSES = ("开局起步、年度任务分解", "项目建设、营商环境", "民生实事、基层治理", "全年收官、来年打算")
DEFAULT_SPECIALS = (
    Special(4, Occasion.FIELD.value),
    Special(5, Occasion.BORN_AFTER_1980.value),
    Special(6, Occasion.MID_YEAR.value),
    Special(9, Occasion.BORN_AFTER_1980.value),
    Special(10, Occasion.FIELD.value),
    Special(12, Occasion.YEAR_END.value),
)


def default_rules(strata: tuple[Stratum, ...]) -> ProgrammeRules:
    """Give the rules that a new programme starts with."""
    return ProgrammeRules(strata, DEFAULT_JURY, DEFAULT_PARTS, focuses=DEFAULT_FOCUSES, specials=DEFAULT_SPECIALS)


def write_rules(rules: ProgrammeRules) -> Content:
    """Give the rules as plain JSON."""
    return asdict(rules)


def read_rules(content: Content) -> ProgrammeRules:
    """Read rules from plain JSON. Raises KeyError, TypeError on a document of another shape."""
    jury = content["jury"]
    quorum, of = jury["quorum"]
    times = content["times"]
    return ProgrammeRules(
        strata=tuple(Stratum(**row) for row in content["strata"]),
        jury=Jury(tuple(Group(**row) for row in jury["groups"]), jury["trim_percent"], (quorum, of)),
        parts=tuple(Part(**row) for row in content["parts"]),
        policy=Policy(**content["policy"]),
        choosing=Choosing(content["choosing"]).value,
        ballot_mode=BallotMode(content["ballot_mode"]).value,
        focuses=tuple(content["focuses"]),
        specials=tuple(Special(row["month"], Occasion(row["occasion"]).value) for row in content["specials"]),
        times=Times(**{**times, "sessions_min": tuple(times["sessions_min"])}),
        notice_days=content["notice_days"],
        presenter_roles=tuple(content["presenter_roles"]),
        entropy=tuple((item, text) for item, text in content["entropy"]),
    )
