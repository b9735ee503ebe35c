"""The room of notices, as Django knows it."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the room's tables and its tasks."""

    name = "linli.support.notices"
    label = "notices"

    def ready(self) -> None:
        """Let the worker know the tasks."""
        from linli.support.notices import tasks  # noqa: F401 - tasks register themselves
