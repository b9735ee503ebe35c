"""Writing a register out, and reading a sheet in."""

from linli.support.documents.actions.official import write_docx, write_pdf
from linli.support.documents.actions.reading import LARGEST_WORKBOOK_BYTES, read_sheet, read_workbook
from linli.support.documents.actions.registers import write_register, write_workbook

__all__ = [
    "LARGEST_WORKBOOK_BYTES",
    "read_sheet",
    "read_workbook",
    "write_docx",
    "write_pdf",
    "write_register",
    "write_workbook",
]
