"""The table in docs/mechanisms/personal-data.md says what the models declare."""

from collections import defaultdict
from pathlib import Path

from linli.edges.words.personal_data import FIELDS
from linli.kernel.db.declarations import Declared, list_declared

PAGE = Path(__file__).resolve().parents[1] / "docs/mechanisms/personal-data.md"


def table(declared: list[Declared]) -> str:
    """Write the declarations as the page has them: one line for all fields of a table that say the same."""
    lines: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in declared:
        data = each.data
        kept = f"{data.retention_days} days" if data.retention_days else "as long as the row"
        how = "sealed" if data.sealed_for else "index" if data.is_index else ""
        lines[each.table, data.whose, data.purpose, data.legal_basis, kept, how].append(each.field)
    rows = [f"| {key[0]} | {', '.join(fields)} | {' | '.join(key[1:])} |" for key, fields in lines.items()]
    head = ["| table | fields | whose | what for | by which right | how long | how |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def test_page_has_the_table_of_the_declarations() -> None:
    said = PAGE.read_text().partition("<!-- declarations -->\n")[2].partition("\n<!-- end -->")[0]

    assert said == table(list_declared())


def test_every_declared_field_has_words_for_residents() -> None:
    assert {f"{each.table}.{each.field}" for each in list_declared()} <= FIELDS.keys()
