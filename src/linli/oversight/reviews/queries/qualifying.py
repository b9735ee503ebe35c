"""Who may report at a special session, as who runs the draw sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from linli.oversight.reviews.calc.programme import read_rules
from linli.oversight.reviews.choices import Occasion
from linli.oversight.reviews.models import Draw, ProgrammeBook, Qualification
from linli.oversight.reviews.models import Member as MemberOf
from linli.registry.people.queries import names_of, presenters_of

ASKS_WHO_MAY = frozenset({Occasion.BORN_AFTER_1980.value})


@dataclass(frozen=True, slots=True)
class QualifyRow:
    """An organisation, who would report for it, and whether they may. person: None for nobody, whose name is ""."""

    code: str
    organisation: str
    person: UUID | None
    name: str
    is_qualified: bool


def qualified_among(draw: Draw, persons: Sequence[UUID]) -> set[UUID]:
    """Give who of these people may report at a draw's occasion. 1 query."""
    ours = Qualification.objects.filter(district_id=draw.district_id, occasion=draw.occasion, person_id__in=persons)
    return set(ours.values_list("person_id", flat=True))


def list_who_may(draw: Draw) -> list[QualifyRow]:
    """List the organisations of a draw's programme with who reports for each on its day, by code. 5 queries."""
    book = ProgrammeBook.objects.filter(district_id=draw.district_id, programme_id=draw.programme_id)
    roles = read_rules(book.order_by("-number")[:1].get().content).presenter_roles
    members = MemberOf.objects.filter(
        district_id=draw.district_id, programme_id=draw.programme_id, ends_on__isnull=True
    ).order_by("stratum", "organisation__code")
    rows = list(members.values_list("organisation_id", "organisation__code", "organisation__name"))
    held = presenters_of(
        district_id=draw.district_id, organisation_ids=[row[0] for row in rows], roles=roles, on=draw.planned_on
    )
    names = names_of(district_id=draw.district_id, person_ids=list(held.values()))
    fit = qualified_among(draw, list(held.values()))
    return [
        QualifyRow(code, name, held.get(id_), names.get(held[id_], "") if id_ in held else "", held.get(id_) in fit)
        for id_, code, name in rows
    ]
