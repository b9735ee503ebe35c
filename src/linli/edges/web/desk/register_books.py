"""The registers there are: their columns, and how a row is put into words."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.cases.queries.registers import (
    CaseRegisterRow,
    FactRegisterRow,
    VerificationRegisterRow,
    case_register,
    closed_register,
    fact_register,
    verification_register,
)
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.web.desk.asking import Asked
from linli.edges.words.cases import METHODS, SATISFACTIONS, SOURCES, STATES
from linli.edges.words.coverage import PLACE_KINDS, say_responsible
from linli.edges.words.facts import FACTS
from linli.kernel.errors import NotFound
from linli.kernel.personal_words import hidden
from linli.registry.coverage.calc.functions import Function
from linli.registry.coverage.queries import HoleLine, PlaceLine, list_holes, list_places
from linli.registry.coverage.rules import seen_paths
from linli.registry.people.queries import role_names
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import list_areas
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind

_DEEPEST = 4  # subdistrict, community, grid: what lies below is too fine for a register


@dataclass(frozen=True, slots=True)
class Glossary:
    """Words for the codes of a register, taken once: rows are written after the page's language is gone."""

    areas: Mapping[str, str]
    categories: Mapping[str, str]
    codes: Mapping[str, str]
    said: dict[str, str] = field(default_factory=dict)

    def area(self, path: str) -> str:
        """Name an area from the subdistrict down."""
        if path not in self.said:
            parts = path.split("/")
            names = [self.areas.get("/".join(parts[: depth + 1]), "") for depth in range(len(parts))]
            self.said[path] = " ".join(name for name in (names[1:_DEEPEST] or names) if name)
        return self.said[path]

    def word(self, code: str) -> str:
        """Word a code."""
        return self.codes.get(code, code)


@dataclass(frozen=True, slots=True)
class Book:
    """A register.

    fetch: gives its rows; cells: puts a row into words, in the order of the columns; lead, brief: the columns that make
    the two lines of a row on a telephone; case_of: the case a row leads to, None where it may lie beyond one's reach;
    has_days: tells of a period, else of today.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    fetch: Callable[["Wanted"], Iterator[Any]]
    cells: Callable[[Any, Glossary], list[object]]
    lead: str
    brief: tuple[str, ...]
    case_of: Callable[[Any], UUID | None] = lambda _row: None
    has_days: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a register is asked for: [since, until) of what it lists; limit None: all."""

    viewer: Viewer
    asked: Asked
    since: datetime
    until: datetime
    at: datetime
    limit: int | None = None


def books() -> dict[str, Book]:
    """Give the registers by name, titled in the language of the request."""
    moment, number = ColumnKind.DATETIME, ColumnKind.NUMBER
    case_columns = (
        Column("number", _("Number"), 18),
        Column("title", _("Case"), 36),
        Column("category", _("Category"), 16),
        Column("state", _("Stage"), 14),
        Column("area", _("Area"), 32),
        Column("place", _("Place"), 28),
        Column("organisation", _("Organisation"), 24),
        Column("role", _("Post"), 16),
        Column("level", _("Priority level"), 10, number),
        Column("score", _("Score"), 8, number),
        Column("source", _("Came in by"), 14),
        Column("reported_at", _("Reported at"), 20, moment),
        Column("response_due_at", _("Answer due"), 20, moment),
        Column("responded_at", _("Answered at"), 20, moment),
        Column("solution_due_at", _("Solution due"), 20, moment),
        Column("solved_at", _("Reported back at"), 20, moment),
        Column("closed_at", _("Closed at"), 20, moment),
        Column("reporters", _("Reporters"), 10, number),
        Column("times_reopened", _("Times opened again"), 10, number),
    )
    verification_columns = (
        Column("number", _("Number"), 18), Column("title", _("Case"), 36), Column("category", _("Category"), 16),
        Column("area", _("Area"), 32), Column("organisation", _("Organisation"), 24),
        Column("at", _("Verified at"), 20, moment), Column("method", _("How"), 16), Column("subject", _("About"), 14),
        Column("effective", _("Reached"), 8), Column("contacted", _("Had been in touch"), 14),
        Column("solved", _("Solved"), 8), Column("satisfaction", _("Satisfaction"), 16),
    )  # fmt: skip
    fact_columns = (
        Column("at", _("When"), 20, moment), Column("kind", _("What"), 20), Column("area", _("Area"), 32),
        Column("case", _("Case id"), 38), Column("fact", _("Fact id"), 38), Column("data", _("Says"), 60),
    )  # fmt: skip
    place_columns = (
        Column("place", _("Place"), 28), Column("kind", _("Kind"), 12), Column("community", _("Area"), 32),
        Column("function", _("Function"), 14), Column("who", _("Who is responsible"), 40),
        Column("state", _("State"), 14),
    )  # fmt: skip
    hole_columns = (
        Column("place", _("Place"), 28), Column("kind", _("Kind"), 12), Column("community", _("Area"), 32),
        Column("function", _("Function"), 14), Column("where", _("To be appointed for"), 40),
        Column("roles", _("Role"), 28),
    )  # fmt: skip
    found = (
        Book("cases", _("Register of cases"), _("Every case that came in within the period, with its deadlines."),
             case_columns, _cases, _case_cells, "title", ("number", "state", "reported_at"), _own_id),
        Book("closed", _("Register of closed cases"), _("Every case that was closed within the period."),
             case_columns, _closed, _case_cells, "title", ("number", "closed_at"), _own_id),
        Book("verifications", _("Register of verifications"),
             _("Every call-back and visit of the period: who was reached, and what they said."), verification_columns,
             _verifications, _verification_cells, "title", ("at", "effective", "satisfaction"),
             lambda row: row.case_id),
        Book("facts", _("Register of facts"),
             _("What happened, as the ledger holds it: ids and codes, no personal data."), fact_columns, _facts,
             _fact_cells, "kind", ("at", "area")),
        Book("coverage", _("Register of who is responsible"),
             _("Every compound, single building and village with who is responsible for each function today."),
             place_columns, _places, _place_cells, "place", ("function", "who"), has_days=False),
        Book("holes", _("Register of holes in coverage"),
             _("Where nobody is responsible for a function today, and who is to be appointed."), hole_columns, _holes,
             _hole_cells, "place", ("function", "roles"), has_days=False),
    )  # fmt: skip
    return {book.name: book for book in found}


def get_book(name: str) -> Book:
    """Give one register. Raises NotFound."""
    found = books().get(name)
    if found is None:
        raise NotFound("unknown_register", params={"register": name})
    return found


def glossary(viewer: Viewer, at: datetime) -> Glossary:
    """Take the words for all codes of a district's registers. 3 queries."""
    areas = list_areas(viewer.district_id, on=timezone.localdate(at))
    codes = {
        code: str(words)
        for table in (STATES, SOURCES, METHODS, SATISFACTIONS, FACTS, PLACE_KINDS)
        for code, words in table.items()
    }
    codes |= role_names()
    codes |= {"held": _("held"), "hole": _("nobody"), "and": _(", ")}
    codes |= {"yes": _("yes"), "no": _("no"), "solution": _("the solution"), "rejection": _("being turned down")}
    return Glossary(
        {area.path: area.name for area in areas},
        {code: kind.name for code, kind in current_rulebooks(viewer.district_id).categories.items()}, codes,
    )  # fmt: skip


def _cases(wanted: Wanted) -> Iterator[CaseRegisterRow]:
    return case_register(viewer=wanted.viewer, wanted=wanted.asked.wanted, at=wanted.at, limit=wanted.limit)


def _closed(wanted: Wanted) -> Iterator[CaseRegisterRow]:
    return closed_register(
        viewer=wanted.viewer, area_path=wanted.asked.area, since=wanted.since, until=wanted.until, limit=wanted.limit
    )


def _verifications(wanted: Wanted) -> Iterator[VerificationRegisterRow]:
    return verification_register(
        viewer=wanted.viewer, area_path=wanted.asked.area, since=wanted.since, until=wanted.until, limit=wanted.limit
    )


def _facts(wanted: Wanted) -> Iterator[FactRegisterRow]:
    return fact_register(
        viewer=wanted.viewer, area_path=wanted.asked.area, since=wanted.since, until=wanted.until, limit=wanted.limit
    )


def _places(wanted: Wanted) -> Iterator[tuple[PlaceLine, Function, str, bool]]:
    rows = [
        (line, function, say_responsible(found), is_held)
        for path in _covered(wanted)
        for line in list_places(viewer=wanted.viewer, area_path=path, on=timezone.localdate(wanted.at))
        for function, found, is_held in line.held
    ]
    return iter(rows[: wanted.limit])


def _holes(wanted: Wanted) -> Iterator[HoleLine]:
    rows = [
        line
        for path in _covered(wanted)
        for line in list_holes(viewer=wanted.viewer, area_path=path, on=timezone.localdate(wanted.at)).lines
    ]
    return iter(rows[: wanted.limit])


def _covered(wanted: Wanted) -> tuple[str, ...]:
    return (wanted.asked.area,) if wanted.asked.area else seen_paths(wanted.viewer)


def _place_cells(row: tuple[PlaceLine, Function, str, bool], say: Glossary) -> list[object]:
    line, function, who, is_held = row
    return [
        line.place.name, say.word(line.place.kind), line.community, function.name, who,
        say.word("held" if is_held else "hole"),
    ]  # fmt: skip


def _hole_cells(line: HoleLine, say: Glossary) -> list[object]:
    stop = say.word("and")
    return [
        line.place.name, say.word(line.place.kind), line.community, line.function.name, stop.join(line.areas),
        stop.join(say.word(role) for role in line.roles),
    ]  # fmt: skip


def _own_id(row: CaseRegisterRow) -> UUID:
    return row.id


def _case_cells(row: CaseRegisterRow, say: Glossary) -> list[object]:
    return [
        row.number, hidden(row.title), say.categories.get(row.category, row.category), say.word(row.state),
        say.area(row.area_path), hidden(row.place), row.organisation_name, row.role_name, row.priority_level, row.score,
        say.word(row.source), row.reported_at, row.response_due_at, row.responded_at, row.solution_due_at,
        row.solved_at, row.closed_at, row.reporters, row.times_reopened,
    ]  # fmt: skip


def _verification_cells(row: VerificationRegisterRow, say: Glossary) -> list[object]:
    def answer(said: bool) -> str:  # noqa: FBT001 - the answer itself
        if not row.is_effective:
            return ""
        return say.word("yes" if said else "no")

    return [
        row.number, hidden(row.title), say.categories.get(row.category, row.category), say.area(row.area_path),
        row.organisation_name, row.at, say.word(row.method), say.word(row.subject),
        say.word("yes" if row.is_effective else "no"), answer(row.was_contacted), answer(row.is_solved),
        say.word(row.satisfaction) if row.is_effective else "",
    ]  # fmt: skip


def _fact_cells(row: FactRegisterRow, say: Glossary) -> list[object]:
    said = json.dumps(dict(row.data), ensure_ascii=False, sort_keys=True, separators=(", ", ": "))
    return [row.at, say.word(row.kind), say.area(row.area_path), str(row.subject_id), str(row.id), said]
