"""What can go wrong with the embedded PostgreSQL; every message is one line that says what to do.

PostgresError
├── NoBinaries    no PostgreSQL of a known version on this machine
├── CannotEnter   a folder is closed to the account the server runs as
├── CannotStart   the server does not come up
├── CannotStop    the server does not go down
├── CannotDump    a database can't be written to a file
└── CannotLoad    a file can't be read into a database; nothing of it is there then
"""


class PostgresError(Exception):
    """Something an operator has to mend; the message can be shown as it is."""


class NoBinaries(PostgresError):
    """No PostgreSQL of a known version on this machine."""


class CannotEnter(PostgresError):
    """A folder is closed to the account the server runs as."""


class CannotStart(PostgresError):
    """The server does not come up."""


class CannotStop(PostgresError):
    """The server does not go down."""


class CannotDump(PostgresError):
    """A database can't be written to a file."""


class CannotLoad(PostgresError):
    """A file can't be read into a database; nothing of it is there then."""
