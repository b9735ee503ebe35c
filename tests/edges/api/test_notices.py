"""Whoever has a case is told of it once, and nobody else is."""

from tests.edges.api.calling import Calling
from tests.factories.district import DemoDistrict

from linli.cases.tasks import deliver_messages


def test_holder_is_told_once_and_a_neighbour_is_not(calling: Calling, district: DemoDistrict) -> None:
    case = district.open_case_in(community=1)
    deliver_messages(0)
    deliver_messages(0)

    told = calling.as_("grid_worker").get("/api/v1/notices").json()["items"]
    assert [(row["kind"], row["subject_id"], row["is_read"]) for row in told] == [
        ("case.opened", str(case.id), False)
    ]  # fmt: skip
    assert calling.as_("grid_worker", community=2).get("/api/v1/notices").json()["items"] == []


def test_notices_are_marked_as_read(calling: Calling, district: DemoDistrict) -> None:
    district.open_case_in()
    deliver_messages(0)
    worker = calling.as_("grid_worker")

    assert worker.post("/api/v1/notices/read").json() == {"marked": 1}
    assert [row["is_read"] for row in worker.get("/api/v1/notices").json()["items"]] == [True]
