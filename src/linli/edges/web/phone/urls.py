"""Addresses of the phone's page."""

from django.urls import path

from linli.edges.web.phone.deeds import take_deed
from linli.edges.web.phone.pages import manifest, phone_page
from linli.edges.web.phone.pocket import pocket_json

urlpatterns = [
    path("phone/", phone_page, name="phone"),
    path("phone/pocket.json", pocket_json, name="phone_pocket"),
    path("phone/deeds/", take_deed, name="phone_deeds"),
    path("phone/manifest.webmanifest", manifest, name="phone_manifest"),
]
