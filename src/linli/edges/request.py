"""The request as our middleware hands it on."""

from django.http import HttpRequest

from linli.registry.people.rules import Viewer


class ViewerRequest(HttpRequest):
    """A request on which `signed_in_viewer` has written who is looking."""

    viewer: Viewer
