"""What the tables of cases say about each other, asked of all rows of a district at once: what doesn't fit is counted.

Each question sees every row, and costs seconds a million cases. What has to be computed anew case by case is
`actions/checking.py`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from linli.cases.calc.workflow import BEFORE, Workflow
from linli.cases.choices import BESIDE_STAGES, BESIDE_TABLE, FINISHED, Action, State

_SORT_MEMORY = "SET LOCAL work_mem = '128MB'"
_CELLS = """
SELECT from_state, action, to_state, count(*), min(case_id::text) FROM cases_casestep
WHERE district_id = %(district)s GROUP BY 1, 2, 3
"""
_SAMPLE = """
SELECT id FROM cases_case WHERE district_id = %s AND mod(hashtext(id::text)::bigint + 2147483648, %s) = 0 ORDER BY id
"""
# Each question gives the number of what doesn't fit and the case of one of them.
_QUESTIONS = {
    "steps_not_in_a_row": """
        SELECT count(*), min(case_id::text) FROM (
            SELECT case_id, from_state, lag(to_state, 1, '') OVER ahead AS before
            FROM cases_casestep WHERE district_id = %(district)s WINDOW ahead AS (PARTITION BY case_id ORDER BY at, id)
        ) AS step WHERE from_state <> before""",
    "state_not_of_last_step": """
        SELECT count(*), min(c.id::text) FROM cases_case AS c LEFT JOIN (
            SELECT DISTINCT ON (case_id) case_id, to_state FROM cases_casestep
            WHERE district_id = %(district)s ORDER BY case_id, at DESC, id DESC
        ) AS last ON last.case_id = c.id
        WHERE c.district_id = %(district)s AND c.state IS DISTINCT FROM last.to_state""",
    "steps_without_fact": """
        SELECT count(*), min(case_id::text) FROM (
            SELECT case_id FROM (
                SELECT s.case_id, s.at, k.kind, 1 AS n FROM cases_casestep AS s
                JOIN unnest(%(actions)s::text[], %(kinds)s::text[]) AS k (action, kind) ON k.action = s.action
                WHERE s.district_id = %(district)s
                UNION ALL
                SELECT subject_id, at, kind, -1 FROM facts_fact
                WHERE district_id = %(district)s AND kind = ANY(%(kinds)s)
            ) AS both_sides GROUP BY case_id, at, kind HAVING sum(n) <> 0
        ) AS odd""",
    "clocks_not_as_dates": """
        SELECT count(*), min(c.id::text) FROM cases_case AS c LEFT JOIN (
            SELECT case_id,
                bool_or(stopped_at IS NULL) FILTER (WHERE clock = 'response') AS response_runs,
                bool_or(stopped_at IS NULL) FILTER (WHERE clock = 'solution') AS solution_runs,
                max(stopped_at) FILTER (WHERE clock = 'response' AND why <> 'recategorise') AS responded_at
            FROM cases_clocksegment WHERE district_id = %(district)s GROUP BY case_id
        ) AS clock ON clock.case_id = c.id
        WHERE c.district_id = %(district)s AND (
            clock.response_runs IS NULL OR clock.solution_runs IS NULL
            OR c.responded_at IS DISTINCT FROM clock.responded_at
            OR c.closed_at IS NOT NULL AND (c.due_at IS NOT NULL OR clock.solution_runs)
            OR c.solved_at IS NOT NULL AND clock.solution_runs
        )""",
    "place_not_in_its_area": """
        SELECT count(*), min(c.id::text) FROM cases_case AS c
        JOIN territory_area AS a ON a.id = c.area_id AND a.district_id = c.district_id
        WHERE c.district_id = %(district)s AND c.area_path <> a.path""",
    "holder_not_of_its_organisation": """
        SELECT count(*), min(c.id::text) FROM cases_case AS c
        JOIN people_post AS p ON p.id = c.post_id AND p.district_id = c.district_id
        WHERE c.district_id = %(district)s AND c.organisation_id IS DISTINCT FROM p.organisation_id""",
    "score_not_sum_of_parts": """
        SELECT count(*), min(id::text) FROM cases_case
        WHERE district_id = %(district)s AND NOT is_overridden AND score <> coalesce(
            (SELECT sum((part ->> 'points')::int) FROM jsonb_array_elements(priority_parts) AS part), 0)""",
    "marks_not_as_rungs": """
        SELECT count(*), min(waits.case_id::text) FROM (
            SELECT id, case_id, 'dispute' AS clock, mark FROM cases_dispute WHERE district_id = %(district)s
            UNION ALL
            SELECT id, case_id, 'report-in', mark FROM cases_whistlecall WHERE district_id = %(district)s
            UNION ALL
            SELECT id, case_id, 'opinion', opinion_mark FROM cases_whistlecall WHERE district_id = %(district)s
        ) AS waits LEFT JOIN (
            SELECT about, clock, max(mark) AS mark FROM cases_caserung
            WHERE district_id = %(district)s AND about IS NOT NULL GROUP BY about, clock
        ) AS rung ON rung.about = waits.id AND rung.clock = waits.clock
        WHERE waits.mark <> coalesce(rung.mark, 0)""",
    "number_not_in_form": """
        SELECT count(*), min(id::text) FROM cases_case
        WHERE district_id = %(district)s AND number !~ '^[0-9]{5}-[0-9]{6,9}$'""",
    "number_ahead_of_counter": """
        SELECT count(*), min(c.id::text) FROM (
            SELECT id, 2000 + substring(number, 4, 2)::int AS year, split_part(number, '-', 2)::int AS serial
            FROM cases_case
            WHERE district_id = %(district)s AND number ~ '^[0-9]{5}-[0-9]{6,9}$' OFFSET 0
        ) AS c LEFT JOIN commands_counter AS n
            ON n.district_id = %(district)s AND n.name = 'case' AND n.year = c.year
        WHERE c.serial > coalesce(n.last, 0)""",
    "number_twice": """
        SELECT count(*), min(id) FROM (
            SELECT min(id::text) AS id FROM cases_case WHERE district_id = %(district)s
            GROUP BY number HAVING count(*) > 1
        ) AS doubled""",
    "not_searchable": """
        SELECT count(*), min(id::text) FROM cases_case
        WHERE district_id = %(district)s AND coalesce(length(search), 0) = 0""",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What doesn't fit, how often, and the id of a case where it doesn't."""

    kind: str
    count: int
    case_id: str


@transaction.atomic
def find_faults(district_id: str, *, workflows: Sequence[Workflow], fact_kinds: Mapping[str, str]) -> list[Fault]:
    """Ask all rows of a district's cases whether they fit each other; [] if they do. 14 queries.

    workflows: every table of stages that was ever in force; fact_kinds: the kind of fact that each action leaves.
    """
    values: dict[str, Any] = {
        "district": district_id, "actions": list(fact_kinds), "kinds": list(fact_kinds.values())
    }  # fmt: skip
    faults: list[Fault] = []
    with connection.cursor() as cursor:
        cursor.execute(_SORT_MEMORY)
        cursor.execute(_CELLS, values)
        for from_state, action, to_state, count, case_id in cursor.fetchall():
            if not any(_is_in_table(workflow, from_state, action, to_state) for workflow in workflows):
                faults.append(Fault("step_not_in_table", count, case_id))
        for kind, question in _QUESTIONS.items():
            cursor.execute(question, values)
            count, case_id = cursor.fetchone()
            if count:
                faults.append(Fault(kind, count, case_id))
    return faults


def _is_in_table(workflow: Workflow, from_state: str, action: str, to_state: str) -> bool:
    """Whether the table of stages lets that action lead from the one state to the other, by any outcome."""
    if not from_state:
        return action == Action.REPORT and to_state == State.REPORTED
    if action in {
        Action.JOIN,
        Action.HAND_OVER,
        *BESIDE_STAGES,
        *BESIDE_TABLE,
    }:  # no steps of the table, the state stays
        return from_state == to_state
    if action == Action.MERGE:  # to another case; what comes afterwards is a step of that one
        return from_state not in FINISHED and to_state == State.MERGED
    if action == Action.UNMERGE:  # the leading one stays where it is, the other stands where it stood
        return from_state == to_state or (from_state == State.MERGED and to_state not in FINISHED)
    if action == Action.UPHOLD:  # whoever it is given to has it newly dispatched
        return from_state not in FINISHED and to_state == State.DISPATCHED
    if action == Action.SETTLE:  # what the program had opened itself is no longer so
        return from_state not in FINISHED and to_state == State.CLOSED
    return any(
        row.next_state == to_state or (row.next_state == BEFORE and to_state != State.SUSPENDED)
        for row in workflow.transitions
        if (row.state, row.action) == (from_state, action)
    )


def sample_ids(district_id: str, *, sample: int) -> list[UUID]:
    """Draw about so many cases of a district, spread by their ids and the same each time, all if there are fewer.

    2 queries, one of which reads the whole index.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE district_id = %s", [district_id])
        every = max(1, cursor.fetchone()[0] // max(1, sample))
        cursor.execute(_SAMPLE, [district_id, every])
        return [row[0] for row in cursor.fetchall()]
