"""Pulled plugs: what was acknowledged is there, once and whole; nothing is there by half."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from tests.factories.district import DemoDistrict

from linli.cases.models import Case, CaseStep, ClockSegment
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact

PROGRAM = Path(__file__).with_name("reporting_until_killed.py")


def report_until_killed(district: DemoDistrict, after_s: float) -> list[UUID]:
    """Let the program report, kill it with -9 some time after its first case, and give what it had acknowledged."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "linli.config.settings.test",
                        "LINLI_DATA": str(settings.DATA)}  # fmt: skip
    point = district.point_in()
    command = [sys.executable, PROGRAM, str(point.lng), str(point.lat)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as program:  # noqa: S603 - our own program
        assert program.stdout is not None
        first = program.stdout.readline()
        time.sleep(after_s)
        program.kill()
        rest = program.stdout.read()
    return [UUID(line) for line in (first + rest).decode().split("\n")[:-1]]


def count(ids: list[UUID]) -> dict[UUID, int]:
    return dict(Counter(ids))


@pytest.mark.slow
def test_acknowledged_cases_survive_ten_kills(committed_district: DemoDistrict) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    acknowledged = [
        case_id for _ in range(10) for case_id in report_until_killed(committed_district, chance.uniform(0.05, 0.4))
    ]

    there = count(list(Case.objects.values_list("id", flat=True)))
    assert len(acknowledged) >= 10
    assert set(acknowledged) <= set(there)
    assert set(there.values()) == {1}
    assert count(list(CaseStep.objects.values_list("case_id", flat=True))) == there
    assert count(list(Fact.objects.filter(kind="case.opened").values_list("subject_id", flat=True))) == there
    assert count(list(OutboxMessage.objects.values_list("subject_id", flat=True))) == there
    assert count(list(ClockSegment.objects.filter(clock="solution").values_list("case_id", flat=True))) == there
    numbers = list(Case.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
    assert len(there) - len(acknowledged) <= 10  # at most one a kill was committed and not yet said
