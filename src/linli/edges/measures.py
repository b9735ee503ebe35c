"""What a process counts of itself, for Prometheus. No label tells of anybody: routes are patterns, never addresses."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("linli_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "linli_request_seconds",
    "From the first byte of a request to the end of its answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
STREAMS = Gauge("linli_event_streams", "Event streams open now.", multiprocess_mode="livesum")
