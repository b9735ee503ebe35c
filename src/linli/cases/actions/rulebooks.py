"""Changing what a district's cases run by: each change is a new version, checked before it counts."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from linli.cases.calc.rulebooks import Content, default_contents
from linli.cases.choices import RulebookKind
from linli.cases.models import Rulebook
from linli.cases.queries.rulebook_faults import require_no_faults
from linli.kernel.errors import Conflict, InvalidInput
from linli.ledger.facts.actions import record
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may

LONGEST_REASON = 200


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
    *, district_id: str, kind: RulebookKind, content: Content, follows: int, reason: str, by: Viewer, at: datetime
) -> int:
    """Put a new version of a document in force, for cases that come in from now on. Returns its number.

    follows: the number of the version that the new one was made from. Writes the version and a fact. Raises NotAllowed,
    InvalidInput without a reason, RulebookHasFaults naming everything that is wrong with it, Conflict if a newer
    version counts by now.
    """
    may(by, Verb.EDIT_RULEBOOKS, district_id=district_id, area_path=district_id).require()
    if not reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("reason_length", field="reason")
    rows = Rulebook.objects.filter(district_id=district_id, kind=kind)
    number: int = (rows.aggregate(newest=Max("number"))["newest"] or 0) + 1
    if number != follows + 1:
        raise Conflict("rulebook_changed", params={"kind": kind.value, "number": number - 1})
    require_no_faults(district_id=district_id, kind=kind, content=content, on=timezone.localdate(at))
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
