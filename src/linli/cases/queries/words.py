"""Cases found by words, by their numbers, and by the telephone that a reporter left."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, ExpressionWrapper, Func, Q, QuerySet, Subquery, Value, When
from django.db.models import Case as Choice
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import Exact

from linli.cases.calc.words import is_case_number, plain, search_query
from linli.cases.models import Case, Reporter
from linli.cases.queries.rows import CaseRow, case_rows, first_rows
from linli.cases.rules import doors_read_by, may_read_doors, sees_all, within_reach
from linli.kernel.crypto import blind_ends, blind_indexes, blind_words_of_each_key
from linli.kernel.phones import is_end_of_phone, is_phone, plain_phone
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere

_FIRST_LOOK = 4_000  # rows among which words are looked for one by one, before the index by words is asked
_MOST_OF_ONE_NUMBER = 200
_ADDRESS = Case.personal_data["address"].sealed_for


def words_of(viewer: Viewer, q: str) -> Q:
    """Look in titles, texts and places; in numbers, of cases and of telephones, only for what could be one.

    With an "or" in it PostgreSQL does not join the rows that have the words with those within reach before it reads.
    """
    words = plain(q).strip()
    if not words:
        return Q()
    found = _worded(viewer, words)
    if is_case_number(words):
        return found | Q(number=words)
    if is_end_of_phone(words):
        ids = _ending_in(viewer, plain_phone(words))
        return found | (Q(id__in=ids) & within_reach(viewer, Verb.SEE_CONTACTS)) if ids else found
    return found | _reported_from(viewer, words) if is_phone(words) else found


def _worded(viewer: Viewer, words: str) -> Q:
    """Look for words; for those of doors only where the viewer may read them. No query."""
    query = search_query(words)
    if not query:
        return Q(pk__in=[])
    here = Q(Exact(Lower("district_id"), Value(viewer.district_id)))
    clear = Q(search=SearchQuery(query, config="simple", search_type="raw"))
    if not may_read_doors(viewer):
        return here & clear
    either = search_query(words, partial(blind_words_of_each_key, purpose=_ADDRESS))
    # The first finds rows by the index, the second is asked of those alone; PostgreSQL takes it to leave half of them.
    in_clear = Choice(
        When(doors_read_by(viewer), then=Value(True)), default=ExpressionWrapper(clear, output_field=BooleanField())
    )
    return here & Q(search=SearchQuery(either, config="simple", search_type="raw")) & Q(in_clear)


def _reported_from(viewer: Viewer, phone: str) -> Q:
    """Find cases by the whole number that a reporter left, where the viewer may see contacts. 1 query.

    By the blind index, without reading a number: parts of one find nothing.
    """
    if not may_somewhere(viewer, Verb.SEE_CONTACTS):
        return Q(pk__in=[])
    indexes = blind_indexes(plain_phone(phone), purpose=Reporter.personal_data["phone"].sealed_for)
    left = Reporter.objects.filter(district_id=viewer.district_id, phone_index__in=indexes)
    ids = list(left.order_by("-id").values_list("case_id", flat=True)[:_MOST_OF_ONE_NUMBER])
    return Q(id__in=ids) & within_reach(viewer, Verb.SEE_CONTACTS)


def _ending_in(viewer: Viewer, digits: str) -> list[UUID]:
    """Find cases of reporters whose number ends in these four digits, newest first. 1 query, none who sees no contacts.

    By the index alone. It tells no more than the masked number, which has them for whoever sees the case; by five
    digits the fifth could be tried out.
    """
    if not may_somewhere(viewer, Verb.SEE_CONTACTS):
        return []
    ending = Q(pk__in=[])
    for first, last in blind_ends(digits, purpose=Reporter.personal_data["phone"].sealed_for):
        ending |= Q(phone_index__gte=first, phone_index__lte=last)
    left = Reporter.objects.filter(ending, district_id=viewer.district_id).order_by("-id")
    return list(left.values_list("case_id", flat=True)[:_MOST_OF_ONE_NUMBER])


def newest_with_words(found: QuerySet[Case], words: Q, *, viewer: Viewer, limit: int, at: datetime) -> list[CaseRow]:
    """Read the newest cases that hold words. 2 queries, 1 to 3 for who sees a district.

    found: the cases to look among. words: what `words_of` gives.
    """
    if sees_all(viewer):
        rows = case_rows(_among_newest(found, words)[:limit], at=at)
        if len(rows) == limit:
            return rows
    return first_rows(found.filter(words).order_by("-id"), limit=limit, at=at)


def _among_newest(found: QuerySet[Case], words: Q) -> QuerySet[Case]:
    """Give those of the newest rows that hold the words, newest first: enough for a page, if the words are common.

    PostgreSQL takes pairs for independent of each other, so a common phrase for a rare one, and would read all rows
    that hold it. "Is true" keeps it from the index by words, so that it walks the rows in their order instead. Rows of
    who sees less are few enough to be joined with those that hold the words.
    """
    last = Subquery(found.order_by("-id").values("id")[_FIRST_LOOK : _FIRST_LOOK + 1])
    holds = ExpressionWrapper(words, output_field=BooleanField())
    is_true = Func(holds, template="(%(expressions)s) IS TRUE", output_field=BooleanField())
    return found.filter(is_true, id__gte=Coalesce(last, UUID(int=0))).order_by("-id")
