"""Addresses under /api/v1: the API within its frame, its pages, and one answer for all that is none of these."""

from typing import cast

from django.urls import URLPattern, URLResolver, path, re_path

from linli.edges.api.docs import description, page, style
from linli.edges.api.frame import framed, framed_patterns, unknown_route
from linli.edges.api.program import api

_patterns, _app, _namespace = api.urls
_framed = framed_patterns([cast("URLPattern", each) for each in _patterns])

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/openapi.json", framed(description), name="api_description"),
    path("api/v1/docs", framed(page), name="api_docs"),
    path("api/v1/docs.css", framed(style)),
    path("api/v1/", (_framed, _app, _namespace)),
    re_path(r"^api/v1(/|$)", framed(unknown_route)),
]
