"""What is kept about people, why and how long: written by the declarations of the tables themselves."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.edges.request import ViewerRequest
from linli.edges.words.personal_data import say_held
from linli.kernel.db.declarations import list_declared
from linli.kernel.personal_data import Whose


@require_safe
def privacy_page(request: ViewerRequest) -> HttpResponse:
    """Show the list. No query."""
    declared = list_declared()
    context = {
        "of_residents": say_held(declared, Whose.RESIDENT),
        "of_staff": say_held(declared, Whose.STAFF),
    }
    return render(request, "web/portal/privacy.html", context)
