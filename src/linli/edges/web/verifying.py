"""Checking as a stranger: a draw by the page, the page as one file, the program; a result by its program.

No query, nothing kept.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from linli.edges.request import ViewerRequest
from linli.oversight.reviews.calc import verify_review, verifying

_PICTURE = re.compile(r"url\([^)]*\)")
_STYLES = ("css/linli.css", "css/portal.css", "css/verify.css")


@require_safe
def verify_page(request: ViewerRequest) -> HttpResponse:
    """Show the page; all it does happens in the browser."""
    return render(request, "web/portal/verify_draw.html", {"sha256": draw_program_sha256()})


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
    """Give the program that checks a draw and needs nothing but Python."""
    return _saved(_program(verifying.__file__), "verify_draw.py")


@require_safe
def verify_review_script(_request: ViewerRequest) -> HttpResponse:
    """Give the program that checks a session's result and needs nothing but Python."""
    return _saved(_program(verify_review.__file__), "verify_review.py")


def draw_program_sha256() -> str:
    """Hash the program that checks a draw, to be compared with what was saved."""
    return hashlib.sha256(_program(verifying.__file__)).hexdigest()


def review_program_sha256() -> str:
    """Hash the program that checks a result, to be compared with what was saved."""
    return hashlib.sha256(_program(verify_review.__file__)).hexdigest()


def _saved(program: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(program, content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@cache
def _built(name: str) -> str:
    """Read our own built file, so that it can stand within a page: pictures left out, no end of the script within."""
    text = (Path(settings.STATIC_ROOT) / "built" / name).read_text("utf-8")
    return text.replace("</", r"<\/") if name.endswith(".js") else _PICTURE.sub("none", text)


@cache
def _program(path: str) -> bytes:
    return Path(path).read_bytes()
