"""The room of the territory, as Django knows it."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Registers the room's tables."""

    name = "linli.registry.territory"
    label = "territory"
