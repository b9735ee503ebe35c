"""Changing what a district's cases run by: each change is a new version, checked before it counts."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from linli.cases.calc import categories, deadlines, dispatch, priority, workflow
from linli.cases.calc.rulebooks import (
    Content,
    default_contents,
    read_category_rows,
    read_deadlines,
    read_dispatch,
    read_priority,
    read_workflow,
)
from linli.cases.choices import RulebookKind
from linli.cases.models import Rulebook
from linli.cases.queries.rulebooks import current_rulebooks
from linli.kernel.errors import Conflict, InvalidInput
from linli.ledger.facts.actions import record
from linli.registry.people.choices import Verb
from linli.registry.people.queries import role_codes
from linli.registry.people.rules import Viewer, may
from linli.support.calendar.choices import Timer


@transaction.atomic
def install_default_rulebooks(*, district_id: str, at: datetime) -> None:
    """Give a new district the rulebooks that come with the program; a district that has some keeps them. 2 queries."""
    if not Rulebook.objects.filter(district_id=district_id).exists():
        Rulebook.objects.bulk_create(
            Rulebook(district_id=district_id, kind=kind, number=1, content=content, made_at=at)
            for kind, content in default_contents().items()
        )


@transaction.atomic
def publish_rulebook(
    *, district_id: str, kind: RulebookKind, content: Content, reason: str, by: Viewer, at: datetime
) -> int:
    """Put a new version of a document in force, for cases that come in from now on. Returns its number.

    Writes the version and a fact. Raises NotAllowed, InvalidInput naming everything that is wrong with it, Conflict
    if somebody else published at the same moment.
    """
    may(by, Verb.EDIT_RULEBOOKS, district_id=district_id, area_path=district_id).require()
    if not reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    found = _faults(district_id, kind, content)
    if found:
        raise InvalidInput("rulebook_has_faults", field="content", params={"faults": "; ".join(found)})
    rows = Rulebook.objects.filter(district_id=district_id, kind=kind)
    number: int = (rows.aggregate(newest=Max("number"))["newest"] or 0) + 1
    row = Rulebook(
        district_id=district_id,
        kind=kind,
        number=number,
        content=content,
        made_at=at,
        made_by=by.person_id,
        reason=reason,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # rows that nobody may update can't be locked, so the unique key decides
        raise Conflict("rulebook_changed", params={"kind": kind.value, "number": number}) from error
    record(
        district_id=district_id,
        kind="rulebook.published",
        subject_id=row.id,
        at=at,
        actor_id=by.person_id,
        area_path=district_id,
        data={"kind": kind, "number": number},
    )
    return number


def _faults(district_id: str, kind: RulebookKind, content: Content) -> list[str]:
    """List what is wrong with a document, its shape first."""
    try:
        return _faults_inside(district_id, kind, content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"not of the right shape: {type(error).__name__} {error}"]


def _faults_inside(district_id: str, kind: RulebookKind, content: Content) -> list[str]:
    known = set(current_rulebooks(district_id).categories)
    match kind:
        case RulebookKind.CATEGORIES:
            return categories.faults(read_category_rows(content), in_use=known)
        case RulebookKind.WORKFLOW:
            return workflow.faults(read_workflow(content))
        case RulebookKind.DISPATCH:
            return dispatch.faults(read_dispatch(content), categories=known, roles=role_codes())
        case RulebookKind.DEADLINES:
            return deadlines.faults(read_deadlines(content), categories=known, timers=list(Timer))
        case RulebookKind.PRIORITY:
            return priority.faults(read_priority(content))
