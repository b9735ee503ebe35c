"""What stands in for a page without a network, and the service worker that brings it."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.edges.web.phone.pages import PAGE as PHONE_PAGE
from linli.edges.web.phone.pages import PARTS as PHONE_PARTS

PAGE = "web/offline.html"
_HERE = Path(__file__).parent
# Under an address of their own, so that the worker leaves these files alone on all other pages.
PARTS = ("built/css/linli.css", "built/css/portal.css", "built/offline.js", "built/icon.svg")


@never_cache
@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """Say that there is no network: the same for everybody, in the language and look chosen, without form or name."""
    return render(request, PAGE)


@never_cache
@require_safe
def worker_script(_request: HttpRequest) -> HttpResponse:
    """Give the service worker, from the root so that it may answer for every page."""
    return HttpResponse(_script(), content_type="text/javascript")


@cache
def _script() -> str:
    """Write before the worker what it keeps, and a version that changes with any of it; the phone's apart from ours."""
    worker = settings.STATIC_ROOT / "built/worker.js"
    kept = [reverse("offline"), *(f"{static(name)}?offline" for name in PARTS)]
    head = f"const KEPT = {json.dumps(kept)}, VERSION = {json.dumps(_version(worker, PAGE, PARTS))};\n"
    # Where staff's pages are not served there is no phone's page either.
    page = reverse("phone") if settings.SERVES_STAFF else ""
    phone = {"page": page, "parts": [f"{static(name)}?phone" for name in PHONE_PARTS],
             "version": _version(worker, PHONE_PAGE, PHONE_PARTS)}  # fmt: skip
    return f"{head}const PHONE = {json.dumps(phone)};\n{worker.read_text()}"


def _version(worker: Path, page: str, parts: tuple[str, ...]) -> str:
    files = [_HERE / "templates" / page, worker, *(settings.STATIC_ROOT / name for name in parts)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
