"""The phone's page without anybody's data, so that a phone may keep it, and what makes it an application."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.cases.actions.opening import LONGEST_TEXT, MOST_FILES
from linli.cases.actions.stepping import LONGEST_NOTE
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only

PAGE = "web/phone/phone.html"
# Under an address of their own, so that the worker leaves these files alone on all other pages.
PARTS = ("built/css/linli.css", "built/css/portal.css", "built/css/phone.css", "built/phone.js", "built/icon.svg")
_ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"),
          ("icon-maskable-512.png", "512x512", "maskable"))  # fmt: skip


@never_cache
@require_safe
@staff_only
def phone_page(request: ViewerRequest) -> HttpResponse:
    """Give the page: the same for everybody, in the language and look chosen; its data it asks for itself."""
    limits = {"most_photos": MOST_FILES, "longest_text": LONGEST_TEXT, "longest_note": LONGEST_NOTE}
    return render(request, PAGE, limits)


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say what the application is called, where it begins and which pictures stand for it."""
    begins = reverse("phone")
    icons = [{"src": static(f"built/{name}"), "sizes": size, "type": "image/png", "purpose": purpose}
             for name, size, purpose in _ICONS]  # fmt: skip
    told = {
        "id": begins, "start_url": begins, "scope": "/", "display": "standalone", "lang": "zh-Hans",
        "name": _("Linli"), "short_name": _("Linli"), "background_color": "#fbfaf8", "theme_color": "#b5301f",
        "icons": icons, "shortcuts": [{"name": _("Report with a photo"), "url": f"{begins}#report"}],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")
