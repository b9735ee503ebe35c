"""The room as Django knows it."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Registers the room's table and its task."""

    name = "linli.oversight.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Let the worker find the task."""
        from linli.oversight.privacy import tasks  # noqa: F401 - registers itself
