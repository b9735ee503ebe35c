"""Every address, by edge; `LINLI_EDGES` chooses which of them this process serves."""

from django.conf import settings
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from linli.edges.web.health import healthz, metrics, readyz

_PORTAL = [path("", include("linli.edges.web.portal.urls"))]
_DESK = [
    path("", include("linli.edges.web.desk.urls")),
    path("", include("linli.edges.web.accounts.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    *(_PORTAL if settings.EDGES in {"all", "portal"} else []),
    *(_DESK if settings.EDGES in {"all", "desk"} else []),
    path("", include("linli.edges.api.urls")),
]
