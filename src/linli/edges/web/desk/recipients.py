"""Who a case can be given to: the posts that cover its place, departments, teams and companies there, or a search."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.queries.rows import CaseRow
from linli.registry.orgs.choices import OrganisationKind
from linli.registry.orgs.queries import OrganisationRow, list_organisations, search_organisations
from linli.registry.people.queries import Holder, list_holders_above, role_codes, search_holders

_COMMUNITY_CODES = 3
_POST, _ORGANISATION = "post:", "org:"
_MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a case can be given to. value: as a form sends it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class RecipientGroup:
    """Recipients of one kind."""

    title: str
    members: tuple[Recipient, ...]


def recipients_of(row: CaseRow, *, on: date) -> list[RecipientGroup]:
    """List who can be given a case: holders of posts for its place, departments, teams, companies. 5 queries."""
    holders = list_holders_above(
        district_id=row.district_id, area_path=row.area_path, roles=sorted(role_codes()), on=on
    )
    around = "/".join(row.area_path.split("/")[:_COMMUNITY_CODES])
    groups = [
        RecipientGroup(_("People of this place"), tuple(_people(holders, without=row.post_id))),
        _organisations(_("Departments"), row, OrganisationKind.DEPARTMENT, on),
        _organisations(_("Teams"), row, OrganisationKind.TEAM, on),
        _organisations(_("Property companies here"), row, OrganisationKind.PROPERTY_COMPANY, on, within=around),
    ]
    return [group for group in groups if group.members]


def departments(district_id: str, *, on: date) -> list[RecipientGroup]:
    """List departments and teams, for several cases at once. 2 queries."""
    kinds = ((_("Departments"), OrganisationKind.DEPARTMENT), (_("Teams"), OrganisationKind.TEAM))
    groups = [
        RecipientGroup(title, tuple(map(_organisation, list_organisations(district_id=district_id, on=on, kind=kind))))
        for title, kind in kinds
    ]
    return [group for group in groups if group.members]


def find_recipients(text: str, *, district_id: str, within: Iterable[str], on: date) -> list[RecipientGroup]:
    """Find posts and organisations by name, or as it sounds. 7 queries. within: paths of areas to find posts in."""
    holders = search_holders(district_id=district_id, text=text, within=tuple(within), on=on, limit=_MOST_FOUND)
    organisations = search_organisations(district_id=district_id, text=text, on=on, limit=_MOST_FOUND)
    groups = [
        RecipientGroup(_("People"), tuple(_people(holders))),
        RecipientGroup(_("Organisations"), tuple(map(_organisation, organisations))),
    ]
    return [group for group in groups if group.members]


def organisation_value(organisation_id: UUID) -> str:
    """Spell an organisation as forms send it."""
    return f"{_ORGANISATION}{organisation_id}"


def read_recipient(value: str) -> tuple[UUID | None, UUID | None]:
    """Read what a form sent: (post, organisation), one of them, or neither if nothing was chosen."""
    for prefix in (_POST, _ORGANISATION):
        if value.startswith(prefix):
            try:
                found = UUID(value[len(prefix) :])
            except ValueError:
                break
            return (found, None) if prefix == _POST else (None, found)
    return None, None


def _people(holders: Iterable[Holder], without: UUID | None = None) -> Iterable[Recipient]:
    for holder in holders:
        if holder.post_id != without:
            duty = "" if holder.is_on_duty else _(" (off duty)")
            yield Recipient(
                f"{_POST}{holder.post_id}", f"{holder.role_name} {holder.person_name} · {holder.area_name}{duty}"
            )  # fmt: skip


def _organisations(title: str, row: CaseRow, kind: str, on: date, within: str = "") -> RecipientGroup:
    found = list_organisations(district_id=row.district_id, on=on, kind=kind, area_path=within)
    own = row.organisation_id if row.post_id is None else None
    return RecipientGroup(title, tuple(_organisation(each) for each in found if each.id != own))


def _organisation(row: OrganisationRow) -> Recipient:
    return Recipient(f"{_ORGANISATION}{row.id}", row.name)
