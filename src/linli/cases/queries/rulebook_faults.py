"""What keeps a document from counting, asked of the document, of the other rulebooks and of the cases that run."""

from datetime import date

from django.db.models import Count, Q

from linli.cases.calc import categories, deadlines, dispatch, priority, rate_scheme, series, workflow
from linli.cases.calc.rulebooks import (
    Content,
    read_category_rows,
    read_deadlines,
    read_dispatch,
    read_priority,
    read_rates,
    read_workflow,
)
from linli.cases.choices import RulebookKind, Source
from linli.cases.errors import Fault, RulebookHasFaults
from linli.cases.models import Case
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.choices import Verb
from linli.registry.people.queries import role_codes
from linli.support.calendar.choices import Timer

_MOST_ORGANISATIONS = 5000
_IS_OPEN = Q(closed_at=None)


def require_no_faults(*, district_id: str, kind: RulebookKind, content: Content, on: date) -> None:
    """Check a document before it counts. At most 4 queries. Raises RulebookHasFaults with all that is wrong."""
    try:
        found = _faults(current_rulebooks(district_id), district_id, kind, content, on)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulebookHasFaults([Fault("shape")]) from error
    if found:
        raise RulebookHasFaults(found)


def _faults(books: Rulebooks, district_id: str, kind: RulebookKind, content: Content, on: date) -> list[Fault]:
    known = set(books.categories)
    match kind:
        case RulebookKind.CATEGORIES:
            return _faults_of_categories(books, district_id, content)
        case RulebookKind.WORKFLOW:
            return workflow.faults(
                read_workflow(content), in_use=_open_cases(district_id, "state"),
                held_from=set(_open_cases(district_id, "state_before")) - {""},
            )  # fmt: skip
        case RulebookKind.DISPATCH:
            return dispatch.faults(
                read_dispatch(content), categories=known, roles=role_codes(Verb.WORK_CASES),
                organisations=_organisations(books, district_id, on),
            )  # fmt: skip
        case RulebookKind.DEADLINES:
            return deadlines.faults(
                read_deadlines(content), categories=known, timers=list(Timer), roles=role_codes(Verb.SEE_CASES)
            )
        case RulebookKind.PRIORITY:
            return priority.faults(read_priority(content))
        case RulebookKind.RATES:
            sources = set(Source) - {Source.SYSTEM}
            return rate_scheme.faults(read_rates(content), categories=known, sources=sources)


def _faults_of_categories(books: Rulebooks, district_id: str, content: Content) -> list[Fault]:
    """Check categories, and that the other two documents have a line for each of them."""
    rows = read_category_rows(content)
    named = {rule.category for rule in books.dispatch.rules} | {rule.category for rule in books.deadlines.rules}
    counted = Case.objects.filter(district_id=district_id).order_by("category").values_list("category")
    cases = list(counted.annotate(every=Count("id"), still=Count("id", filter=_IS_OPEN)))
    found = categories.faults(
        rows, in_use={code: every for code, every, _ in cases},
        open_cases={code: still for code, _, still in cases}, named=named & set(books.categories),
    )  # fmt: skip
    found += series.faults(series.read_series(content))
    for place, row in enumerate(rows):
        if any(books.dispatch.rule_for(row.code, is_in_compound=inside) is None for inside in (True, False)):
            found.append(Fault("category_without_route", place, "name"))
        if not all(any(rule.fits(row.code, n) for rule in books.deadlines.rules) for n in deadlines.LEVELS):
            found.append(Fault("category_without_time", place, "name"))
    return found


def _open_cases(district_id: str, column: str) -> dict[str, int]:
    """Count a district's open cases by a column. 1 query."""
    rows = Case.objects.filter(_IS_OPEN, district_id=district_id).values_list(column)
    return dict(rows.annotate(Count("id")).order_by(column))


def _organisations(books: Rulebooks, district_id: str, on: date) -> set[str]:
    """Give the codes that a line may name: what exists today, and what the version in force names already. 1 query."""
    existing = list_organisations(district_id=district_id, on=on, limit=_MOST_ORGANISATIONS)
    return {row.code for row in existing} | {rule.organisation_code for rule in books.dispatch.rules}
