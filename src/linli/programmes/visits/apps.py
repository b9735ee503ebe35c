"""The room of visits, as Django knows it."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Registers the room's tables."""

    name = "linli.programmes.visits"
    label = "visits"
