"""Addresses under /open311/v2, each ending in the form of its answer."""

from django.urls import path
from django.urls.resolvers import URLPattern

from linli.edges.open311 import views
from linli.edges.open311.writing import JSON, XML

_VIEWS = (
    ("discovery", views.discovery),
    ("services", views.services),
    ("services/<slug:code>", views.service),
    ("requests", views.requests),
    ("requests/<slug:number>", views.one_request),
    ("tokens/<slug:code>", views.token),
    ("servicerequestupdates", views.updates),
)

urlpatterns: list[URLPattern] = [
    path(f"open311/v2/{route}.{form}", view, {"form": form}, name=f"open311_{route.partition('/')[0]}_{form}")
    for route, view in _VIEWS
    for form in (JSON, XML)
]
