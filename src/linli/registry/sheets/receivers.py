"""What the room does when something happens in it."""

from linli.kernel import bus
from linli.ledger.commands.actions import enqueue
from linli.registry.sheets.events import ImportWaits
from linli.registry.sheets.tasks import work_off_import


def on_import_waits(event: ImportWaits) -> None:
    """Ask the worker, in the transaction that gives reason for it."""
    enqueue(work_off_import, district_id=event.district_id, import_id=event.import_id)


def subscribe() -> None:
    """Join the bus; called once the app is ready."""
    bus.subscribe(ImportWaits, on_import_waits)
