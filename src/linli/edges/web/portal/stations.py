"""A case as a line of stations, like a metro map: what was, where it is, what comes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.cases.choices import Action, State
from linli.cases.queries.public import FollowedCase, PublicStep, code_of
from linli.edges.words.cases import say_deed, say_light, say_state
from linli.edges.words.times import say_clock, say_due, say_moment, say_span
from linli.registry.territory.queries import area_chain

# Reached by these, a stop is named after where the case then stands.
_ARRIVES = {Action.REPORT, Action.ACCEPT, Action.DISPATCH, Action.HANDLE, Action.CLOSE}
_GIVES = {Action.DISPATCH, Action.TRANSFER, Action.RETURN, Action.REOPEN, Action.HAND_OVER}
_AHEAD: dict[str, tuple[str, ...]] = {
    State.REPORTED: (State.ACCEPTED, State.HANDLING, State.REPORTED_BACK, State.VERIFIED, State.CLOSED),
    State.ACCEPTED: (State.HANDLING, State.REPORTED_BACK, State.VERIFIED, State.CLOSED),
    State.DISPATCHED: (State.HANDLING, State.REPORTED_BACK, State.VERIFIED, State.CLOSED),
    State.HANDLING: (State.REPORTED_BACK, State.VERIFIED, State.CLOSED),
    State.SUSPENDED: (State.HANDLING, State.REPORTED_BACK, State.VERIFIED, State.CLOSED),
    State.REPORTED_BACK: (State.VERIFIED, State.CLOSED),
    State.VERIFIED: (State.CLOSED,),
    State.CLOSED: (),
    State.REJECTED: (),
    State.MERGED: (),
}


@dataclass(frozen=True, slots=True)
class Station:
    """One stop of the line; state: done, now, next or change (it went into other hands there)."""

    name: str
    time_text: str
    note: str
    state: str
    change_text: str = ""


@dataclass(frozen=True, slots=True)
class PortalCase:
    """A case as residents' pages show it, all in words."""

    number: str
    code: str
    title: str
    place: str
    area_names: list[str]
    holder_name: str
    due_text: str
    light: str
    light_text: str
    next_text: str
    updated_text: str
    stations: list[Station]
    can_verify: bool
    verify_url: str
    is_joined: bool = False
    is_merged: bool = False
    can_part: bool = False


def portal_case(followed: FollowedCase, *, at: datetime, verify_url: str, code: str = "") -> PortalCase:
    """Put a followed case into words. code: of who joined it, "" for its first reporter."""
    row = followed.row
    chain = area_chain(row.area_path, at=at)
    due_at = row.due_at if followed.solution_due_at is None else followed.solution_due_at
    is_one_of_several = followed.is_merged or followed.is_joined
    is_waiting = row.state in {State.REPORTED_BACK, State.VERIFIED, State.CLOSED, State.REJECTED}
    return PortalCase(
        number=row.number,
        code=code or code_of(row.id),
        title=row.title,
        place=row.place,
        area_names=[area.name for area in chain[2:]] or [area.name for area in chain],
        holder_name=_holder(row.organisation_name, row.role_name),
        due_text=say_state(row.state)
        if is_waiting or due_at is None
        else _("before %(moment)s") % {"moment": say_moment(due_at, at)},
        light=row.light,
        light_text=" · ".join(part for part in (say_light(row.light), _left(row.due_at, due_at, at)) if part),
        next_text=_next_text_of_merged(row.state) if is_one_of_several else _next_text(row.state),
        updated_text=f"{timezone.localtime(at).hour}:{at:%M}",
        stations=stations(followed, at=at),
        can_verify=followed.can_verify,
        verify_url=verify_url,
        is_joined=followed.is_joined,
        is_merged=is_one_of_several,
        can_part=followed.can_part,
    )


def stations(followed: FollowedCase, *, at: datetime) -> list[Station]:
    """Lay out the line: each step a stop, the last one is where it is now, then what usually follows."""
    stops = [_stop(step, at) for step in followed.steps if step.action != Action.JOIN]
    if stops and followed.row.state not in {State.CLOSED, State.REJECTED}:
        last = stops[-1]
        stops[-1] = Station(last.name, last.time_text, last.note, "now", last.change_text)
    due_at = followed.solution_due_at
    for state in _AHEAD.get(followed.row.state, ()):
        is_done_by = state == State.REPORTED_BACK and due_at is not None
        stops.append(Station(_ahead(state), say_moment(due_at, at) if is_done_by and due_at else "", "", "next"))
    return stops


def _stop(step: PublicStep, at: datetime) -> Station:
    gives = step.action in _GIVES
    name = say_state(step.to_state) if step.action in _ARRIVES else say_deed(step.action)
    return Station(name, say_clock(step.at, at), step.note, "change" if gives else "done")


def _left(next_due_at: datetime | None, due_at: datetime | None, at: datetime) -> str:
    """Say what is left until the date shown above it; first of the hour by which somebody has to take the case on."""
    if next_due_at is None:
        return ""
    if next_due_at < at:
        return say_due(next_due_at, at)
    if due_at is not None and next_due_at < due_at:
        return _("somebody takes it on before %(moment)s") % {"moment": say_moment(next_due_at, at)}
    return _("%(span)s left") % {"span": say_span(next_due_at - at)}


def _holder(organisation_name: str, role_name: str) -> str:
    return " · ".join(part for part in (organisation_name, role_name) if part) or _("The district's desk")


def _ahead(state: str) -> str:
    return {
        State.ACCEPTED: _("Somebody takes it on"),
        State.HANDLING: _("Work on it"),
        State.REPORTED_BACK: _("Done, and you are told"),
        State.VERIFIED: _("You say how it went"),
        State.CLOSED: _("Closed out"),
    }[State(state)]


def _next_text_of_merged(state: str) -> str:
    if state in {State.CLOSED, State.REJECTED}:
        return _("If yours is not settled, say so below: it becomes a case of its own again.")
    return _("You see here each step of it, and need not do anything.")


def _next_text(state: str) -> str:
    return {
        State.REPORTED: _("Whoever has it now looks at it and takes it on. You need not do anything."),
        State.ACCEPTED: _("Work on it begins. You need not do anything."),
        State.DISPATCHED: _("Those it was given to begin work on it. You need not do anything."),
        State.HANDLING: _("When it is done you see it here and can say how it went."),
        State.SUSPENDED: _("It waits for something named in the line above and goes on afterwards."),
        State.REPORTED_BACK: _("Please say whether it is done. If it is not, it goes one level up."),
        State.VERIFIED: _("It is closed out within a day."),
        State.CLOSED: _("If it comes back, report it again and name this number."),
        State.MERGED: _("It is dealt with together with another report of the same thing."),
        State.REJECTED: _("If you do not agree, say so above: it is looked at one level up."),
    }[State(state)]
