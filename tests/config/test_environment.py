from pathlib import Path

import pytest

from linli.config.environment import BadEnvironment, read_environment


def test_cookies_go_without_tls_only_in_a_demo_on_loopback(tmp_path: Path) -> None:
    here = {"LINLI_DATA": str(tmp_path)}
    assert not read_environment(here).is_plain_loopback

    (tmp_path / "demo").touch()
    assert read_environment(here).is_plain_loopback
    assert not read_environment({**here, "LINLI_BIND": "0.0.0.0"}).is_plain_loopback  # noqa: S104 - must count as open


def test_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    here = {"LINLI_DATA": str(tmp_path)}
    first = read_environment(here).secret_key

    assert read_environment(here).secret_key == first
    assert len(first) == 64
    assert (tmp_path / "keys" / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("name", "value"), [("PORT", "0"), ("PORT", "x"), ("LINLI_EDGES", "some")])
def test_bad_variable_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadEnvironment, match=name):
        read_environment({"LINLI_DATA": str(tmp_path), name: value})
