"""Cases that the program opens by itself: nobody is responsible somewhere; closed when somebody is again.

The alarm of `registry/coverage`, as something that somebody has to deal with by a time.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.actions import clocks
from linli.cases.actions.opening import LONGEST_TEXT, Report, new_case, write_case
from linli.cases.actions.recording import remember, tell
from linli.cases.actions.routing import Assigned, promise, rank
from linli.cases.actions.stepping import BY_ITSELF, Step, apply_effects, lapse_disputes
from linli.cases.calc.categories import COVERAGE
from linli.cases.calc.dispatch import Chosen
from linli.cases.calc.workflow import FINISHED, RESPONDED, SOLVED, SYSTEM, Transition
from linli.cases.choices import Action, Source, State
from linli.cases.events import CaseClosed, CaseOpened, CaseStepped
from linli.cases.models import Case, HoleCase
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.kernel import bus
from linli.kernel.ids import new_id
from linli.registry.coverage.events import HoleStands
from linli.registry.people.choices import Verb
from linli.registry.people.queries import Holder, list_colleagues, list_holders_above
from linli.registry.people.rules import NOBODY
from linli.registry.territory.queries import place_by_code
from linli.support.calendar.queries import current_calendar

# Whoever closes the case and leaves the hole has it back after this: long enough for a post that is being filled.
_AGAIN_AFTER = timedelta(days=7)
_SAID_ABOUT = 200  # characters of the text besides the names of places


@transaction.atomic
def open_case_of_hole(*, hole: HoleStands, at: datetime) -> UUID | None:
    """Open a case of a hole, in the hands of the post above. Returns its id; None where there is one already.

    One hole has one case, however many places it is about; whoever publishes HoleStands holds the district's lock, so
    two never open it at once. A case that was closed while the hole stands leads to another one after seven days.
    Writes the case, its clocks, first step, fact and message, and the tie; publishes CaseOpened. 2 queries where there
    is one, else 13.
    """
    told = HoleCase.objects.filter(district_id=hole.district_id, hole_id=hole.hole_id)
    last = told.order_by("-case__reported_at").values_list("case__closed_at").first()
    if last is not None and (last[0] is None or at < last[0] + _AGAIN_AFTER):
        return None
    books = current_rulebooks(hole.district_id)
    located = place_by_code(code=hole.area_code, at=at)
    text = _text(hole)
    priority = rank(text="", category=COVERAGE, households=0, repeats=0, books=books)
    promised = promise(category=COVERAGE, level=priority.level, books=books, calendar=current_calendar(), at=at)
    case = new_case(
        case_id=new_id(), number="", report=Report(text), category=COVERAGE, located=located,
        assigned=_owner(hole, books, timezone.localdate(at)), priority=priority, promised=promised, books=books, at=at,
    )  # fmt: skip
    case.source = Source.SYSTEM
    write_case(case, promised, by=NOBODY, by_kind=BY_ITSELF, at=at)
    HoleCase.objects.create(district_id=hole.district_id, hole_id=hole.hole_id, case=case)
    bus.publish(CaseOpened(case.id, case.district_id, case.area_path, at))
    return case.id


@transaction.atomic
def settle_cases_of_hole(*, district_id: str, hole_id: UUID, at: datetime) -> int:
    """Close what is open about a hole, for somebody is responsible there again. Returns how many, one or none.

    Outside the table of stages, whatever stage the case is at: what it asked for is so. Stops its clocks; writes the
    step, the fact case.closed and a message; publishes CaseStepped and CaseClosed. Locks the case.
    """
    of_hole = HoleCase.objects.filter(district_id=district_id, hole_id=hole_id).values("case_id")
    open_cases = Case.objects.filter(district_id=district_id, id__in=of_hole, closed_at=None)
    cases = list(open_cases.select_for_update().order_by("id"))
    for case in cases:
        _settle(case, hole_id, at)
    return len(cases)


def _settle(case: Case, hole_id: UUID, at: datetime) -> None:
    solved = () if case.solved_at else (SOLVED,)
    row = Transition(case.state, Action.SETTLE, (SYSTEM,), State.CLOSED, (RESPONDED, *solved, FINISHED))
    from_state, at = case.state, max(at, case.reported_at)
    segments = clocks.load_segments(case)
    case.state, case.state_before, case.review_on = State.CLOSED, "", None
    apply_effects(case, segments, row, Step(Action.SETTLE), at=at)
    clocks.save_segments(segments)
    clocks.show(case, segments, current_calendar(), current_rulebooks(case.district_id).deadlines)
    lapse_disputes(case.district_id, [case.id], at)
    case.version += 1
    case.save(force_update=True)
    remember(
        case=case, action=Action.SETTLE, from_state=from_state, at=at, by=NOBODY, by_kind=BY_ITSELF,
        data={"hole": str(hole_id)},
    )  # fmt: skip
    tell(case, Action.SETTLE, at)
    bus.publish(CaseStepped(case.id, case.district_id, Action.SETTLE, from_state, case.state, at))
    bus.publish(CaseClosed(case.id, case.district_id, case.area_path, at))


def _owner(hole: HoleStands, books: Rulebooks, on: date) -> Assigned:
    """Find who has it: the post above by the dispatch catalogue; else who gives posts in the district. 1-2 queries."""
    wanted = [role for _level, role in books.dispatch.levels_above(hole.level)]
    roles = [*wanted, *(role for role in books.dispatch.fallback_roles if role not in wanted)]
    above = list_holders_above(district_id=hole.district_id, area_path=hole.area_path, roles=roles, on=on)
    found = next((holder for role in roles for holder in above if holder.role == role), None)
    if found is not None:
        return _assigned(found, "post_above")
    keepers = list_colleagues(
        district_id=hole.district_id, area_paths=[hole.district_id], organisation_ids=[], verb=Verb.MANAGE_POSTS,
        on=on, limit=1,
    )  # fmt: skip
    if keepers:
        return _assigned(keepers[0], "rights_keeper")
    return Assigned(None, Chosen(None, None, "nobody"), "district", None)


def _assigned(holder: Holder, reason: str) -> Assigned:
    return Assigned(None, Chosen(holder.post_id, holder.organisation_id, reason), holder.level, holder)


def _text(hole: HoleStands) -> str:
    """Put the hole into words, in the installation's language: a case's text stays as it was written."""
    with translation.override(settings.LANGUAGE_CODE):
        stop = _(", ")
        listed, shown = "", 0
        for name in hole.places:
            longer = f"{listed}{stop}{name}" if listed else name
            if len(longer) > LONGEST_TEXT - _SAID_ABOUT - len(hole.area_name):
                break
            listed, shown = longer, shown + 1
        said = {
            "area": hole.area_name, "functions": stop.join(hole.functions)[:80], "roles": stop.join(hole.roles)[:80],
            "n": len(hole.places), "places": listed + (_(" and others") if shown < len(hole.places) else ""),
        }  # fmt: skip
        return (
            ngettext(
                "Nobody responsible in %(area)s: %(functions)s. To be appointed: %(roles)s. %(n)d place: %(places)s.",
                "Nobody responsible in %(area)s: %(functions)s. To be appointed: %(roles)s. %(n)d places: %(places)s.",
                len(hole.places),
            )
            % said
        )
