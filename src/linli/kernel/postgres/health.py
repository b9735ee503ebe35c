"""Whether a database, ours or an operator's, can hold Linli."""

from dataclasses import dataclass

import psycopg

from linli.kernel.postgres.binaries import FLOOR


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: a code, and a line for the operator."""

    code: str
    text: str


def check_database(url: str) -> list[Problem]:
    """Look for what would break Linli silently or late; an empty list is good news. 2 queries.

    The character type matters most: with C or another one that is not UTF-8, PostgreSQL takes no Chinese character
    for a letter, so trigram search finds nothing and says nothing. `SHOW lc_ctype` is gone in 18; pg_database stays.
    """
    try:
        with psycopg.connect(url, connect_timeout=10, client_encoding="utf8") as connection:
            number = connection.info.server_version
            encoding, character_type = connection.execute(_ENCODING).fetchone() or ("", "")
            has_letters = encoding == "UTF8" and connection.execute(_HAS_LETTERS).fetchone() == (True,)
    except psycopg.OperationalError as failure:
        return [Problem("unreachable", f"The database can't be reached: {str(failure).strip().splitlines()[-1]}")]
    return [
        *_version_problems(number),
        *_encoding_problems(encoding),
        *_letter_problems(character_type, has_letters=has_letters),
    ]


_ENCODING = """
SELECT pg_encoding_to_char(encoding)::text, datctype::text FROM pg_database WHERE datname = current_database()
"""
# The pattern asks the very tables that pg_trgm asks; a database that is not UTF-8 may not even be able to take it.
_HAS_LETTERS = "SELECT '社' ~ '^[[:alpha:]]$'"


def _version_problems(number: int) -> list[Problem]:
    major = number // 10_000
    if major >= FLOOR:
        return []
    return [Problem("version", f"The database is PostgreSQL {major}: move to {FLOOR} or newer.")]


def _encoding_problems(encoding: str) -> list[Problem]:
    if encoding == "UTF8":
        return []
    return [Problem("encoding", f"The database's encoding is {encoding}: create it with ENCODING 'UTF8'.")]


def _letter_problems(character_type: str, *, has_letters: bool) -> list[Problem]:
    if has_letters and character_type.lower().replace("-", "").endswith("utf8"):
        return []
    return [
        Problem(
            "character-type",
            f"The database's character type is {character_type}, for which Chinese has no letters and search finds "
            "nothing: create it with LOCALE 'C.UTF-8' TEMPLATE template0.",
        )
    ]
