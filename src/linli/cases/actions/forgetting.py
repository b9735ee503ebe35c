"""Letting go of what people left and wrote, once its time is over or they asked: wiped for good, the case stays.

Source: Personal Information Protection Law, art. 19 and 47.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from linli.cases.choices import FileKind
from linli.cases.models import Card, Case, CaseFile, Reporter, Supervision
from linli.cases.queries.retention import CONTACT_DAYS, WORDS_DAYS, cases_with_words, contacts_left
from linli.cases.queries.rulebooks import current_rulebooks
from linli.support.files.actions import remove_files

BATCH = 500
# History is append-only for the application's role: this function of the owner's can do nothing but empty the words
# of cases that are closed.
_FORGET_HISTORY = "SELECT cases_forget_words(%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Wiped:
    """How much went: cases whose words went; notes and comments."""

    cases: int
    notes: int


def forget_contacts(*, district_id: str, at: datetime) -> int:
    """Wipe names and telephone numbers of cases closed longer ago than declared. Returns how many. 2 queries a batch.

    The words of who joined a case stay with the case.
    """
    done = 0
    while ids := list(contacts_left(district_id=district_id, before=at - timedelta(days=CONTACT_DAYS))[:BATCH]):
        done += wipe_contacts(district_id=district_id, reporter_ids=ids)
    return done


def forget_words(*, district_id: str, at: datetime) -> int:
    """Wipe words, notes and photos of cases closed longer ago than declared. Returns how many cases."""
    done = 0
    before = at - timedelta(days=WORDS_DAYS)
    while ids := list(cases_with_words(district_id=district_id, before=before)[:BATCH]):
        done += wipe_words(district_id=district_id, case_ids=ids).cases
        wipe_photos(district_id=district_id, case_ids=ids, at=at)
    return done


def wipe_contacts(*, district_id: str, reporter_ids: Collection[UUID]) -> int:
    """Wipe name, number and index of these reporters. Returns how many had any. 1 query."""
    found = Reporter.objects.filter(district_id=district_id, id__in=reporter_ids)
    return found.exclude(name=b"", phone=b"", phone_index=b"").update(name=b"", phone=b"", phone_index=b"")


@transaction.atomic
def wipe_words(*, district_id: str, case_ids: Collection[UUID], is_of_reporter: bool = False) -> Wiped:
    """Wipe what was written about closed cases: words, place, notes, comments. A case is then called by its category.

    is_of_reporter: only what the first reporter wrote; what staff noted and others added stays. Cases that are not
    closed are left alone: their words are what somebody works by. 6 queries, and 1 for each category.
    """
    closed = _closed(district_id, case_ids).select_for_update()
    by_category: dict[str, list[UUID]] = {}
    for case_id, category in closed.order_by("id").values_list("id", "category"):
        by_category.setdefault(category, []).append(case_id)
    names = current_rulebooks(district_id).categories
    for category, ids in by_category.items():
        Case.objects.filter(district_id=district_id, id__in=ids).update(
            title=names[category].name[:60] if category in names else "", text="", address=b"", place="", search=None,
            version=F("version") + 1,
        )  # fmt: skip
    ids = [case_id for each in by_category.values() for case_id in each]
    if not is_of_reporter:
        Reporter.objects.filter(district_id=district_id, case_id__in=ids).exclude(text="").update(text="")
        Supervision.objects.filter(district_id=district_id, case_id__in=ids).update(demand="", answer="", closing="")
        Card.objects.filter(district_id=district_id, case_id__in=ids).update(appeal="", ruling="")
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_HISTORY, [district_id, ids, is_of_reporter])
        notes = int(cursor.fetchone()[0])
    return Wiped(cases=len(ids), notes=notes)


@transaction.atomic
def wipe_photos(
    *, district_id: str, case_ids: Collection[UUID], at: datetime, of_reporter: Q | None = None
) -> int:  # fmt: skip
    """Remove the photos of closed cases for good. Returns how many. 5 queries; the pictures go after commit.

    of_reporter: `photos_of` one of those who reported them, left out: all.
    """
    closed = _closed(district_id, case_ids).values("id")
    found = CaseFile.objects.filter(of_reporter or Q(), district_id=district_id, case_id__in=closed)
    file_ids = list(found.order_by("id").values_list("file_id", flat=True))
    found.delete()
    return remove_files(district_id=district_id, file_ids=file_ids, at=at)


def photos_of(joined: UUID | None) -> Q:
    """Give the filter for the photos of somebody who joined a case, None for those that it was reported with."""
    return Q(kind=FileKind.REPORT, reporter_id=joined)


def _closed(district_id: str, case_ids: Collection[UUID]) -> QuerySet[Case]:
    return Case.objects.filter(district_id=district_id, id__in=case_ids, closed_at__isnull=False)
