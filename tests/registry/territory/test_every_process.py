"""An edit of a boundary counts with the next question in every process and thread: what a peer's workers got wrong."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from tests.factories.territory import LAOMO, XINXI, load_territory
from tests.registry.territory.test_redrawing import MOVED, move_border

PROGRAM = Path(__file__).with_name("locating_when_asked.py")


@contextmanager
def other_process() -> Iterator["subprocess.Popen[str]"]:
    """Run the program on the test's database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "linli.config.settings.test",
                        "LINLI_DATA": str(settings.DATA)}  # fmt: skip
    command = [sys.executable, str(PROGRAM), str(MOVED["lng"]), str(MOVED["lat"])]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603
        yield program
        assert program.stdin is not None
        program.stdin.close()


def answer(program: "subprocess.Popen[str]") -> str:
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("?\n")
    program.stdin.flush()
    return program.stdout.readline().strip()


@pytest.mark.django_db(transaction=True)
def test_edit_counts_with_the_next_question_of_every_process_and_thread() -> None:
    made = load_territory()
    with ExitStack() as stack:
        programs = [stack.enter_context(other_process()) for _ in range(2)]
        before = [answer(each) for each in programs]
        move_border(made)
        after = [answer(each) for each in programs]

    assert (before, after) == ([f"{LAOMO}@1"] * 2, [f"{XINXI}@2"] * 2)
