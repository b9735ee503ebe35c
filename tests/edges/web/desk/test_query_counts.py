"""Lists ask the database the same number of questions, however many rows they show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.district import DemoDistrict

SIGNED_IN = 2  # the session and who is looking


@pytest.mark.parametrize("page", ["/desk/", "/desk/open/", "/desk/queue/", "/desk/open/?sort=priority", "/map/"])
def test_list_asks_the_same_for_one_and_thirty_rows(district: DemoDistrict, client: Client, page: str) -> None:
    signed_in = district.login(client, "district_dispatcher")
    district.open_case_in("vacant")
    signed_in.get(page)  # what is read once a version is read now
    with CaptureQueriesContext(connection) as one:
        signed_in.get(page)
    for number in range(29):
        district.open_case_in("vacant" if number % 2 else "compound", text=f"第{number}件事")

    with CaptureQueriesContext(connection) as thirty:
        signed_in.get(page)

    assert len(one) == len(thirty) <= SIGNED_IN + 9


@pytest.mark.parametrize("page", ["/cockpit/", "/cockpit/?period=year", "/cockpit/?wall=1"])
def test_board_asks_the_same_for_one_and_thirty_cases(district: DemoDistrict, client: Client, page: str) -> None:
    signed_in = district.login(client, "district_dispatcher")
    district.open_case_in("vacant")
    signed_in.get(page)
    with CaptureQueriesContext(connection) as one:
        signed_in.get(page)
    for number in range(29):
        district.open_case_in("vacant" if number % 2 else "compound", text=f"第{number}件事")

    with CaptureQueriesContext(connection) as thirty:
        signed_in.get(page)

    assert len(one) == len(thirty) <= SIGNED_IN + 17


def test_workbench_asks_eight_questions_besides_signing_in(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "grid_worker")
    district.open_case_in("compound")
    signed_in.get("/desk/")

    with CaptureQueriesContext(connection) as asked:
        signed_in.get("/desk/")

    assert len(asked) == SIGNED_IN + 8
