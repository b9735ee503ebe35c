"""Fields that name an area, an organisation or a person: typed, then found, or chosen among what it can mean.

Works without script: what can mean several is asked again with the list of them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from linli.kernel.errors import InvalidInput
from linli.registry.orgs.queries import search_organisations
from linli.registry.people.queries import Holder, page_people, search_holders
from linli.registry.people.queries.managing import PeopleFilter, list_managed_people
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import search_areas

MOST = 8
LONGEST, LONGEST_LIST = 60, 1000
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that the text can mean. is_exact: the text is its whole name or code."""

    value: str
    label: str
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """A field as it was filled in. value: what it means, "" if that is not clear; then options or error say why."""

    name: str
    typed: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    error: str = ""


def pick(
    sent: QueryDict, name: str, find: Callable[[str], Sequence[Option]], suggested: Sequence[Option] = ()
) -> Picked:
    """Read a field: what was chosen for this very text, else the only thing that it can mean.

    suggested: what is offered before anything was typed.
    """
    typed = sent.get(name, "").strip()[:LONGEST]
    found = list(find(typed)) if typed else list(suggested)
    chosen = sent.get(f"{name}_is", "") if sent.get(f"{name}_of", "") == typed else ""
    if chosen in {option.value for option in found}:
        return Picked(name, typed, chosen, tuple(suggested) if not typed else ())
    if not typed:
        return Picked(name, options=tuple(suggested), error=_("Say which. What you entered is kept."))
    exact = [option for option in found if option.is_exact]
    only = exact if len(exact) == 1 else found
    if len(only) == 1:
        return Picked(name, only[0].label if not only[0].is_exact else typed, only[0].value)
    if not found:
        return Picked(name, typed, error=_("Nothing found by that name or code. What you entered is kept."))
    return Picked(name, typed, options=tuple(found[:MOST]), error=_("That can mean several. Choose one."))


def pick_area(sent: QueryDict, name: str, *, district_id: str, on: date) -> Picked:
    """Read a field that names an area of the district by name or code; its value is the code."""

    def find(text: str) -> list[Option]:
        rows = search_areas(text, within=[district_id], on=on, limit=MOST + 1)
        return [Option(row.code, f"{row.name} {row.code}", text in {row.code, row.name}) for row in rows]

    return pick(sent, name, find)


def find_areas(sent: QueryDict, name: str, *, district_id: str, on: date) -> tuple[str, ...]:
    """Read a field that names several areas, by code or whole name, with spaces or commas between; gives their codes.

    Raises InvalidInput for what names none, or could be several. 1 query a word.
    """
    codes = []
    for word in _BETWEEN.split(sent.get(name, "").strip()[:LONGEST_LIST]):
        rows = search_areas(word, within=[district_id], on=on, limit=MOST + 1) if word else []
        exact = [row for row in rows if word in {row.code, row.name}]
        if word and len(exact) != 1:
            raise InvalidInput("further_unclear", field=name, params={"word": word})
        codes += [row.code for row in exact]
    return tuple(codes)


def pick_organisation(sent: QueryDict, name: str, *, district_id: str, on: date) -> Picked:
    """Read a field that names an organisation of the district by name or code; its value is the id."""

    def find(text: str) -> list[Option]:
        rows = search_organisations(district_id=district_id, text=text, on=on, limit=MOST + 1)
        return [Option(str(row.id), row.name, text in {row.code, row.name}) for row in rows]

    return pick(sent, name, find)


def pick_person(sent: QueryDict, name: str, *, district_id: str, on: date) -> Picked:
    """Read a field that names somebody with a post by a part of the name; its value is the person's id."""

    def find(text: str) -> list[Option]:
        rows = page_people(district_id=district_id, on=on, q=text, limit=MOST + 1)
        return [
            Option(str(row.id), _said(row.name, row.posts[0].role_name, row.posts[0].area_name) if row.posts
                   else row.name, text == row.name)
            for row in rows
        ]  # fmt: skip

    return pick(sent, name, find)


def pick_post(sent: QueryDict, name: str, *, district_id: str, on: date, suggested: Sequence[Option]) -> Picked:
    """Read a field that names a post of the district by a part of its person's, role's or area's name."""

    def find(text: str) -> list[Option]:
        rows = search_holders(district_id=district_id, text=text, within=[district_id], on=on, limit=MOST + 1)
        return [post_option(row) for row in rows]

    return pick(sent, name, find, suggested)


def post_option(row: Holder) -> Option:
    """Offer a post."""
    return Option(str(row.post_id), _said(row.person_name, row.role_name, row.area_name))


def _said(name: str, role: str, area: str) -> str:
    return _("%(name)s (%(role)s)") % {"name": name, "role": f"{role}·{area}"}


def pick_managed(sent: QueryDict, name: str, *, viewer: Viewer, on: date) -> Picked:
    """Read a field that names somebody whom the viewer manages, with a post or without; its value is the id."""

    def find(text: str) -> list[Option]:
        rows = list_managed_people(viewer=viewer, wanted=PeopleFilter(q=text), on=on, limit=MOST + 1)
        return [Option(str(row.id), f"{row.name} {row.code}", text in {row.name, row.code}) for row in rows]

    return pick(sent, name, find)


def as_id(picked: Picked) -> UUID | None:
    """Give the id that was found, None for none."""
    return UUID(picked.value) if picked.value else None
