"""Who may take in and write out which sheets."""

from collections.abc import Mapping

from linli.kernel.decision import Decision
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may
from linli.registry.sheets.choices import SheetKind

# Posts are rights, so that they stay with the security administrator, who holds no other sheet.
VERBS: Mapping[SheetKind, Verb] = {
    SheetKind.AREAS: Verb.EDIT_AREAS,
    SheetKind.COMPOUNDS: Verb.EDIT_AREAS,
    SheetKind.BUILDINGS: Verb.EDIT_AREAS,
    SheetKind.ORGANISATIONS: Verb.EDIT_AREAS,
    SheetKind.PEOPLE: Verb.MANAGE_POSTS,
    SheetKind.POSTS: Verb.MANAGE_POSTS,
}


def may_handle(viewer: Viewer, kind: SheetKind) -> Decision:
    """Say whether the viewer may take in and write out a sheet of that kind: only for the whole district."""
    return may(viewer, VERBS[kind], district_id=viewer.district_id, area_path=viewer.district_id)


def kinds_for(viewer: Viewer) -> tuple[SheetKind, ...]:
    """List the kinds that the viewer may handle."""
    return tuple(kind for kind in SheetKind if may_handle(viewer, kind))


def may_handle_any(viewer: Viewer) -> Decision:
    """Say whether there is a sheet that the viewer may handle, and if not, why."""
    return next(filter(None, (may_handle(viewer, kind) for kind in SheetKind)), may_handle(viewer, SheetKind.AREAS))
