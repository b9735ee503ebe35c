"""What is kept about who reported a case: seen, copied, put right, deleted; by number and code."""

import json
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.following import find_followed
from linli.edges.limits import FOLLOWS
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.telling import status_of
from linli.edges.words.errors import say_error
from linli.edges.words.personal_data import CONSENT_WAYS, PARTS, say_request
from linli.kernel.errors import InvalidInput, LinliError
from linli.oversight.privacy.actions.asking import Asked, hand_out_copy, make_request
from linli.oversight.privacy.actions.consent import withdraw_consent
from linli.oversight.privacy.choices import Part, RequestKind
from linli.oversight.privacy.queries.requests import held_about


@never_cache
@require_http_methods(["GET", "POST"])
def my_data_page(request: ViewerRequest) -> HttpResponse:
    """Show what is kept, after number and code; do what was pressed: a copy, or a request that somebody decides."""
    sent = request.POST
    number, code = sent.get("number", "").strip()[:20], sent.get("code", "").strip()[:12]
    if request.method == "GET":
        return HttpResponseRedirect(f"{reverse('follow')}?to=data")
    try:
        district_id, case_id = find_followed(request, number=number, code=code, at=timezone.now())
    except LinliError as error:
        found = {"form": {"number": number, "code": code, "to": "data"}, "errors": {"number": say_error(error)}}
        return render(request, "web/portal/follow_find.html", found, status=status_of(error))
    act = sent.get("act", "")
    notice, status = "", 200
    errors: dict[str, str] = {}
    try:
        if act == "copy":
            return _copy(request, number, district_id, case_id)
        if act == "withdraw":
            withdraw_consent(district_id=district_id, case_id=case_id, source_ip=address_of(request),
                             at=timezone.now())  # fmt: skip
            notice = _("Taken back. Name and number are deleted.")
        if act in set(RequestKind):
            _ask(request, RequestKind(act), district_id, case_id)
            notice = _("Received. Somebody answers it by the day below; you see the answer here.")
    except LinliError as error:
        if isinstance(error, InvalidInput) and error.code == "phone_is_another":
            FOLLOWS.take(address_of(request))
        errors, status = {act: say_error(error)}, status_of(error)
    held = held_about(district_id=district_id, case_id=case_id, at=timezone.now())
    context = {
        "number": number, "code": code, "held": held, "way": CONSENT_WAYS.get(held.consent_way, ""),
        "parts": [(part.value, PARTS[part]) for part in Part],
        "requests": [say_request(row, timezone.now()) for row in held.requests], "notice": notice, "errors": errors,
        "chosen": sent.getlist("parts"), "form": {"name": sent.get("name", ""), "phone": sent.get("phone", "")},
    }  # fmt: skip
    return render(request, "web/portal/my_data.html", context, status=status)


def _copy(request: ViewerRequest, number: str, district_id: str, case_id: UUID) -> HttpResponse:
    copied = hand_out_copy(
        district_id=district_id, case_id=case_id, phone=request.POST.get("phone", "")[:20],
        source_ip=address_of(request), at=timezone.now(),
    )  # fmt: skip
    answer = HttpResponse(json.dumps(copied, ensure_ascii=False, indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="linli-{number}.json"'
    return answer


def _ask(request: ViewerRequest, kind: RequestKind, district_id: str, case_id: UUID) -> None:
    sent = request.POST
    asked = Asked(
        kind, tuple(Part(part) for part in sent.getlist("parts") if part in set(Part)), sent.get("name", "")[:40],
        sent.get("phone", "")[:20],
    )  # fmt: skip
    make_request(district_id=district_id, case_id=case_id, asked=asked, source_ip=address_of(request),
                 at=timezone.now())  # fmt: skip
