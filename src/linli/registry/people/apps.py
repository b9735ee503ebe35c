"""The room of people, as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room's tables."""

    name = "linli.registry.people"
    label = "people"
