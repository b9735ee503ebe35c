"""The request as our middleware hands it on."""

from django.http import HttpRequest

from linli.registry.people.rules import Viewer


class ViewerRequest(HttpRequest):
    """A request on which `measured` has written its number, and `signed_in_viewer` who is looking."""

    log_id: str
    viewer: Viewer
