"""Wiping what is past its declared time, and proving afterwards that nothing older is left."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions.forgetting import forget_contacts, forget_words
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import forget_traces
from linli.ledger.commands.actions import forget_delivered
from linli.ledger.facts.actions import record
from linli.oversight.privacy.models import DataRequest
from linli.oversight.privacy.queries.retention import APPLIED, LEFT
from linli.oversight.privacy.queries.terms import STRANGERS, TERMS, Term
from linli.programmes.visits.actions.visiting import forget_visits
from linli.registry.people.actions.forgetting import forget_people
from linli.registry.sheets.actions.importing import forget_imports


def apply_retention(*, district_id: str, at: datetime) -> UUID:
    """Wipe everything of a district that is past its time, and write down how much, and what is left past it.

    Batch by batch, each a transaction of its own: a stop loses nothing, the next night goes on. Then the same question
    is asked again, and a fact keeps both answers: "contacts": wiped, "contacts_left": still there. Nothing of anybody
    is in it, so that seals stay whole. Returns the fact's id.
    """
    data: dict[str, object] = {term.code: FORGET[term.code](term, district_id, at) for term in TERMS}
    data |= {f"{term.code}{LEFT}": term.past_due(district_id, at) for term in TERMS}
    with transaction.atomic():
        return record(district_id=district_id, kind=APPLIED, subject_id=new_id(), at=at, data=data)


def forget_requests(*, district_id: str, before: datetime) -> int:
    """Empty the words of requests answered before then; that they were, and what went, stays. 1 query."""
    old = DataRequest.objects.filter(district_id=district_id, answered_at__lt=before)
    return old.exclude(answer="", wish=b"").update(answer="", wish=b"")


def _traces(term: Term, district_id: str, at: datetime) -> int:
    return sum(forget_traces(district_id=code, before=term.before(at)) for code in (district_id, STRANGERS))


FORGET: Mapping[str, Callable[[Term, str, datetime], int]] = {
    "contacts": lambda _term, district_id, at: forget_contacts(district_id=district_id, at=at),
    "words": lambda _term, district_id, at: forget_words(district_id=district_id, at=at),
    "people": lambda term, district_id, at: forget_people(
        district_id=district_id, before=timezone.localdate(term.before(at))
    ),
    "imports": lambda _term, district_id, at: forget_imports(district_id=district_id, at=at),
    "messages": lambda term, district_id, at: forget_delivered(
        district_id=district_id, at=at, after_days=term.days
    ),
    "requests": lambda term, district_id, at: forget_requests(district_id=district_id, before=term.before(at)),
    "visits": lambda term, district_id, at: forget_visits(district_id=district_id, before=term.before(at)),
    "traces": _traces,
}  # fmt: skip
