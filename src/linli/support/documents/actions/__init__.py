"""Writing a register out."""

from linli.support.documents.actions.registers import write_register

__all__ = ["write_register"]
