"""Writing a register out, and reading a sheet in."""

from linli.support.documents.actions.reading import read_sheet
from linli.support.documents.actions.registers import write_register

__all__ = ["read_sheet", "write_register"]
