"""The README says what is there, and all of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linli.edges.cli.commands import commands

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text()
READS_VARIABLES = ("config", "kernel/postgres")
OF_THE_SYSTEM = {"TMPDIR", "XDG_RUNTIME_DIR"}
LINK = re.compile(r"\]\(([^)#]+)\)")


def variables_read() -> set[str]:
    source = PROJECT / "src" / "linli"
    files = [path for folder in READS_VARIABLES for path in (source / folder).rglob("*.py")]
    calls = re.compile(r"(?:env|environ)(?:\.get\(|\[)\"([A-Z_]+)\"")
    return {name for path in files for name in calls.findall(path.read_text())} - OF_THE_SYSTEM


def names_of(group: click.Group, before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from names_of(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def first_cells(pattern: str) -> list[str]:
    return re.findall(rf"^\| `({pattern})`", README, re.MULTILINE)


def test_readme_names_each_variable_that_is_read() -> None:
    assert sorted(first_cells(r"(?:PORT|[A-Z]+_[A-Z_]+)")) == sorted(variables_read())


def test_readme_names_each_command() -> None:
    assert sorted(first_cells(r"linli [a-z -]+")) == sorted(names_of(commands, "linli"))


def test_readme_names_each_target_of_make() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE)

    assert sorted(first_cells(r"make [a-z-]+")) == sorted(f"make {name}" for name in targets if name != "help")


PAGES = sorted(path for pattern in ("*.md", "docs/**/*.md", "src/**/*.md") for path in PROJECT.glob(pattern))


@pytest.mark.parametrize("page", PAGES, ids=[str(path.relative_to(PROJECT)) for path in PAGES])
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_each_decision_is_in_the_index() -> None:
    folder = PROJECT / "docs" / "decisions"
    linked = LINK.findall((folder / "README.md").read_text())

    assert linked == sorted(path.name for path in folder.glob("0*.md"))


def test_architecture_names_files_that_exist() -> None:
    text = (PROJECT / "ARCHITECTURE.md").read_text()
    named = re.findall(r"`((?:config|edges|cases|ledger|registry|kernel|docs)/[\w/.-]+)`", text)
    places = (PROJECT / "src" / "linli", PROJECT)

    assert [name for name in named if not any((place / name).exists() for place in places)] == []
