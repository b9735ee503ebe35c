"""Beginning a programme: who convenes, who reports, in which groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.reviews import LEVELS, PARTY_KINDS
from linli.kernel.errors import InvalidInput, LinliError
from linli.oversight.reviews.actions.programmes import begin_programme
from linli.oversight.reviews.calc.programme import Stratum, default_rules
from linli.oversight.reviews.choices import ReviewLevel
from linli.oversight.reviews.rules import may_run_reviews_somewhere
from linli.registry.orgs.queries import OrganisationRow, list_organisations, search_organisations

MOST_GROUPS = 3
_RESERVE = 2
_MOST = 500


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as typed: the kind of organisation in it, and how many of them are drawn each time."""

    number: int
    kind: str
    take: str


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def new_programme(request: ViewerRequest) -> HttpResponse:
    """Show the form, and begin what was filled in."""
    may_run_reviews_somewhere(request.viewer).require()
    if request.method == "GET":
        return _form(request)
    sent, now = request.POST, timezone.now()
    try:
        organisation = _organisation(request, sent.get("organisation", ""))
        strata, members = _groups(sent, organisation, request)
        programme_id = begin_programme(
            code=sent.get("code", "").strip()[:40], name=sent.get("name", "").strip()[:80],
            level=_level(sent.get("level", "")), organisation_id=organisation.id, rules=default_rules(strata),
            strata=members, by=request.viewer, source_ip=address_of(request), on=timezone.localdate(), at=now,
        )  # fmt: skip
    except LinliError as error:
        return _form(request, error)
    messages.success(request, _("Begun with the usual rules. Look through them, then plan the year."))
    return HttpResponseRedirect(reverse("review_programme", args=[programme_id]))


def _form(request: ViewerRequest, error: LinliError | None = None) -> HttpResponse:
    sent = request.POST
    kinds = [(kind, str(words)) for kind, words in PARTY_KINDS.items()]
    context = {
        "levels": [(level.value, str(LEVELS[level.value])) for level in ReviewLevel], "kinds": kinds, "sent": sent,
        "groups": [GroupRow(n, sent.get(f"kind_{n}", ""), sent.get(f"take_{n}", "")) for n in range(MOST_GROUPS)],
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/reviews/new_programme.html", context, status=status_of(error) if error else 200)


def _organisation(request: ViewerRequest, typed: str) -> OrganisationRow:
    found = search_organisations(
        district_id=request.viewer.district_id, text=typed, on=timezone.localdate(), limit=_MOST
    )
    exact = [row for row in found if typed.strip() in {row.name, row.code}] or found
    if len(exact) != 1:
        raise InvalidInput("review_organisation", field="organisation", params={"count": len(exact)})
    return exact[0]


def _groups(
    sent: QueryDict, organisation: OrganisationRow, request: ViewerRequest
) -> tuple[tuple[Stratum, ...], Mapping[UUID, str]]:
    """Read the groups and find who is in them: organisations of that kind in the convener's area, but itself."""
    strata: list[Stratum] = []
    members: dict[UUID, str] = {}
    for number in range(MOST_GROUPS):
        kind, take = sent.get(f"kind_{number}", ""), sent.get(f"take_{number}", "").strip()
        if kind not in PARTY_KINDS:
            continue
        rows = list_organisations(
            district_id=request.viewer.district_id, on=timezone.localdate(), kind=kind,
            area_path=organisation.area_path, limit=_MOST,
        )  # fmt: skip
        code = f"g{number + 1}"
        members |= {row.id: code for row in rows if row.id != organisation.id}
        count = int(take) if take.isdecimal() and len(take) <= 2 else 0  # noqa: PLR2004 - two digits
        strata.append(Stratum(code, str(PARTY_KINDS[kind]), count, _RESERVE))
    return tuple(strata), members


def _level(typed: str) -> ReviewLevel:
    if typed not in set(ReviewLevel):
        raise InvalidInput("review_rules", field="level")
    return ReviewLevel(typed)
