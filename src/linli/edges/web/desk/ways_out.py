"""How things go outside, for the system administrator: services, group chats, the district's defaults, words."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.desk.wishes import read_wish, wish_fields
from linli.edges.words.errors import say_error
from linli.edges.words.facts import say_fact
from linli.edges.words.notices import CHANNELS
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput, LinliError
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.queries import names_of
from linli.support.notices.actions.choosing import save_wish
from linli.support.notices.actions.robots import NewRobot, add_robot, end_robot
from linli.support.notices.actions.sending import site
from linli.support.notices.actions.texts import publish_text
from linli.support.notices.calc.texts import LANGUAGES, check_text, fill, kinds, name_of, placeholders_of
from linli.support.notices.choices import ROBOTS, Channel
from linli.support.notices.queries.preferences import wish_of
from linli.support.notices.queries.robots import list_robots
from linli.support.notices.queries.texts import current_texts, list_versions, text_for
from linli.support.notices.rules import may_run_ways_out

_SAMPLE = {"number": "10626-000417", "count": "2"}
_LANGUAGE_WORDS = {"zh-hans": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Service:
    """A way out and what stands behind it. is_set: False where what would go out is only noted on the console."""

    name: str
    is_set: bool
    words: str


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def ways_out_page(request: ViewerRequest) -> HttpResponse:
    """Show what is set up and which group chats are told; name one, or let one go."""
    may_run_ways_out(request.viewer).require()
    if request.method == "GET":
        return _page(request)
    try:
        with transaction.atomic():
            if request.POST.get("do") == "end":
                robot_id = _id(request.POST.get("robot", ""))
                end_robot(by=request.viewer, robot_id=robot_id, at=timezone.now())
                _note(request, "robot_ended", str(robot_id))
            else:
                _note(request, "robot_added", str(_add(request)))
    except LinliError as error:
        return _page(request, error=error)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(reverse("ways_out"))


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def defaults_page(request: ViewerRequest) -> HttpResponse:
    """Show and keep how everybody begins; who has chosen keeps their own."""
    may_run_ways_out(request.viewer).require()
    district_id, error = request.viewer.district_id, None
    if request.method == "POST":
        try:
            with transaction.atomic():
                save_wish(district_id=district_id, person_id=None, wish=read_wish(request))
                _note(request, "defaults_set", "")
        except LinliError as refused:
            error = refused
        else:
            messages.success(request, _("Kept. Whoever has chosen already keeps their own."))
            return HttpResponseRedirect(reverse("ways_out_defaults"))
    wish = read_wish(request) if error else wish_of(district_id=district_id, person_id=None)
    context = {"errors": {error.field: say_error(error)} if error else {}, **wish_fields(wish)}
    return render(request, "web/desk/ways_out_defaults.html", context, status=status_of(error) if error else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def texts_page(request: ViewerRequest) -> HttpResponse:
    """Show the words of a kind of notice with a sample and its versions; look at others before, put them in force."""
    may_run_ways_out(request.viewer).require()
    given = request.POST if request.method == "POST" else request.GET
    kind = given.get("kind", "")
    channel, language = given.get("channel", ""), given.get("language", "")
    kind = kind if kind in kinds() else kinds()[0]
    channel = channel if channel in _text_channels() else ""
    language = language if language in LANGUAGES else LANGUAGES[0]
    text, error, is_look = None, None, False
    if request.method == "POST":
        text = request.POST.get("text", "")[:2000]
        try:
            if request.POST.get("do") == "look":
                text, is_look = check_text(text, kind), True
            else:
                with transaction.atomic():
                    number = publish_text(by=request.viewer, kind=kind, channel=channel, language=language,
                                          text=text, at=timezone.now())  # fmt: skip
                    _note(request, "text_published", f"{kind} {number}")
                messages.success(request, _("In force from the next notice on."))
                query = f"kind={kind}&channel={channel}&language={language}"
                return HttpResponseRedirect(f"{reverse('ways_out_texts')}?{query}")
        except LinliError as refused:
            error = refused
    return _text_page(request, (kind, channel, language), text=text, error=error, is_look=is_look)


def _text_page(
    request: ViewerRequest, which: tuple[str, str, str], *, text: str | None, error: LinliError | None, is_look: bool
) -> HttpResponse:
    kind, channel, language = which
    district_id, at = request.viewer.district_id, timezone.now()
    own = current_texts(district_id=district_id)
    shown = text if text is not None else text_for(own, kind=kind, channel=channel, language=language)
    versions = list_versions(district_id=district_id, kind=kind, channel=channel, language=language)
    people = [version.made_by for version in versions if version.made_by]
    names = names_of(district_id=district_id, person_ids=people)
    sample = {**_SAMPLE, "what": name_of(kind, language), "link": f"{site()}/…",
              "due": "by 12-01 14:00" if language == "en" else "限12月1日 14:00 前",
              "lines": "\n".join(f"{name_of(each, language)} 10626-00041{number}"
                                 for number, each in enumerate(("case.opened", "case.returned")))}  # fmt: skip
    context = {
        "kind": kind, "channel": channel, "language": language, "text": shown, "is_look": is_look,
        "sample": "" if error else fill(shown, sample), "is_own": (kind, channel, language) in own,
        "placeholders": ["{" + name + "}" for name in placeholders_of(kind)],
        "kinds": [(code, say_fact(code)) for code in kinds()],
        "channels": [(code, CHANNELS[code]) for code in _text_channels()],
        "languages": [(code, _LANGUAGE_WORDS[code]) for code in LANGUAGES],
        "versions": [(each, names.get(each.made_by, "") if each.made_by else "", say_moment(each.made_at, at))
                     for each in versions],
        "errors": {error.field: say_error(error)} if error else {},
    }  # fmt: skip
    return render(request, "web/desk/ways_out_texts.html", context, status=status_of(error) if error else 200)


def _text_channels() -> list[str]:
    return [channel.value for channel in Channel if channel != Channel.WEBHOOK]


def _add(request: ViewerRequest) -> UUID:
    post = request.POST
    robot = NewRobot(
        organisation_id=_id(post.get("organisation", "")), channel=post.get("channel", ""), name=post.get("name", ""),
        url=post.get("url", ""), secret=post.get("secret", ""),
    )  # fmt: skip
    return add_robot(by=request.viewer, robot=robot, at=timezone.now())


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("bad_choice", field="organisation") from error


def _services() -> list[Service]:
    outside = settings.OUTSIDE
    console = _("no service is set up: what would go out is noted on the console of the worker, and goes to nobody")
    return [
        Service(_("Text message"), bool(outside.sms_url), _("by the gateway of the environment") if outside.sms_url
                else console),
        Service(_("E-mail"), bool(outside.mail.host), _("by the mail server of the environment") if outside.mail.host
                else console),
        Service(_("Browser"), True, _("by the push service of each browser; needs the open Internet")),
        Service(_("Links lead to"), bool(outside.site), site()),
    ]  # fmt: skip


def _page(request: ViewerRequest, *, error: LinliError | None = None) -> HttpResponse:
    viewer, at = request.viewer, timezone.now()
    context = {
        "services": _services(),
        "robots": [(row, CHANNELS[row.channel], say_moment(row.made_at, at))
                   for row in list_robots(district_id=viewer.district_id)],
        "organisations": list_organisations(district_id=viewer.district_id, on=timezone.localdate(at)),
        "channels": [(code.value, CHANNELS[code]) for code in ROBOTS],
        "errors": {error.field: say_error(error)} if error else {},
        "given": {name: request.POST.get(name, "") for name in ("name", "organisation", "channel", "url")},
    }  # fmt: skip
    return render(request, "web/desk/ways_out.html", context, status=status_of(error) if error else 200)


def _note(request: ViewerRequest, did: str, object_id: str) -> None:
    write_line(
        district_id=request.viewer.district_id, kind=LineKind.SETTINGS_CHANGED, at=timezone.now(),
        actor_id=request.viewer.person_id, object_kind="ways_out", object_id=object_id,
        source_ip=address_of(request), data={"did": did},
    )  # fmt: skip
