"""What a monitor reads, and who may read it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from tests.edges.api.calling import Calling
from tests.factories.district import DemoDistrict

from linli.edges.last_backup import LastBackup, note_backup
from linli.ledger.facts.actions import seal_new

Sample = tuple[str, tuple[tuple[str, str], ...]]


def scraped(client: Client | None = None) -> dict[Sample, float]:
    answer = (client or Client()).get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def of(samples: dict[Sample, float], name: str, **labels: str) -> float:
    return samples.get((name, tuple(sorted(labels.items()))), 0.0)


def test_requests_are_counted_by_pattern_and_status(district: DemoDistrict) -> None:
    case, client = district.open_case_in(), district.login(Client(), "grid_worker")
    labels = {"method": "GET", "route": "/desk/cases/<uuid:case_id>/"}
    before = scraped()

    client.get(f"/desk/cases/{case.id}/")
    client.get(f"/desk/cases/{case.id}/?q=13812345678")
    client.get(f"/desk/cases/{district.open_case_in(community=2).id}/")

    after = scraped()
    grown = {status: of(after, "linli_requests_total", **labels, status=status)
             - of(before, "linli_requests_total", **labels, status=status) for status in ("200", "404")}  # fmt: skip
    assert grown == {"200": 2, "404": 1}
    assert of(after, "linli_request_seconds_count", route=labels["route"]) >= 3


def test_no_label_holds_what_somebody_sent(district: DemoDistrict) -> None:
    client = Client()
    client.get("/欧阳测试/13812345678")
    client.generic("OUYANG", "/board/")
    Calling(district).report(client, text="二单元漏水", reporter={"name": "欧阳测试", "phone": "13812345678"})

    text = Client().get("/metrics").content.decode()

    assert text.isascii()
    assert [each for each in ("13812345678", "OUYANG") if each in text] == []
    assert 'route="none"' in text


def test_queues_seals_and_database_are_told(district: DemoDistrict, settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    note_backup(LastBackup(timezone.now() - timedelta(hours=2), tmp_path / "backup.tar"))
    seal_new(district_id=district.id, at=timezone.now())
    before = scraped()
    district.open_case_in()

    after = scraped()

    assert of(after, "linli_cases_open", district=district.id) == 1 + of(
        before, "linli_cases_open", district=district.id
    )
    assert of(after, "linli_outbox_waiting", district=district.id) >= 1
    assert of(after, "linli_outbox_failing", district=district.id) == 0
    assert of(after, "linli_outbox_oldest_seconds", district=district.id) > 0
    assert 0 <= of(after, "linli_seal_lag_seconds", district=district.id) < 60
    assert of(after, "linli_database_bytes") > 2**20
    assert 7000 < of(after, "linli_backup_age_seconds") < 7400
    assert ("linli_event_streams", ()) in after


def test_scrape_asks_few_queries(district: DemoDistrict) -> None:
    districts = 2
    with CaptureQueriesContext(connection) as caught:
        scraped()

    assert len(caught) == 3 + 5 * districts


def test_monitor_on_this_machine_needs_no_token_but_a_proxy_on_it_gets_nothing(db: None) -> None:
    assert Client().get("/metrics").status_code == 200
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"):
        assert Client().get("/metrics", headers={header: "203.0.113.9"}).status_code == 404


def test_monitor_elsewhere_needs_the_token(db: None, settings: Any) -> None:
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, metrics_token="long-and-random")

    assert elsewhere.get("/metrics").status_code == 404
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer long-and-randoM"}).status_code == 404
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer 长"}).status_code == 404
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer long-and-random"}).status_code == 200


def test_process_of_residents_answers_the_token_alone(db: None, settings: Any) -> None:
    settings.SERVES_STAFF = False
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, metrics_token="long-and-random")

    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer long-and-random"}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_metrics_are_only_read(db: None, method: str) -> None:
    assert getattr(Client(), method)("/metrics").status_code == 405
