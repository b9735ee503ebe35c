"""What a register can be written as, and what its columns can hold."""

import enum


class RegisterFormat(enum.StrEnum):
    """A file format; the value is also the file's ending."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


class ColumnKind(enum.StrEnum):
    """What a column holds; decides how a value is written in each format."""

    TEXT = "text"  # digits too: phone numbers and codes are no numbers
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"


CONTENT_TYPES = {
    RegisterFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    RegisterFormat.CSV: "text/csv; charset=utf-8",
    RegisterFormat.JSON: "application/json",
}
