"""The PostgreSQL that Linli starts for itself when no DATABASE_URL names one."""

from linli.kernel.postgres.binaries import find_binaries
from linli.kernel.postgres.dumping import dump_database, load_database
from linli.kernel.postgres.errors import (
    CannotDump,
    CannotEnter,
    CannotLoad,
    CannotStart,
    CannotStop,
    NoBinaries,
    PostgresError,
)
from linli.kernel.postgres.health import Problem, check_database
from linli.kernel.postgres.server import Server, Status, start, status, stop

__all__ = [
    "CannotDump",
    "CannotEnter",
    "CannotLoad",
    "CannotStart",
    "CannotStop",
    "NoBinaries",
    "PostgresError",
    "Problem",
    "Server",
    "Status",
    "check_database",
    "dump_database",
    "find_binaries",
    "load_database",
    "start",
    "status",
    "stop",
]
