"""What a district's rates are counted by: weights, what counts as a call-back, and where its days and months begin."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from linli.cases.calc.rates import LOCAL, RateRules
from linli.cases.choices import DueLeftOut, LeftOutKind, VerifiedBy
from linli.cases.errors import Fault

_LAST_FIRST_DAY = 28  # the last day that every month has
_LONGEST_WHY = 200


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the rates are not counted from: cases of a category or of a source, and why."""

    kind: LeftOutKind
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class RateScheme:
    """The whole document.

    methods: by which ways somebody has to have been reached for the call-back to count; left_out: whose call-backs
    don't; month_begins_on: 19: November begins on 19 October; day_begins_at: hour, Shanghai time, 12: a day runs from
    noon of the day before to its own noon; has_places: whether organisations and areas of one kind are given places;
    due_without: what is left out of the cases that were due in a stretch.
    """

    rules: RateRules = field(default_factory=RateRules)
    methods: tuple[str, ...] = (VerifiedBy.REPORTER, VerifiedBy.CALL, VerifiedBy.VISIT)
    left_out: tuple[LeftOut, ...] = ()
    month_begins_on: int = 1
    day_begins_at: int = 0
    has_places: bool = False
    due_without: tuple[str, ...] = (DueLeftOut.HELD, DueLeftOut.EXTENDED)

    @property
    def counts_all(self) -> bool:
        """Whether every call-back that reached somebody counts, as in the days that are kept."""
        return not self.left_out and set(self.methods) >= REACHING

    def codes_left_out(self, kind: LeftOutKind) -> list[str]:
        """List the categories, or the sources, that don't count."""
        return [each.code for each in self.left_out if each.kind == kind]


# Ways by which somebody can be reached at all; that time was up tells of nobody.
REACHING = frozenset({VerifiedBy.REPORTER, VerifiedBy.CALL, VerifiedBy.VISIT})
DEFAULT_SCHEME = RateScheme()


def faults(scheme: RateScheme, *, categories: Collection[str], sources: Collection[str]) -> list[Fault]:
    """List what makes a scheme unusable."""
    rules, found = scheme.rules, []
    if min(rules.weights) < 0 or sum(rules.weights) != 100:  # noqa: PLR2004 - percent
        found.append(Fault("rate_weights", field="weights", params={"sum": sum(rules.weights)}))
    if not 0 <= rules.basically_percent <= 100:  # noqa: PLR2004 - percent
        found.append(Fault("rate_basically", field="basically_percent"))
    if not 1 <= rules.smallest_sample <= 1000:  # noqa: PLR2004 - more than a community calls back in a year
        found.append(Fault("rate_sample", field="smallest_sample"))
    if not scheme.methods or not set(scheme.methods) <= REACHING:
        found.append(Fault("rate_methods", field="methods"))
    if not 1 <= scheme.month_begins_on <= _LAST_FIRST_DAY:
        found.append(Fault("rate_month", field="month_begins_on"))
    if not 0 <= scheme.day_begins_at <= 23:  # noqa: PLR2004 - hours of a day
        found.append(Fault("rate_day", field="day_begins_at"))
    if not set(scheme.due_without) <= set(DueLeftOut):
        found.append(Fault("rate_due", field="due_without"))
    return found + list(_faults_of_left_out(scheme, categories, sources))


def _faults_of_left_out(scheme: RateScheme, categories: Collection[str], sources: Collection[str]) -> Iterable[Fault]:
    known = {LeftOutKind.CATEGORY: categories, LeftOutKind.SOURCE: sources}
    seen = set()
    for row, each in enumerate(scheme.left_out):
        if each.code not in known[each.kind] or (each.kind, each.code) in seen:
            yield Fault("rate_left_out", row, "code")
        elif not each.why.strip() or len(each.why) > _LONGEST_WHY:
            yield Fault("rate_left_out_why", row, "why")
        seen.add((each.kind, each.code))


def effective_day(scheme: RateScheme, at: datetime) -> datetime:
    """Move a moment so that its date is the day of the scheme it belongs to."""
    local = at.astimezone(LOCAL)
    if not scheme.day_begins_at:
        return local
    begun = local.time() >= time(scheme.day_begins_at)
    return local + timedelta(days=1) if begun else local
