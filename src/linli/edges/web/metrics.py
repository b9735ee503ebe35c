"""`/metrics` for Prometheus: what this process counted, and what the database holds at the moment of asking."""

import os
from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from linli.cases.queries.health import open_and_late
from linli.edges.last_backup import last_backup
from linli.kernel.db.census import size_of_database
from linli.ledger.commands.queries import count_failing, count_jobs, count_waiting, longest_waiting_s
from linli.ledger.facts.queries import seal_lag_s
from linli.registry.territory.queries import served_districts

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_SIGNS_OF_A_PROXY = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer this machine itself, or whoever shows the token; nobody else learns that there is anything."""
    if not _may_read(request):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    now = CollectorRegistry()
    now.register(_InDatabase(timezone.now()))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # several processes answer (`linli serve --workers`): all of theirs
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    else:
        counted = REGISTRY
    return HttpResponse(generate_latest(counted) + generate_latest(now), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    """Whether it came from this very machine, not through a proxy on it, or shows the token."""
    token = settings.ENVIRONMENT.metrics_token
    given = request.headers.get("Authorization", "")
    if token and compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    is_direct = not any(name in request.headers for name in _SIGNS_OF_A_PROXY)
    return settings.SERVES_STAFF and is_direct and request.META.get("REMOTE_ADDR") in _LOOPBACK


class _InDatabase(Collector):
    """Asked once for each scrape: 5 queries a district, and 3."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def collect(self) -> Iterable[Metric]:
        """Give the figures; no names, no texts."""
        is_open = GaugeMetricFamily("linli_cases_open", "Cases not closed.", labels=["district"])
        late = GaugeMetricFamily("linli_cases_late", "Of these, overdue.", labels=["district"])
        waiting = GaugeMetricFamily("linli_outbox_waiting", "Messages not delivered.", labels=["district"])
        failing = GaugeMetricFamily("linli_outbox_failing", "Of these, failed at least once.", labels=["district"])
        oldest = GaugeMetricFamily(
            "linli_outbox_oldest_seconds", "How long the oldest one is due.", labels=["district"]
        )
        lag = GaugeMetricFamily("linli_seal_lag_seconds", "Age of the oldest fact without a seal.", labels=["district"])
        for code in served_districts():
            open_count, late_count = open_and_late(district_id=code, at=self._at)
            is_open.add_metric([code], open_count)
            late.add_metric([code], late_count)
            waiting.add_metric([code], count_waiting(district_id=code))
            failing.add_metric([code], count_failing(district_id=code))
            oldest.add_metric([code], longest_waiting_s(district_id=code, at=self._at))
            lag.add_metric([code], seal_lag_s(district_id=code, at=self._at))
        yield from (is_open, late, waiting, failing, oldest, lag)
        jobs = GaugeMetricFamily("linli_jobs", "Background jobs by state.", labels=["state"])
        for state, count in count_jobs().items():
            jobs.add_metric([state], count)
        yield jobs
        yield GaugeMetricFamily("linli_database_bytes", "Size of the database.", value=size_of_database())
        yield from _backup_age(self._at)


def _backup_age(at: datetime) -> Iterable[Metric]:
    last = last_backup()
    if last is not None:
        age_s = (at - last.made_at).total_seconds()
        yield GaugeMetricFamily("linli_backup_age_seconds", "Since the last backup.", value=age_s)
