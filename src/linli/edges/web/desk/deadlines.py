"""The calendar of one's deadlines under a secret address, for the calendar of a telephone or an office program."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.rulebooks import current_rulebooks
from linli.registry.people.queries import viewer_of_token
from linli.support.documents.calc.icalendar import Deadline, write_calendar
from linli.support.notices.actions.sending import site

_MOST, _PAGE = 500, 100
CALENDAR = "calendar"


@require_safe
def deadlines_file(request: HttpRequest, secret: str) -> HttpResponse:
    """Give what waits for whoever the address belongs to, as far as their posts reach today; 404 for any other address.

    At most 500, soonest first: number, category and time; no title, place or name. With ETag. At most 27 queries.
    """
    at = timezone.now()
    found = viewer_of_token(token=secret, at=at, on=timezone.localdate(at), scopes=(CALENDAR,))
    if found is None:
        return HttpResponseNotFound()
    viewer, cursor = found[0], ""
    deadlines: list[Deadline] = []
    wanted = CaseFilter(box="todo", sort="due")
    categories = current_rulebooks(viewer.district_id).categories
    with override("zh-hans"):
        while len(deadlines) < _MOST:
            page = list_cases(viewer=viewer, wanted=wanted, at=at, cursor=cursor, limit=_PAGE)
            for row in page.rows:
                if row.due_at is not None:
                    kind = categories.get(row.category)
                    summary = _("%(number)s due: %(kind)s") % {"number": row.number, "kind": kind.name if kind else ""}
                    deadlines.append(Deadline(f"{row.id}@linli", row.due_at, summary, f"{site()}/desk/cases/{row.id}/",
                                              row.version, row.reported_at))  # fmt: skip
            cursor = page.next_cursor
            if not cursor:
                break
        body = write_calendar(_("Linli: what is due"), deadlines)
    etag = f'"{sha256(body.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match", "") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer
