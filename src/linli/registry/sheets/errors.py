"""What can go wrong with sheets of the registry.

LinliError
├── InvalidInput
│   └── SheetHasFaults   rows that can't be taken: nothing was written
└── Conflict
    └── ImportMoved      the import is at another stage by now
"""

from linli.kernel.errors import Conflict, InvalidInput


class SheetHasFaults(InvalidInput):
    """Rows that can't be taken, so that nothing was written; which ones is told by planning once more."""


class ImportMoved(Conflict):
    """The import is at another stage by now."""
