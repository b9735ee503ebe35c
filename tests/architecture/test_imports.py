import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.linter import SOURCE, build_walls, furnish, lint

FORBIDDEN_NAMES = {"utils", "helpers", "common", "managers", "services"}
# The commands choose and load settings before any of us can be imported.
MAY_IMPORT_BY_NAME = {"config/command.py"}

ACTION = {"cases/actions/opening.py": ""}
MODEL = {"cases/models/case.py": ""}
VIOLATIONS = {
    "a lower floor imports a higher one": (
        "floors",
        ACTION | {"registry/orgs/rules.py": "from linli.cases.actions import opening\n"},
    ),
    "the kernel imports a room": ("floors", ACTION | {"kernel/clock.py": "import linli.cases.actions.opening\n"}),
    "hidden in a function": (
        "floors",
        ACTION | {"registry/orgs/rules.py": "def late():\n    from linli.cases.actions import opening\n"},
    ),
    "hidden under TYPE_CHECKING": (
        "floors",
        ACTION
        | {
            "registry/orgs/rules.py": "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from linli.cases.actions import opening\n"
        },
    ),
    "hidden in a migration": (
        "floors",
        ACTION | {"registry/orgs/migrations/initial.py": "from linli.cases.actions import opening\n"},
    ),
    "a floor that nobody planned": ("floors", {"extras/tools.py": ""}),
    "a room of support imports its neighbour": (
        "support-rooms",
        {"support/files/queries.py": "", "support/calendar/queries.py": "import linli.support.files.queries\n"},
    ),
    "a room of the ledger imports its neighbour": (
        "ledger-rooms",
        {"ledger/audit/queries.py": "", "ledger/facts/queries.py": "import linli.ledger.audit.queries\n"},
    ),
    "organisations import people": (
        "registry-rooms",
        {"registry/people/queries.py": "", "registry/orgs/queries.py": "import linli.registry.people.queries\n"},
    ),
    "rules import actions": ("room-inside", ACTION | {"cases/rules.py": "from linli.cases.actions import opening\n"}),
    "a room has a file of another name": ("room-inside", {"cases/workers.py": ""}),
    "an edge imports models": (
        "edges-no-models",
        MODEL | {"edges/web/cases/pages.py": "from linli.cases.models.case import Case\n"},
    ),
    "calc imports Django": ("calc-pure", {"support/calendar/calc/days.py": "from django.utils import timezone\n"}),
    "calc reaches Django through another": (
        "calc-pure",
        {"kernel/clock.py": "import django\n", "support/calendar/calc/days.py": "import linli.kernel.clock\n"},
    ),
    "two files import each other": (
        "acyclic",
        {"kernel/one.py": "import linli.kernel.two\n", "kernel/two.py": "import linli.kernel.one\n"},
    ),
}


@pytest.fixture
def walls(tmp_path: Path) -> Path:
    build_walls(tmp_path)
    return tmp_path


def test_house_keeps_its_contracts() -> None:
    code, said = lint(SOURCE.parent)

    assert (code, "0 broken" in said) == (0, True), said


def test_bare_walls_keep_the_contracts(walls: Path) -> None:
    code, said = lint(walls)

    assert (code, "0 broken" in said) == (0, True), said


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_violation_is_refused(walls: Path, violation: str) -> None:
    contract, files = VIOLATIONS[violation]
    furnish(walls, files)

    code, said = lint(walls, "--contract", contract)

    assert (code, "1 broken" in said) == (1, True), said


def imports_by_name(source: str) -> list[int]:
    """Find the lines that import one of us by a string, or by a string nobody can see."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"import_module", "__import__"}:
            name = node.args[0] if node.args else None
            if not isinstance(name, ast.Constant) or str(name.value).split(".")[0] == "linli":
                found.append(node.lineno)
    return found


def python_files() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), path


def test_nobody_imports_us_by_name() -> None:
    found = {name: lines for name, path in python_files() if (lines := imports_by_name(path.read_text()))}

    assert {name: lines for name, lines in found.items() if name not in MAY_IMPORT_BY_NAME} == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import_module('linli.cases')", [1]),
        ("importlib.import_module(name)", [1]),
        ("\n__import__('linli')", [2]),
        ("import_module('django')", []),
    ],
)
def test_import_by_name_is_found(source: str, lines: list[int]) -> None:
    assert imports_by_name(source) == lines


def test_each_folder_with_code_is_a_package() -> None:
    folders = {path.parent for _, path in python_files()}

    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_file_is_named_for_nothing() -> None:
    assert [name for name, path in python_files() if FORBIDDEN_NAMES & {path.stem, *Path(name).parts[:-1]}] == []
