"""The demo as it lies in the database: the same rows for the same seed, by one process or by several; sound."""

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from linli.cases.actions.checking import check_cases
from linli.cases.models import CaseStep
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.cli.demo.loading import Wanted, load_demo
from linli.edges.cli.demo.stories import TIME_ZONE
from linli.edges.cli.progress import Progress
from linli.ledger.commands.actions import next_number
from linli.ledger.facts.queries import verify_ledger

SMALLEST = "210104"
AS_OF = datetime(2026, 11, 22, 10, 24, tzinfo=TIME_ZONE)
# Whole rows by table, without what is made anew each time: nonces, times of recording, ids that say nothing.
ROWS = {
    "cases_case": "SELECT id, length(address) AS address, to_jsonb(cases_case) - 'address' AS rest FROM cases_case",
    "cases_casestep": "SELECT * FROM cases_casestep",
    "cases_clocksegment": "SELECT * FROM cases_clocksegment",
    "cases_whistlecall": "SELECT * FROM cases_whistlecall",
    "cases_verification": "SELECT * FROM cases_verification",
    "cases_reporter": "SELECT id, district_id, case_id, joined_at, length(phone) FROM cases_reporter",
    "facts_fact": "SELECT * FROM facts_fact WHERE kind LIKE 'case.%'",
    "facts_sealedfact": "SELECT * FROM facts_sealedfact",
    "facts_seal": "SELECT number AS id, district_id, root, size, made_at, chain FROM facts_seal",
    "commands_counter": "SELECT name AS id, district_id, year, last FROM commands_counter",
    "territory_area": "SELECT * FROM territory_area",
    "people_post": "SELECT * FROM people_post",
}
_SUM = "SELECT count(*), md5(string_agg(row::text, E'\\n' ORDER BY row::text)) FROM ({}) AS row"
_SHAPE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, indexname, indexdef, true FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2, 3
"""


def sent_back_as_beyond_power() -> list[tuple[bool, bool]]:
    """Tell of each case sent back so whether the catalogue names a department, and whether one has it."""
    books = current_rulebooks(SMALLEST)
    found = CaseStep.objects.filter(action="return", reason__in=books.workflow.catalogue_reasons).select_related("case")
    return [
        (books.dispatch.owner_of(step.case.category, is_in_compound=step.case.compound_id is not None) is not None,
         step.data["level"] == "district")
        for step in found.order_by("id")
    ]  # fmt: skip


def wanted(seed: int, processes: int) -> Wanted:
    return Wanted((SMALLEST,), 60, seed, AS_OF, drawn=(SMALLEST,), processes=processes)


def sums() -> dict[str, tuple[int, str]]:
    found = {}
    with connection.cursor() as cursor:
        for table, rows in ROWS.items():
            cursor.execute(_SUM.format(rows))
            found[table] = cursor.fetchone()
    return found


def shape() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_SHAPE)
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


def loaded(seed: int, processes: int, data: Path) -> dict[str, tuple[int, str]]:
    """Load a small demo, sum up its rows and take it back."""
    with transaction.atomic():
        assert load_demo(wanted(seed, processes), data=data, progress=Progress(is_quiet=True))
        found = sums()
        transaction.set_rollback(True)
    return found


def test_another_seed_loads_other_rows_and_the_same_the_same_by_one_process_or_two(db: None, tmp_path: Path) -> None:
    alone, other, before = loaded(9, 1, tmp_path), loaded(10, 1, tmp_path), shape()

    load_demo(wanted(9, 2), data=tmp_path, progress=Progress(is_quiet=True))

    assert (alone, alone["cases_case"][0]) == (sums(), 78)
    assert [table for table in ROWS if alone[table] == other[table]] == ["commands_counter"]
    # What stands there now is sound, its tables are as before, and no second one is loaded.
    checked, ledger = check_cases(district_id=SMALLEST, sample=100, at=AS_OF), verify_ledger(SMALLEST)
    assert (checked.cases, checked.sampled, checked.faults) == (78, 78, ())
    assert (ledger.is_sound, ledger.seals, ledger.sealed) == (True, 3, sums()["facts_sealedfact"][0])
    assert ledger.sealed == sums()["facts_fact"][0] > 78 * 4
    went = sent_back_as_beyond_power()
    assert went
    assert {where for owner, where in went if owner} == {True}
    assert shape() == before
    assert not load_demo(wanted(10, 1), data=tmp_path, progress=Progress(is_quiet=True))
    assert next_number(district_id=SMALLEST, name="case", year=2025) > 1


def test_large_path_loads_several_districts_by_several_processes(db: None, tmp_path: Path) -> None:
    districts = (SMALLEST, "210105")
    several = Wanted(districts, 61, 9, AS_OF, drawn=districts, processes=2)

    load_demo(several, data=tmp_path, progress=Progress(is_quiet=True))

    checked = [check_cases(district_id=code, sample=100, at=AS_OF) for code in districts]
    assert [(found.cases, found.faults) for found in checked] == [(31 + 18, ()), (30 + 18, ())]
    assert all(verify_ledger(code).is_sound for code in districts)
