"""The synthetic district, and ways to call the API in it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.edges.api.calling import Calling
from tests.factories.district import DemoDistrict

from linli.edges import limits


@pytest.fixture(autouse=True)
def only_the_api(settings: Settings) -> Iterator[None]:
    """Serve the API alone, with fresh counters of tries."""
    settings.ROOT_URLCONF = "linli.edges.api.urls"
    for limit in limits.ALL:
        limit.forget()
    yield
    for limit in limits.ALL:
        limit.forget()


@pytest.fixture
def calling(district: DemoDistrict) -> Calling:
    return Calling(district)


@pytest.fixture
def nobody() -> Client:
    return Client()
