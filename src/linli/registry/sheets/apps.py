"""The room of sheets, as Django knows it."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """Registers the room's table, its receivers and what the worker does for it."""

    name = "linli.registry.sheets"
    label = "sheets"

    def ready(self) -> None:
        """Join the bus once all tables are known."""
        from linli.registry.sheets import receivers

        receivers.subscribe()
