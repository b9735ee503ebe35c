"""The room of coverage, as Django knows it."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Registers the room's tables, its receivers and what the worker does for it."""

    name = "linli.registry.coverage"
    label = "coverage"

    def ready(self) -> None:
        """Join the bus once all tables are known."""
        from linli.registry.coverage import receivers, tasks  # noqa: F401 - tasks register themselves with the worker

        receivers.subscribe()
