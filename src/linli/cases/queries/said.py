"""What facts about cases are counted: which kinds, within whose reach, and what call-backs said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.cases.calc.rate_scheme import REACHING, RateScheme
from linli.cases.calc.rates import USUAL, Period, Rate, RateRules, composite, three_rates
from linli.cases.choices import LeftOutKind, Source
from linli.cases.models import Case, HoleCase
from linli.ledger.facts.queries.tallies import FactFilter, Group, area_code_at, count_said
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer

OPENED, CLOSED, REOPENED, VERIFIED = "case.opened", "case.closed", "case.reopened", "case.verified"
# Cases that somebody reported, for counts and rates: not those that the program opened since nobody is responsible.
REPORTED = ~Q(source=Source.SYSTEM)
EFFECTIVE: Mapping[str, Any] = {"effective": True, "subject": "solution"}
SAID: Mapping[str, Mapping[str, Any]] = {
    "contacted": {"contacted": True},
    "solved": {"solved": True},
    "satisfied": {"satisfaction": "satisfied"},
    "basically": {"satisfaction": "basically"},
}


@dataclass(frozen=True, slots=True)
class SaidCounts:
    """What effective call-backs said: the parts of the three rates, and the rules by which those are counted."""

    effective: int
    contacted: int
    solved: int
    satisfied: int
    basically: int
    rules: RateRules = USUAL

    @classmethod
    def of(cls, parts: Iterable[int]) -> "SaidCounts":
        """Make it from its counts in the order above."""
        effective, contacted, solved, satisfied, basically = parts
        return cls(effective, contacted, solved, satisfied, basically)

    @property
    def parts(self) -> tuple[int, ...]:
        """Give the counts in the order above."""
        return (self.effective, self.contacted, self.solved, self.satisfied, self.basically)

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Give the rates in the order response, solution, satisfaction."""
        return three_rates(
            effective=self.effective, contacted=self.contacted, solved=self.solved, satisfied=self.satisfied,
            basically=self.basically, rules=self.rules,
        )  # fmt: skip

    @property
    def together(self) -> int | None:
        """Give the three rates weighed together, in tenths of a percent; None without an effective call-back."""
        return composite(self.rates, self.rules)

    def by(self, rules: RateRules) -> "SaidCounts":
        """Give the same counts with other rules."""
        return replace(self, rules=rules)


NOTHING_SAID = SaidCounts(0, 0, 0, 0, 0)


def cases_of_holes(district_id: str) -> QuerySet[HoleCase, UUID]:
    """Give the ids of the cases that the program opened, whose facts count in no figure; to be used inside a query."""
    return HoleCase.objects.filter(district_id=district_id).order_by().values_list("case_id", flat=True)


def fact_filter(viewer: Viewer, span: Period, area_path: str) -> FactFilter:
    """Give the filter of the facts a viewer's posts reach in a period: the board and its drill-downs share it."""
    return FactFilter(
        district_id=viewer.district_id,
        since=span.since,
        until=span.until,
        within=area_path,
        area_paths=viewer.areas_with(Verb.SEE_COCKPIT),
        organisation_ids=viewer.organisations_with(Verb.SEE_COCKPIT),
        but_subjects=cases_of_holes(viewer.district_id),
    )


def said_filter(wanted: FactFilter, scheme: RateScheme) -> FactFilter:
    """Leave out the call-backs that a scheme does not count: in a way it doesn't take, or of cases left out. No query.

    A category is that of the case when it was called back.
    """
    methods = [{"method": method} for method in sorted(REACHING - set(scheme.methods))]
    categories = [{"category": code} for code in scheme.codes_left_out(LeftOutKind.CATEGORY)]
    narrowed = replace(wanted, but_data=(*wanted.but_data, *methods, *categories))
    sources = scheme.codes_left_out(LeftOutKind.SOURCE)
    if not sources:
        return narrowed
    found = Case.objects.filter(district_id=wanted.district_id, source__in=[*sources, Source.SYSTEM]).order_by()
    return replace(narrowed, but_subjects=found.values_list("id", flat=True))


def count_by_area(wanted: FactFilter, depth: int = 0) -> dict[str, SaidCounts]:
    """Count what effective call-backs said, by the area at a depth; depth 0: all under "". 1 query."""
    return count_said_by(wanted, area_code_at(depth) if depth else None)


def count_said_by(wanted: FactFilter, group: Group | None) -> dict[Any, SaidCounts]:
    """Count what effective call-backs said, by an expression of the facts; without one, all under "". 1 query."""
    counted = count_said(wanted, VERIFIED, SAID, base=EFFECTIVE, group=group)
    return {
        key: SaidCounts(row["all"], row["contacted"], row["solved"], row["satisfied"], row["basically"])
        for key, row in counted.items()
    }


def summed(several: Iterable[SaidCounts]) -> SaidCounts:
    """Add several up."""
    return SaidCounts.of(sum(each) for each in zip(NOTHING_SAID.parts, *(one.parts for one in several), strict=True))
