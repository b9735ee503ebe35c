"""What an operator copies: every command, option, variable, port and file in it is one that there is."""

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import click
import pytest
from tests.test_docs import variables_read

from linli.config.threads import LARGEST_BODY_BYTES
from linli.edges.cli.commands import commands
from linli.edges.live.app import PATH
from linli.edges.live.halls import MOST_CLIENTS

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
NGINX = (DEPLOY / "nginx" / "linli.conf").read_text()
CONTAINER = (DEPLOY / "container" / "Containerfile").read_text()
INSTALLED = "/opt/linli/.venv/bin/linli"
OF_OTHERS = {"PATH"}

Block = list[tuple[list[str], "Block | None"]]


def unit(path: Path) -> ConfigParser:
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # names are told by case
    read.read(path)
    return read


def names_in(path: Path) -> set[str]:
    return set(re.findall(r"^([A-Z][A-Z_]+)=", path.read_text(), re.MULTILINE))


def parsed(text: str) -> Block:
    """Read nginx's language: words up to ";", or up to a block in braces."""
    tokens = re.findall(r"\"[^\"]*\"|[{};]|[^\s{};]+", re.sub(r"(?m)(^|\s)#.*$", "", text))
    block, rest = _block(tokens)
    assert rest == []
    return block


def _block(tokens: list[str]) -> tuple[Block, list[str]]:
    block: Block = []
    words: list[str] = []
    while tokens and tokens[0] != "}":
        token, tokens = tokens[0], tokens[1:]
        if token == ";":
            assert words
            block, words = [*block, (words, None)], []
        elif token == "{":
            inner, tokens = _block(tokens)
            assert tokens[0] == "}"
            tokens = tokens[1:]
            block, words = [*block, (words, inner)], []
        else:
            words = [*words, token]
    assert words == []
    return block, tokens


def directives(block: Block) -> list[list[str]]:
    return [words for words, inner in block for words in ([words] if inner is None else [words, *directives(inner)])]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_unit_runs_a_command_that_there_is(path: Path) -> None:
    program, name, *arguments = unit(path)["Service"]["ExecStart"].split()
    command = commands.commands[name]

    assert program == INSTALLED
    command.make_context(name, ["/tmp" if each.startswith("/") else each for each in arguments])  # noqa: S108
    assert isinstance(command, click.Command)


def test_each_long_running_process_has_its_unit_and_none_twice() -> None:
    kept = {
        path.stem: unit(path)["Service"].get("Environment", "") for path in UNITS if "oneshot" not in path.read_text()
    }

    assert kept == {
        "linli-portal": "LINLI_EDGES=portal PORT=8000", "linli-desk": "LINLI_EDGES=desk PORT=8001", "linli-worker": "",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["linli.env", "owner.env"])
def test_environment_names_variables_that_are_read(name: str) -> None:
    assert names_in(DEPLOY / "systemd" / name) - variables_read() == set()


def test_only_who_needs_them_has_the_owner_s_rights() -> None:
    assert [path.stem for path in UNITS if "owner.env" in path.read_text()] == ["linli-backup", "linli-migrate"]
    assert "DATABASE_OWNER_URL" not in names_in(DEPLOY / "systemd" / "linli.env")


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_unit_gives_a_process_no_more_than_it_needs(path: Path) -> None:
    service = unit(path)["Service"]

    assert service["User"] == "linli"
    assert service["UMask"] == "0077"
    assert {name for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome") if service[name] == "yes"} == {
        "NoNewPrivileges", "PrivateTmp", "ProtectHome",
    }  # fmt: skip
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"]) == ("strict", "")


def test_timer_starts_the_backup() -> None:
    assert [path.stem for path in TIMERS] == ["linli-backup"]
    assert "linli-backup" in {path.stem for path in UNITS}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    for path in [*UNITS, *TIMERS]:
        (tmp_path / path.name).write_text(path.read_text().replace(INSTALLED, sys.executable))

    done = subprocess.run(  # noqa: S603
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())],  # noqa: S607
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert [line for line in done.stderr.splitlines() if "linli" in line] == []
    assert done.returncode == 0


def test_nginx_sends_each_name_where_its_unit_listens() -> None:
    upstreams = {
        words[1]: next(each[1] for each in directives(inner or []) if each[0] == "server")
        for words, inner in parsed(NGINX)
        if words[0] == "upstream"
    }
    ports = {f"linli_{path.stem.removeprefix('linli-')}": re.search(r"PORT=(\d+)", path.read_text()) for path in UNITS}

    assert upstreams == {name: f"127.0.0.1:{found[1]}" for name, found in ports.items() if found}
    assert {words[1] for words in directives(parsed(NGINX)) if words[0] == "proxy_pass"} == {
        f"http://{name}" for name in upstreams
    }


def test_nginx_uses_zones_that_it_makes() -> None:
    words = directives(parsed(NGINX))
    made = {re.search(r"zone=(\w+):", " ".join(each))[1] for each in words if each[0].endswith("_zone")}  # type: ignore[index]
    used = {each[1].removeprefix("zone=") for each in words if each[0] in {"limit_req", "limit_conn"}}

    assert used == made


def locations(server: Block) -> dict[str, list[list[str]]]:
    return {words[-1]: directives(inner or []) for words, inner in server if words[0] == "location"}


def tls_servers() -> list[Block]:
    blocks = [inner for words, inner in parsed(NGINX) if words == ["server"] and inner]
    return [block for block in blocks if ["listen", "443", "ssl", "http2"] in directives(block)]


def test_nginx_lets_the_largest_body_through_and_hands_on_no_address_that_was_claimed() -> None:
    assert len(tls_servers()) == 2
    for server in tls_servers():
        words = directives(server)
        assert ["client_max_body_size", f"{LARGEST_BODY_BYTES // 2**20}m"] in words
        assert ["proxy_set_header", "X-Forwarded-For", "$remote_addr"] in words
        assert ["proxy_set_header", "X-Forwarded-Proto", "$scheme"] in words
        assert ["ssl_protocols", "TLSv1.2", "TLSv1.3"] in words
        assert ["access_log", "off"] in words
        assert locations(server)["/metrics"] == [["return", "404"]]


def test_nginx_sends_events_on_at_once() -> None:
    desk = next(server for server in tls_servers() if ["proxy_pass", "http://linli_desk"] in directives(server))

    stream = locations(desk)[PATH]
    assert [each for each in stream if each[0] in {"proxy_buffering", "gzip", "proxy_read_timeout"}] == [
        ["proxy_buffering", "off"],
        ["gzip", "off"],
        ["proxy_read_timeout", "1h"],
    ]


def test_nginx_lets_a_whole_hall_in_from_one_address() -> None:
    desk = next(server for server in tls_servers() if ["proxy_pass", "http://linli_desk"] in directives(server))

    hall = {words[0]: words[1:] for words in locations(desk)["/hall/"]}
    assert (hall["proxy_buffering"], hall["limit_conn"]) == (["off"], ["linli_connections", str(MOST_CLIENTS)])
    assert hall["limit_req"] == ["zone=linli_hall", "burst=1000", "nodelay"]


def test_container_copies_makes_and_runs_what_there_is() -> None:
    lines = [line.split() for line in re.sub(r"\\\n", " ", CONTAINER).splitlines() if line and not line.startswith("#")]
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    variables = set(
        re.findall(r"([A-Z][A-Z_]+)=", " ".join(word for line in lines if line[0] == "ENV" for word in line))
    )

    assert {line[0] for line in lines} <= {
        "FROM", "RUN", "WORKDIR", "COPY", "ENV", "VOLUME", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD",
    }  # fmt: skip
    assert set(re.findall(r"RUN make (\w+)", CONTAINER)) <= targets
    assert variables - OF_OTHERS - variables_read() == set()
    assert lines[-1] == ["CMD", '["serve"]']
    assert "USER linli" in CONTAINER


def test_health_check_of_the_container_is_a_program() -> None:
    found = re.search(r'CMD \["python", "-c", "(.+)"\]', CONTAINER)

    assert found
    compile(found[1], "HEALTHCHECK", "exec")
