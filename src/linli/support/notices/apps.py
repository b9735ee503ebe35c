"""The room of notices, as Django knows it."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the room's table."""

    name = "linli.support.notices"
    label = "notices"
