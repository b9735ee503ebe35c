"""A public client of GeoReport v2 (georeport, of PyPI) against a running server, in both forms."""

import pytest
from django.utils import timezone
from georeport import GeoReport
from pytest_django.live_server_helper import LiveServer
from tests.factories.district import DemoDistrict

from linli.registry.territory.models import District


@pytest.mark.parametrize("form", ["json", "xml"])
def test_client_reads_services_and_requests(
    committed_district: DemoDistrict, live_server: LiveServer, form: str
) -> None:
    District.objects.exclude(code=committed_district.id).update(is_served=False)
    cases = [committed_district.open_case_in("open", at=timezone.now(), category="noise") for _ in range(5)]
    client = GeoReport(f"{live_server.url}/open311/v2", jurisdiction=committed_district.id, output_format=form)

    services = client.get_service_list()
    listed = client.get_service_requests(service_code="noise", status="open")
    one = client.get_service_request(cases[0].number)

    assert "noise" in {each["service_code"] for each in services}
    assert client.get_service_definition("noise")["service_code"] == "noise"
    assert {each["service_request_id"] for each in listed} == {case.number for case in cases}
    assert (one["service_request_id"], one["status"], one["address"]) == (cases[0].number, "open", "第一街道")
