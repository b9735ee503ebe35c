"""Keeping filters of a list under a name. A person's own affair: no fact is recorded, nobody is told."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.cases.calc.words import plain
from linli.cases.errors import CannotKeepView, NoSuchView, ViewsChanged
from linli.cases.models import MOST_VIEWS, SavedView
from linli.cases.queries.lists import CaseFilter, check_filter
from linli.cases.rules import may_keep_views, own_views
from linli.registry.people.rules import Viewer

LONGEST_NAME = 12


@transaction.atomic
def keep_view(*, name: str, wanted: CaseFilter, by: Viewer, at: datetime) -> UUID:
    """Keep filters of a list as the person's last view. Returns its id.

    Locks the person's views. Raises NotAllowed, InvalidInput for a filter that no list answers, CannotKeepView,
    ViewsChanged if there are twelve already or another window was faster.
    """
    may_keep_views(by).require()
    check_filter(viewer=by, wanted=wanted, at=at)
    mine = _locked(by)
    named = _free_name(name, mine, box=wanted.box)
    if len(mine) >= MOST_VIEWS:
        raise ViewsChanged("too_many_views", params={"most": MOST_VIEWS})
    view = SavedView(
        district_id=by.district_id, person_id=str(by.person_id), box=wanted.box, name=named, rank=len(mine) + 1,
        states=list(wanted.states), category=wanted.category, area_path=wanted.area_path, light=wanted.light,
        q=wanted.q, sort=wanted.sort,
    )  # fmt: skip
    try:
        with transaction.atomic():
            view.save(force_insert=True)
    except IntegrityError as error:  # rows that are not there yet can't be locked, so the unique keys decide
        raise ViewsChanged("views_changed") from error
    return view.id


@transaction.atomic
def rename_view(*, view_id: UUID, name: str, by: Viewer) -> None:
    """Give a view another name. 2 queries. Raises NoSuchView, CannotKeepView."""
    mine = _locked(by)
    view = _one_of(mine, view_id)
    view.name = _free_name(name, [each for each in mine if each.id != view_id], box=view.box)
    view.save(update_fields=["name"])


@transaction.atomic
def move_view(*, view_id: UUID, is_left: bool, by: Viewer) -> None:
    """Let a view change places with its neighbour over the same list. 4 queries.

    Raises NoSuchView, ViewsChanged if it has no neighbour on that side.
    """
    mine = _locked(by)
    view = _one_of(mine, view_id)
    row = [each for each in mine if each.box == view.box]
    place = row.index(view) + (-1 if is_left else 1)
    if not 0 <= place < len(row):
        raise ViewsChanged("view_is_at_the_end")
    other = row[place]
    for moved, rank in ((view, 0), (other, view.rank), (view, other.rank)):
        SavedView.objects.filter(own_views(by), id=moved.id).update(rank=rank)


@transaction.atomic
def delete_view(*, view_id: UUID, by: Viewer) -> None:
    """Forget a view; those after it move up. At most 13 queries. Raises NoSuchView."""
    mine = _locked(by)
    view = _one_of(mine, view_id)
    view.delete()
    for after in mine[mine.index(view) + 1 :]:
        SavedView.objects.filter(own_views(by), id=after.id).update(rank=after.rank - 1)


def _locked(by: Viewer) -> list[SavedView]:
    return list(SavedView.objects.select_for_update().filter(own_views(by)).order_by("rank"))


def _one_of(mine: list[SavedView], view_id: UUID) -> SavedView:
    for view in mine:
        if view.id == view_id:
            return view
    raise NoSuchView("no_such_view")


def _free_name(name: str, others: list[SavedView], *, box: str) -> str:
    """Read a name that is not taken. Raises CannotKeepView."""
    said = " ".join(plain(name).split())
    if not 1 <= len(said) <= LONGEST_NAME:
        raise CannotKeepView("view_name_length", field="name", params={"most": LONGEST_NAME})
    if any(each.name == said and each.box == box for each in others):
        raise CannotKeepView("view_name_taken", field="name", params={"name": said})
    return said
