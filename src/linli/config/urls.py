"""Every address, by edge; `LINLI_EDGES` chooses which of them this process serves."""

from django.conf import settings
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver
from django.views.generic import RedirectView

from linli.edges.web.accounts.views import display_page
from linli.edges.web.health import healthz, readyz
from linli.edges.web.metrics import metrics
from linli.edges.web.offline import offline_page, worker_script
from linli.edges.web.portal.privacy import privacy_page
from linli.edges.web.portal.reporting import feedback_page
from linli.edges.web.verifying import verify_alone, verify_page, verify_review_script, verify_script

_Patterns = list[URLPattern | URLResolver]

_PORTAL: _Patterns = [
    path("", include("linli.edges.web.portal.urls")),
    path("", include("linli.edges.open311.urls")),
]
# What staff's pages link to also where residents' pages are served elsewhere.
_DESK_ALONE: _Patterns = [
    path("", RedirectView.as_view(pattern_name="desk"), name="home"),
    path("feedback/", feedback_page, name="feedback"),
    path("privacy/", privacy_page, name="privacy"),
]
_DESK: _Patterns = [
    path("", include("linli.edges.web.desk.urls")),
    path("", include("linli.edges.web.phone.urls")),
    path("", include("linli.edges.web.visits.urls")),
    path("", include("linli.edges.web.people.urls")),
    path("", include("linli.edges.web.areas.urls")),
    path("", include("linli.edges.web.reviews.programme_urls")),
    path("", include("linli.edges.web.reviews.follow_urls")),
    path("", include("linli.edges.web.accounts.urls")),
    path("", include("linli.edges.web.hall.urls")),
]

urlpatterns: _Patterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz),
    # First: the others begin with all kinds of words, which take time to try.
    path("", include("linli.edges.api.urls")),
    *([path("metrics", metrics)] if settings.SERVES_STAFF or settings.ENVIRONMENT.metrics_token else []),
    path("display/", display_page, name="display"),
    path("offline/", offline_page, name="offline"),
    path("worker.js", worker_script, name="worker"),
    path("verify/draw", verify_page, name="verify_draw"),
    path("verify/draw.html", verify_alone, name="verify_draw_alone"),
    path("verify/verify_draw.py", verify_script, name="verify_draw_script"),
    path("verify/verify_review.py", verify_review_script, name="verify_review_script"),
    *(_PORTAL if settings.SERVES_RESIDENTS else _DESK_ALONE),
    *(_DESK if settings.SERVES_STAFF else []),
]
