"""One case put into words: what, where, who has it and until when, what happened, why, and what is like it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.calc.priority import URGENCY
from linli.cases.choices import FINISHED, LADDER, SUPERVISING, TIME, Action, Source, State
from linli.cases.queries.detail import CaseDetail, FileRow, MergedRow, SegmentRow, StepRow
from linli.cases.queries.nearby import list_similar_seen
from linli.cases.queries.rows import CaseRow
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.cases.queries.series import count_times
from linli.edges.web.desk.beside import BesideLines, beside_lines
from linli.edges.web.desk.lines import keep_numbers, say_area
from linli.edges.web.desk.recipients import recipients_of
from linli.edges.web.desk.steps import Steps, Typed, asks_for_recipient, last_review_day, steps_of
from linli.edges.words.cases import (
    CARD_COLOURS,
    CLOCKS,
    METHODS,
    SATISFACTIONS,
    say_about,
    say_allowance,
    say_deed,
    say_left,
    say_light,
    say_part,
    say_part_reason,
    say_priority_level,
    say_reason,
    say_rule,
    say_rung,
    say_source,
    say_state,
    say_why,
)
from linli.edges.words.errors import say_decision
from linli.edges.words.personal_data import say_found, say_on_photo
from linli.edges.words.times import LOCAL, is_same_day, say_by, say_clock, say_day, say_moment
from linli.oversight.privacy.rules import may_answer
from linli.oversight.reviews.queries.follow_ups import meeting_behind
from linli.registry.coverage.rules import may_see_coverage
from linli.registry.people.queries import deputy_of
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import area_chain
from linli.support.files.choices import UNREAD


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the timeline. more: what the step carried."""

    when: str
    iso: str
    who: str
    deed: str
    more: tuple[str, ...]
    note: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of the priority. most: what it can give at most."""

    kind: str
    name: str
    why: str
    points: int
    most: int


@dataclass(frozen=True, slots=True)
class WhyLine:
    """Why a case is where it is. rule: by which rule and version, "" if it names none."""

    about: str
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A stretch in which a clock of the case ran."""

    clock: str
    allowed: str
    ran: str
    why: str


@dataclass(frozen=True, slots=True)
class LikeLine:
    """A case like this one nearby."""

    url: str
    title: str
    state: str
    far: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class TogetherLine:
    """A case that is dealt with together with this one. reported: by how many."""

    url: str
    number: str
    title: str
    state: str
    reported: str


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A photo; shows: which of a person's numbers a look at it found, in words."""

    url: str
    is_looked_at: bool
    shows: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of a case shows, in words."""

    detail: CaseDetail
    url: str
    title: SafeString
    place: SafeString
    light_text: str
    state_text: str
    group: str
    category: str
    source: str
    area: str
    path: tuple[str, ...]
    whom: str
    stands_in: str
    organisation: str
    is_mine: bool
    due: str
    due_ink: str
    priority: str
    urgency: int
    importance: int
    timeline: tuple[Happened, ...]
    is_of_today: bool
    parts: tuple[PartLine, ...]
    why: tuple[WhyLine, ...]
    clocks: tuple[ClockLine, ...]
    likes: tuple[LikeLine, ...]
    photos: tuple[PhotoLine, ...]
    steps: Steps
    refusal: str
    reported: str
    review: str
    last_review_day: str
    map_url: str
    coverage_url: str = ""
    meeting: tuple[str, str] | None = None
    cautions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    may_answer: bool = False
    reveals: str = ""
    leading: TogetherLine | None = None
    led: tuple[TogetherLine, ...] = ()
    others: str = ""
    informs: str = ""
    can_merge: bool = False
    can_unmerge: bool = False
    can_part: bool = False
    beside: BesideLines | None = None
    recurring: str = ""


def case_page(viewer: Viewer, case: CaseDetail, *, typed: Typed | None, at: datetime) -> CasePage:
    """Put a case into words. At most 11 queries besides reading it: names, rulebooks, the like nearby, recipients."""
    row, books = case.row, current_rulebooks(case.row.district_id)
    kind = books.categories.get(row.category)
    chain = area_chain(row.area_path, at=at)
    on = at.astimezone(LOCAL).date()
    recipients = recipients_of(row, on=on) if asks_for_recipient(case) else []
    steps = steps_of(case, evidence=kind.evidence if kind else (), recipients=recipients, typed=typed, at=at)
    urgency = sum(part["points"] for part in case.priority_parts if part["name"] in URGENCY)
    return CasePage(
        detail=case, url=reverse("desk_case", args=[row.id]), title=keep_numbers(row.title),
        place=keep_numbers(_within(row.place, [area.name for area in chain])), light_text=say_light(row.light),
        state_text=say_state(row.state), group=kind.group if kind else "", category=kind.name if kind else row.category,
        source=say_source(case.source), area=say_area(chain), path=_way_down([area.name for area in chain]),
        whom=row.holder_name or _("Nobody yet"), stands_in=_stands_in(row, on), organisation=_second_name(row),
        is_mine=row.post_id is not None and row.post_id in {post.post_id for post in viewer.posts},
        due=_due(case, at), due_ink={"late": "late-ink", "warn": "warn-ink"}.get(row.light, ""),
        priority=say_priority_level(row.priority_level), urgency=urgency,
        importance=sum(part["points"] for part in case.priority_parts) - urgency,
        timeline=_timeline(case, books, at), is_of_today=all(is_same_day(step.at, at) for step in case.steps),
        parts=_parts(case.priority_parts, books),
        why=tuple(WhyLine(say_about(str(line["about"])), say_why(line), say_rule(line)) for line in case.why),
        clocks=tuple(_clock(segment, at) for segment in case.segments), likes=tuple(_likes(viewer, case, at)),
        photos=tuple(map(_photo, case.files)), steps=steps,
        refusal=say_decision(*steps.refusal) if steps.refusal else "",
        reported=say_moment(row.reported_at, at), review=say_day(case.review_on, on) if case.review_on else "",
        last_review_day=last_review_day(books, at), map_url=_map_url(row),
        coverage_url=_coverage_url(viewer, case), meeting=_meeting(viewer, case),
        cautions=tuple(_cautions(case)), order=_order(case, at),
        may_answer=bool(may_answer(viewer, district_id=row.district_id, area_path=row.area_path,
                                   organisation_id=row.organisation_id)),
        reveals=_reveals(case),
        leading=_together(case.together.leading) if case.together.leading else None,
        led=tuple(_together(each) for each in case.together.led), others=_others(case), informs=_informs(case),
        can_merge=bool(case.may_merge) and row.state not in FINISHED and not case.together.led,
        can_unmerge=bool(case.may_merge) and row.state == State.MERGED,
        can_part=bool(case.may_merge) and row.state != State.MERGED,
        beside=beside_lines(case, kinds=books.categories.values(), recipients=recipients, typed=typed, on=on, at=at),
        recurring=_recurring(viewer, row),
    )  # fmt: skip


def _recurring(viewer: Viewer, row: CaseRow) -> str:
    """Say the how many-th time it is at this place; "" below what counts as recurring. 2 queries."""
    times, rule = count_times(viewer=viewer, row=row)
    if times < rule.series_least:
        return ""
    return _("Time no. %(n)d in %(days)d days at this place") % {"n": times, "days": rule.series_days}


def _together(row: MergedRow) -> TogetherLine:
    reported = ngettext("%(n)d reporter", "%(n)d reporters", row.reporters) % {"n": row.reporters}
    return TogetherLine(
        reverse("desk_case", args=[row.id]), row.number, str(keep_numbers(row.title)), say_state(row.state), reported
    )


def _others(case: CaseDetail) -> str:
    """Say what of the group lies beyond the viewer's reach: how many, no more."""
    if case.row.state == State.MERGED:
        return _("It is dealt with together with a case beyond your reach.") if case.together.hidden else ""
    n = case.together.hidden
    return ngettext("%(n)d more beyond your reach", "%(n)d more beyond your reach", n) % {"n": n} if n else ""


def _informs(case: CaseDetail) -> str:
    """Say who is told of each step besides the first reporter."""
    n = len(case.together.led) + case.together.hidden
    if not n or case.row.state == State.MERGED:
        return ""
    said = ngettext(
        "Each step and what you report back is told to the reporters of %(n)d merged case too: name nobody in it.",
        "Each step and what you report back is told to the reporters of %(n)d merged cases too: name nobody in it.", n,
    )  # fmt: skip
    return said % {"n": n}


def _photo(file: FileRow) -> PhotoLine:
    """Say of a photo what a look at it found."""
    is_looked_at = file.looked_at is not None and UNREAD not in file.numbers_seen
    return PhotoLine(reverse("desk_file", args=[file.file_id]), is_looked_at, say_on_photo(file.numbers_seen))


def _reveals(case: CaseDetail) -> str:
    """Say what of the case is hidden that this viewer may read for a reason; "" for nothing."""
    has_contacts = bool(case.contacts and case.may_unmask)
    if case.may_read_door:
        return _("Show name, number and whole address") if has_contacts else _("Show the whole address")
    return _("Show name and number") if has_contacts else ""


def _order(case: CaseDetail, at: datetime) -> tuple[str, ...]:
    """Say what the hotline calls it; nothing of a case that came by another way."""
    order = case.order
    if order is None:
        return ()
    said = " · ".join(filter(None, (order.kind, order.nature, order.origin, order.classification)))
    due = _("The hotline wants an answer by %(when)s.") % {"when": say_moment(order.due_at, at)} if order.due_at else ""
    return tuple(filter(None, (order.number, said, due)))


def _within(place: str, names: Sequence[str]) -> str:
    """Leave out of a place's words the area they begin with, which stands right below them."""
    begins = (place.removeprefix(name).lstrip() for name in names if place.startswith(f"{name} "))
    return next(begins, place)


def _map_url(row: CaseRow) -> str:
    """Lead to the one map with this case alone, which shows what is open and has a point."""
    return f"{reverse('map')}?q={row.number}" if row.lng and row.state not in FINISHED else ""


def _coverage_url(viewer: Viewer, case: CaseDetail) -> str:
    """Lead from a case that tells of holes in coverage to these, for who sees them."""
    if case.source != Source.SYSTEM or not may_see_coverage(viewer, area_path=case.row.area_path):
        return ""
    return f"{reverse('coverage_holes')}?area={case.row.area_path.rpartition('/')[2]}"


def _meeting(viewer: Viewer, case: CaseDetail) -> tuple[str, str] | None:
    """Lead back to the session at which leaders asked for it: address and title. At most 2 queries."""
    found = meeting_behind(viewer=viewer, case_id=case.row.id) if case.source == Source.REVIEW else None
    return (reverse("review_session", args=[found[0]]), found[1]) if found else None


def _way_down(names: Sequence[str]) -> tuple[str, ...]:
    """Name the areas below the district; a name that the next one begins with is left out: 02网格 before 02网格03片."""
    lower = names[1:] or names
    return tuple(name for name, after in pairwise((*lower, "")) if not after.startswith(name))


def _stands_in(row: CaseRow, on: date) -> str:
    """Say who stands in for the holder that day, "" for nobody. 1 query, none where no post has the case."""
    if row.post_id is None:
        return ""
    found = deputy_of(district_id=row.district_id, post_id=row.post_id, on=on)
    if found is None:
        return ""
    return _("%(name)s stands in until %(day)s") % {"name": found.name, "day": say_day(found.until, on)}


def _second_name(row: CaseRow) -> str:
    """Name what stands under the holder: the organisation of a post, or the post in an organisation."""
    if not row.role_name:
        return ""
    return row.organisation_name if row.holder_name == row.role_name else row.role_name


def newest_step(case: CaseDetail, at: datetime) -> str:
    """Word the last thing that happened, for whoever was not first: 张三 受理 10:24."""
    if not case.steps:
        return ""
    last = _happened(case.steps[-1], current_rulebooks(case.row.district_id), at, {}, is_now=False)
    return f"{last.who} {last.deed}, {last.when}"


def _due(case: CaseDetail, at: datetime) -> str:
    if case.row.due_at is not None:
        return say_by(case.row.due_at, at, is_answered=case.responded_at is not None)
    if case.review_on is not None:
        return _("on hold, to be looked at on %(day)s") % {"day": say_day(case.review_on, at.astimezone(LOCAL).date())}
    return say_left(light=case.row.light, due_at=None, review_on=None, state=case.row.state, at=at)


def _timeline(case: CaseDetail, books: Rulebooks, at: datetime) -> tuple[Happened, ...]:
    steps, called = case.steps, {str(call.organisation_id): call.organisation for call in case.beside.calls}
    lines = [_happened(step, books, at, called, is_now=place == len(steps) - 1) for place, step in enumerate(steps)]
    return tuple(reversed(lines))


def _happened(
    step: StepRow, books: Rulebooks, at: datetime, called: Mapping[str, str], *, is_now: bool
) -> Happened:  # fmt: skip
    named = step.by_name and step.for_name
    stands_in = _("%(name)s for %(holder)s") % {"name": step.by_name, "holder": step.for_name} if named else ""
    who = (
        stands_in or step.by_name or {"resident": _("Resident"), "system": _("By itself")}.get(step.by_kind, _("Staff"))
    )
    return Happened(
        when=say_clock(step.at, at), iso=step.at.isoformat(), who=who, deed=say_deed(step.action),
        more=tuple(_more(step, books, called)), note=step.note, is_now=is_now,
    )  # fmt: skip


def _more(step: StepRow, books: Rulebooks, called: Mapping[str, str]) -> list[str]:
    """Word what a step carried: the reason, the answers of a verification, the level set. called: offices by id."""
    said = [say_reason(step.reason)] if step.reason else []
    data: Mapping[str, Any] = step.data
    if "method" in data:
        said.append(str(METHODS.get(data["method"], data["method"])))
        if data.get("effective"):
            said.append(_("solved") if data.get("solved") else _("not solved"))
            said.append(str(SATISFACTIONS.get(data.get("satisfaction", ""), "")))
        else:
            said.append(_("nobody was reached"))
    if step.action in LADDER:
        said.append(called.get(str(data.get("office", "")), ""))
        said.append(say_rung(str(data.get("clock", "")), int(data.get("mark", 0))))
        said.append(_("named: %(name)s") % {"name": step.told_name} if step.told_name else "")
    if done_at := parse_datetime(str(data.get("done_at", ""))):
        said.append(_("on the phone, %(when)s") % {"when": say_moment(done_at, step.at)})
    if step.action in TIME | SUPERVISING:
        said += [words for words in _beside(data) if words]
    if step.action == Action.RECATEGORISE:
        names = {code: kind.name for code, kind in books.categories.items()}
        said.append(_("from “%(before)s” to “%(after)s”") % {
            name: names.get(data[name], data[name]) for name in ("before", "after")
        })  # fmt: skip
    if step.action == "override" and "level" in data:
        said.append(say_priority_level(int(data["level"])))
    return [words for words in said if words]


def _beside(data: Mapping[str, Any]) -> list[str]:
    """Word what a request for time or a card carried."""
    said = [_("%(days)d working days") % {"days": data["days"]}] if "days" in data else []
    said += [str(CARD_COLOURS[data["colour"]])] if data.get("colour") in CARD_COLOURS else []
    said += [say_reason(str(data["why"]))] if "why" in data else []
    return said + [str(data[name]) for name in ("until", "review_on", "answer_by") if name in data]


def _parts(parts: Sequence[Mapping[str, Any]], books: Rulebooks) -> tuple[PartLine, ...]:
    return tuple(
        PartLine(
            kind=_("urgent") if part["name"] in URGENCY else _("weighty"), name=say_part(part["name"]),
            why=say_part_reason(part["reason"], part.get("detail", "")), points=part["points"],
            most=max(books.priority.caps.get(part["name"], part["points"]), part["points"], 1),
        )
        for part in parts
    )  # fmt: skip


def _clock(segment: SegmentRow, at: datetime) -> ClockLine:
    until = say_moment(segment.stopped_at, at) if segment.stopped_at else _("still running")
    why = say_reason(segment.why)
    return ClockLine(
        clock=str(CLOCKS.get(segment.clock, segment.clock)), allowed=say_allowance(segment.timer, segment.amount),
        ran=f"{say_moment(segment.started_at, at)} – {until}", why=why if why != segment.why else say_deed(segment.why),
    )  # fmt: skip


def _likes(viewer: Viewer, case: CaseDetail, at: datetime) -> list[LikeLine]:
    """List open cases of the same kind within 80 m that the viewer may see, too. 2 queries; none without a point."""
    row = case.row
    if row.lng is None or row.lat is None:
        return []
    found = list_similar_seen(
        viewer=viewer, category=row.category, text=case.text, lng=row.lng, lat=row.lat, at=at, but=row.id
    )  # fmt: skip
    return [
        LikeLine(reverse("desk_case", args=[each.id]), each.title, say_state(each.state), _far(each.distance_m),
                 each.number)
        for each in found
    ]  # fmt: skip


def _far(metres: int) -> str:
    return _("the same place") if metres == 0 else _("%(metres)d m away") % {"metres": metres}


def _cautions(case: CaseDetail) -> list[str]:
    """List what to be careful about."""
    said = []
    if case.row.is_hole:
        said.append(_("Nobody on duty holds the post that is responsible here: it went to the next one above."))
    if case.place_reason in {"on_border", "nobody_owns", "outside"}:
        said.append(_("No community owns the place for certain. See who takes it, then hand it on."))
    if found := say_found("\n".join((case.text, case.address, *(each.text for each in case.contacts)))):
        said.append(
            _("What was written holds %(found)s: pass it on no further than the work needs.") % {"found": found}
        )
    if case.is_sampled and case.row.state == State.REPORTED_BACK:
        said.append(_("Drawn for a call-back: this one is never verified by waiting."))
    if case.times_reopened:
        said.append(_("Opened again %(n)d time(s).") % {"n": case.times_reopened})
    return said
