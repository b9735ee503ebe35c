"""The room of organisations, as Django knows it."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Registers the room's tables."""

    name = "linli.registry.orgs"
    label = "orgs"
