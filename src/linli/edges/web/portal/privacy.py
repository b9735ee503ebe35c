"""What is kept about people, why and how long: written by the declarations of the tables themselves."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.edges.request import ViewerRequest
from linli.edges.words.personal_data import say_held
from linli.edges.words.times import say_moment
from linli.kernel.db.declarations import list_declared
from linli.kernel.errors import NotFound
from linli.kernel.personal_data import Whose
from linli.oversight.privacy.queries.consent import get_consent
from linli.registry.territory.queries import served_districts


@require_safe
def consent_page(request: ViewerRequest, district_id: str, number: int) -> HttpResponse:
    """Show a version of the text that a district's residents agree to, or agreed to once."""
    if district_id not in served_districts():
        raise Http404
    try:
        consent = get_consent(district_id=district_id, number=number)
    except NotFound as error:
        raise Http404 from error
    since = say_moment(consent.made_at, timezone.now()) if consent.made_at else ""
    return render(request, "web/portal/consent.html", {"consent": consent, "since": since})


@require_safe
def privacy_page(request: ViewerRequest) -> HttpResponse:
    """Show the list. No query."""
    declared = list_declared()
    context = {
        "of_residents": say_held(declared, Whose.RESIDENT),
        "of_staff": say_held(declared, Whose.STAFF),
    }
    return render(request, "web/portal/privacy.html", context)
