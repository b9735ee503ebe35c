"""The check of a database, ours or an operator's."""

from pathlib import Path

import psycopg
import pytest

from linli.kernel import postgres
from linli.kernel.postgres.health import _version_problems


def _codes(url: str) -> list[str]:
    return [problem.code for problem in postgres.check_database(url)]


def test_check_database_of_wrong_kinds(any_binaries: str, folder: Path) -> None:
    server = postgres.start(folder)
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE letters_c TEMPLATE template0 LC_CTYPE 'C' LC_COLLATE 'C'")
        connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'SQL_ASCII' LC_CTYPE 'C' LC_COLLATE 'C'")

    found = {name: _codes(server.owner_url.replace("/linli?", f"/{name}?")) for name in ("linli", "letters_c", "latin")}

    assert found == {"linli": [], "letters_c": ["character-type"], "latin": ["encoding", "character-type"]}


def test_check_database_unreachable(tmp_path: Path) -> None:
    assert _codes(f"postgresql://linli@/linli?host={tmp_path}") == ["unreachable"]


def test_check_database_too_old() -> None:
    assert [_version_problems(number) for number in (150_018, 180_006)] == [[], []]
    assert [problem.code for problem in _version_problems(140_012)] == ["version"]


def test_embedded_database_knows_chinese(any_binaries: str, folder: Path) -> None:
    server = postgres.start(folder)
    with psycopg.connect(server.owner_url) as connection:
        if not connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone():
            pytest.skip("this PostgreSQL comes without pg_trgm")
        connection.execute("CREATE EXTENSION pg_trgm")
        trigrams, upper = connection.execute("SELECT cardinality(show_trgm('食品安全')), upper('é')").fetchone() or (
            0,
            "",
        )
    assert (trigrams, upper) == (5, "É")
