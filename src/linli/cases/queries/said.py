"""What facts about cases are counted: which kinds, within whose reach, and what call-backs said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.cases.calc.rates import Period, Rate, three_rates
from linli.cases.choices import Source
from linli.cases.models import HoleCase
from linli.ledger.facts.queries.tallies import FactFilter, count_said
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
    """What effective call-backs said: the parts of the three rates."""

    effective: int
    contacted: int
    solved: int
    satisfied: int
    basically: int

    @property
    def parts(self) -> tuple[int, ...]:
        """Give the counts in the order above."""
        return (self.effective, self.contacted, self.solved, self.satisfied, self.basically)

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Give the rates in the order response, solution, satisfaction."""
        return three_rates(
            effective=self.effective, contacted=self.contacted, solved=self.solved, satisfied=self.satisfied,
            basically=self.basically,
        )  # fmt: skip


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


def count_by_area(wanted: FactFilter, depth: int = 0) -> dict[str, SaidCounts]:
    """Count what effective call-backs said, by the area at a depth; depth 0: all under "". 1 query."""
    counted = count_said(wanted, VERIFIED, SAID, base=EFFECTIVE, depth=depth)
    return {
        code: SaidCounts(row["all"], row["contacted"], row["solved"], row["satisfied"], row["basically"])
        for code, row in counted.items()
    }


def summed(several: Iterable[SaidCounts]) -> SaidCounts:
    """Add several up."""
    return SaidCounts(*(sum(each) for each in zip(NOTHING_SAID.parts, *(one.parts for one in several), strict=True)))
