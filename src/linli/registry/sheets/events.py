"""What happens to imports."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ImportWaits:
    """An import waits for the worker: to be compared, or to be put in force."""

    district_id: str
    import_id: UUID
