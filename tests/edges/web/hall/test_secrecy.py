"""A secret vote over HTTP, drafts and second thoughts included: what the whole database and the log hold after it."""

import io
import json
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from tests.edges.web.hall.test_hall_pages import at, juror
from tests.factories.district import DemoDistrict
from tests.factories.review import WHOLE_TURN, Sitting, make_sitting

from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.choices import BallotMode

# Juror by juror: when they cast, and what. No two give the same.
ORDER = (3, 0, 4, 1, 2)
POINTS = ([20, 19, 18, 17, 16], [11, 12, 13, 14, 15], [3, 1, 4, 15, 9], [2, 7, 18, 2, 8], [16, 16, 1, 0, 5])

# A table's rows in the order in which they lie, each as its columns by name; NULL is \N.
Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Voted:
    """What is left: every table, and every line of the log."""

    sitting: Sitting
    tables: dict[str, Rows]
    log: list[dict[str, object]]

    @property
    def ballots(self) -> Rows:
        """The ballots' table."""
        return self.tables["reviews_ballot"]


@pytest.fixture
def voted(district: DemoDistrict, written: io.StringIO) -> Voted:
    """Let five jurors score two turns, in an order of their own, and close."""
    sitting = make_sitting(district, mode=BallotMode.SECRET)
    phones = [juror(sitting, number) for number in range(len(POINTS))]
    for turn in range(2):
        sitting.press(*WHOLE_TURN)
        for number in ORDER:
            put(phones[number], sitting, turn, number, seq=1, is_draft=True)
        for number in ORDER:
            put(phones[number], sitting, turn, number, seq=2 + number, is_draft=False)
        sitting.press(Command.SHOW, Command.NEXT)
    sitting.press(Command.ABSENT, Command.DEPLOYMENT, Command.CLOSE)
    return Voted(sitting, dumped(), [json.loads(line) for line in written.getvalue().splitlines()])


def put(phone: Client, sitting: Sitting, turn: int, number: int, *, seq: int, is_draft: bool) -> None:
    points = POINTS[(number + turn) % len(POINTS)]
    body = {"points": points, "nonce": f"{number}{turn}" * 16, "client_seq": seq, "is_draft": is_draft}
    path = at(sitting, f"ballots/{sitting.turns[turn].id}")
    assert phone.put(path, json.dumps(body), content_type="application/json").status_code == 200


def dumped() -> dict[str, Rows]:
    """Read all tables as `pg_dump --data-only` does: by COPY, as their owner."""
    tables: dict[str, Rows] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{table}" TO STDOUT WITH (HEADER)') as copy:
                names, *rows = [line.split("\t") for line in b"".join(copy).decode().splitlines()]
            tables[table] = [dict(zip(names, row, strict=True)) for row in rows]
    return tables


def test_ballots_of_a_turn_differ_by_points_receipt_and_an_id_of_chance_alone(voted: Voted) -> None:
    by_turn = [[row for row in voted.ballots if row["turn_id"] == str(turn.id)] for turn in voted.sitting.turns[:2]]

    assert [len(rows) for rows in by_turn] == [5, 5]
    for rows in by_turn:
        assert {name for name in rows[0] if len({row[name] for row in rows}) > 1} == {"id", "points", "receipt"}
    assert {UUID(row["id"]).version for row in voted.ballots} == {4}
    assert {(row["juror_id"], row["received_at"], row["group"]) for row in voted.ballots} == {("\\N", "\\N", "")}


def test_what_marks_a_ballot_stands_in_no_other_table_and_not_in_the_log(voted: Voted) -> None:
    marks = {row[name] for row in voted.ballots for name in ("id", "points", "receipt")}
    marks |= {row["points"].replace(" ", "") for row in voted.ballots}
    elsewhere = [
        (table, "\t".join(row.values())) for table, rows in voted.tables.items() for row in rows
        if table not in {"reviews_ballot", "reviews_publication"}
    ]  # fmt: skip

    assert len(elsewhere) > 100
    assert [(table, mark) for table, text in elsewhere for mark in marks if mark in text] == []
    assert [line for line in voted.log for mark in marks if mark in json.dumps(line)] == []


def test_ballots_lie_and_are_published_in_the_order_of_chance_written_at_one_stroke(voted: Voted) -> None:
    receipts = [row["receipt"] for row in voted.ballots]
    body = json.loads(voted.tables["reviews_publication"][0]["body"].replace("\\\\", "\\"))

    assert receipts == sorted(receipts) == [row["receipt"] for row in body["rows"]]
    assert len({row["juror"] for row in body["rows"]}) == len(receipts)
    assert {row["group"] for row in body["rows"]} == {""}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM reviews_ballot")
        assert cursor.fetchone() == (1,)


def test_log_tells_that_a_ballot_came_and_neither_whose_nor_what(voted: Voted) -> None:
    lines = [line for line in voted.log if "ballots" in str(line["route"])]
    jurors = {row["id"] for row in voted.tables["reviews_juror"]}

    assert len(lines) == 20
    assert {name for line in lines for name in line} == {
        "time", "level", "logger", "message", "request", "login", "method", "route", "status", "ms",
    }  # fmt: skip
    assert {(line["login"], line["route"]) for line in lines} == {
        ("", "/hall/<uuid:meeting_id>/ballots/<uuid:turn_id>"),
    }  # fmt: skip
    assert not any(each in json.dumps(line) for line in voted.log for each in jurors)
