"""The room of cases, as Django knows it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the room's tables and its receivers."""

    name = "linli.cases"
    label = "cases"

    def ready(self) -> None:
        """Join the bus once all tables are known."""
        from linli.cases import receivers, tasks  # noqa: F401 - tasks register themselves with the worker

        receivers.subscribe()
