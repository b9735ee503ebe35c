"""Checking a draw as a stranger: the page, the page as one file, the program. No query, nothing kept."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from linli.edges.request import ViewerRequest
from linli.oversight.reviews.calc import verifying

_PICTURE = re.compile(r"url\([^)]*\)")
_STYLES = ("css/linli.css", "css/portal.css", "css/verify.css")


@require_safe
def verify_page(request: ViewerRequest) -> HttpResponse:
    """Show the page; all it does happens in the browser."""
    return render(request, "web/portal/verify_draw.html")


@require_safe
def verify_alone(request: ViewerRequest) -> HttpResponse:
    """Give the page as one file, to be opened from a disk. It is saved, never shown: our policy refuses its script."""
    page = render(
        request,
        "web/portal/verify_draw_alone.html",
        {"style": mark_safe("".join(map(_built, _STYLES))), "script": mark_safe(_built("verify.js"))},  # noqa: S308
    )
    page.headers["Content-Disposition"] = 'attachment; filename="verify-draw.html"'
    return page


@require_safe
def verify_script(_request: ViewerRequest) -> HttpResponse:
    """Give the program that needs nothing but Python."""
    answer = HttpResponse(_program(), content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return answer


@cache
def _built(name: str) -> str:
    """Read our own built file, so that it can stand within a page: pictures left out, no end of the script within."""
    text = (Path(settings.STATIC_ROOT) / "built" / name).read_text("utf-8")
    return text.replace("</", r"<\/") if name.endswith(".js") else _PICTURE.sub("none", text)


@cache
def _program() -> bytes:
    return Path(verifying.__file__).read_bytes()
