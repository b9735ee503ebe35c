"""The text that somebody agrees to who leaves a name or a number: the present version, and every earlier one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.errors import NotFound
from linli.oversight.privacy.calc.default_consent import DEFAULT_CONSENT, FIRST
from linli.oversight.privacy.models import ConsentText
from linli.registry.people.queries import names_of


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A version of the text. made_at: None for the one that comes with the program; made_by: a name, "" if none."""

    number: int
    text: str
    made_at: datetime | None = None
    made_by: str = ""


_OF_THE_PROGRAM = ConsentRow(FIRST, DEFAULT_CONSENT)


def current_consent(district_id: str) -> ConsentRow:
    """Read the version that counts now. 1 query."""
    found = (
        ConsentText.objects.filter(district_id=district_id).order_by("-number").values_list("number", "text").first()
    )
    return ConsentRow(*found) if found else _OF_THE_PROGRAM


def get_consent(*, district_id: str, number: int) -> ConsentRow:
    """Read a version, for everybody: what somebody agreed to once. Raises NotFound. 1 query, none for the first."""
    if number == FIRST:
        return _OF_THE_PROGRAM
    found = ConsentText.objects.filter(district_id=district_id, number=number).values_list("number", "text", "made_at")
    if (row := found.first()) is None:
        raise NotFound("no_such_consent")
    return ConsentRow(*row)


def list_consents(district_id: str) -> list[ConsentRow]:
    """List all versions, newest first. 2 queries, 1 where none was published."""
    rows = list(ConsentText.objects.filter(district_id=district_id).order_by("-number"))
    people: set[UUID] = {row.made_by for row in rows}
    names = names_of(district_id=district_id, person_ids=sorted(people)) if people else {}
    mine = [ConsentRow(row.number, row.text, row.made_at, names.get(row.made_by, "")) for row in rows]
    return [*mine, _OF_THE_PROGRAM]
