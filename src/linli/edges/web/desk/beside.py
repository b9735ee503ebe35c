"""What goes on beside the stages of a case, in words: disputes, whistles, its category, and the forms for them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.actions.disputing import Objection, Ruling, decide_dispute, dispute_case, withdraw_dispute
from linli.cases.actions.recategorising import Correction, recategorise_case
from linli.cases.actions.stepping import Actor
from linli.cases.actions.whistling import (
    Marks,
    Whistled,
    change_lead,
    evaluate_help,
    give_opinion,
    report_in,
    take_call_back,
    whistle,
)
from linli.cases.calc.categories import Category, offered
from linli.cases.choices import Action
from linli.cases.queries.calls import CallRow, DisputeRow
from linli.cases.queries.detail import CaseDetail
from linli.edges.callers import caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.asking import read_number, read_uuid, read_uuids
from linli.edges.web.desk.recipients import Recipient, RecipientGroup, departments, organisation_value, read_recipient
from linli.edges.web.desk.steps import Option, Typed
from linli.edges.words.cases import DISPUTE_ENDS, say_reason
from linli.edges.words.errors import say_decision
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput

Deed = Callable[[ViewerRequest, UUID, datetime], object]


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A dispute in words. note: what speaks for it; state: open, late or over."""

    title: str
    note: str
    said: tuple[str, ...]
    state: str
    tag: str
    may_decide: bool
    may_withdraw: bool
    chosen: str


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """What an office said, and when."""

    when: str
    text: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """An office that was called, in words. light: late, ok, warn or done. owed: the opinion that who leads owes."""

    id: UUID
    name: str
    is_lead: bool
    is_taken_back: bool
    light: str
    arrival: str
    owed: str
    owed_light: str
    opinions: tuple[OpinionLine, ...]
    marks: str
    may_report_in: bool
    may_opine: bool
    may_lead: bool
    may_evaluate: bool


@dataclass(frozen=True, slots=True)
class BesideLines:
    """All of it. opened: the deed that could not be done just now, error: why; groups: whom one can name and call."""

    answerable: str
    returns: str
    disputes: tuple[DisputeLine, ...]
    calls: tuple[CallLine, ...]
    may_dispute: bool
    dispute_refusal: str
    may_whistle: bool
    reasons: tuple[Option, ...]
    speeds: tuple[Option, ...]
    results: tuple[Option, ...]
    groups: list[RecipientGroup]
    judges: list[RecipientGroup]
    called: frozenset[str]
    lead: str
    wanted: str
    opened: str
    error: str
    note: str
    decided: str
    categories: tuple[Option, ...]

    @property
    def has_lead(self) -> bool:
        """Whether one of those called leads already."""
        return any(call.is_lead for call in self.calls)

    @property
    def standing(self) -> frozenset[str]:
        """Whoever is called and need not be called again, as forms send it."""
        return frozenset(organisation_value(call.id) for call in self.calls if not call.is_taken_back)


def beside_lines(
    case: CaseDetail, *, kinds: Iterable[Category], recipients: list[RecipientGroup], typed: Typed | None, on: date,
    at: datetime,
) -> BesideLines:  # fmt: skip
    """Put it into words. kinds: all categories.

    At most 2 queries, for whom can be called, where the viewer may call or name somebody.
    """
    told = case.beside
    may_decide = any(row.may_decide for row in told.disputes)
    asks = told.may_dispute or told.may_whistle or may_decide
    groups = departments(case.row.district_id, on=on) if asks else []
    mine = typed if typed and typed.action in DEEDS else None
    data = mine.data if mine else None
    say: Callable[[str], str] = lambda name: data.get(name, "") if data else ""  # noqa: E731 - three readings of one form
    wanted = next((row for row in told.disputes if row.may_decide and row.wanted_id), None)
    named = _named(wanted) if wanted else []
    return BesideLines(
        answerable=told.answerable, returns=_returns(case),
        disputes=tuple(_dispute(row, case, at) for row in told.disputes),
        calls=tuple(_call(row, at) for row in told.calls), may_dispute=bool(told.may_dispute),
        dispute_refusal=_refusal(case), may_whistle=bool(told.may_whistle),
        reasons=_options(told.reasons, say("reason")), speeds=_options(told.speeds, say("speed")),
        results=_options(told.results, say("result")), groups=groups,
        judges=[*named, *(recipients or groups)] if may_decide else [],
        called=frozenset(data.getlist("organisations")) if data else frozenset(), lead=say("lead"),
        wanted=say("wanted"),
        opened=mine.action if mine else "", error=mine.words if mine else "", note=say("note"), decided=say("to"),
        categories=tuple(
            Option(kind.code, kind.name, kind.code == say("category")) for kind in offered(kinds)
            if told.may_recategorise and kind.code != case.row.category
        ),
    )  # fmt: skip


def _refusal(case: CaseDetail) -> str:
    decision = case.beside.may_dispute
    return "" if decision or decision.reason != "dispute_is_open" else say_decision(decision.reason, decision.params)


def _named(row: DisputeRow) -> list[RecipientGroup]:
    value = organisation_value(row.wanted_id) if row.wanted_id else ""
    return [RecipientGroup(_("Named in the dispute"), (Recipient(value, row.wanted),))]


def _returns(case: CaseDetail) -> str:
    """Say how often a case was sent back, and that it can't be once more."""
    told = case.beside
    if not told.times_returned:
        return ""
    if told.returns_left or not told.reasons:
        return _("Sent back %(n)s time(s)") % {"n": told.times_returned}
    return _("Sent back %(n)s time(s), which is the most; what is left is a dispute") % {"n": told.times_returned}


def _options(codes: Sequence[str], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(code, say_reason(code), code == chosen) for code in codes)


def _dispute(row: DisputeRow, case: CaseDetail, at: datetime) -> DisputeLine:
    said = [_("%(when)s: %(reason)s") % {"when": say_moment(row.raised_at, at), "reason": say_reason(row.reason)}]
    if row.wanted:
        said.append(_("It belongs to %(name)s, they say") % {"name": row.wanted})
    said.append(_("%(judge)s decides by %(when)s") % {"judge": row.judge, "when": say_moment(row.due_at, at)})
    if row.decided_at:
        said.append(_("%(end)s, %(when)s") % {"end": DISPUTE_ENDS[row.end], "when": say_moment(row.decided_at, at)})
    if row.given_to:
        said.append(_("went to %(name)s") % {"name": row.given_to})
    raised = (step for step in case.steps if step.action == Action.DISPUTE and step.at == row.raised_at)
    note = next((step.note for step in raised), "")
    state = "late" if row.is_late else "done" if row.end else "warn"
    tag = str(DISPUTE_ENDS[row.end]) if row.end else _("overdue") if row.is_late else _("waits for a decision")
    return DisputeLine(
        _("%(name)s disputes that it is theirs") % {"name": row.organisation}, note, tuple(said), state, tag,
        bool(row.may_decide), bool(row.may_withdraw), organisation_value(row.wanted_id) if row.wanted_id else "",
    )  # fmt: skip


def _call(row: CallRow, at: datetime) -> CallLine:
    marks = " · ".join(say_reason(mark) for mark in (row.speed, row.result) if mark)
    may_lead = bool(row.may_lead)
    return CallLine(
        id=row.organisation_id, name=row.organisation, is_lead=row.is_lead, is_taken_back=row.taken_back_at is not None,
        light="done" if row.taken_back_at else "late" if row.is_late else "ok" if row.reported_in_at else "warn",
        arrival=_arrival(row, at), owed=_owed(row, at), owed_light="late" if row.is_opinion_late else "warn",
        opinions=tuple(OpinionLine(say_moment(e.at, at), e.text) for e in row.opinions),
        marks=marks, may_report_in=bool(row.may_answer) and row.reported_in_at is None, may_opine=bool(row.may_answer),
        may_lead=may_lead, may_evaluate=bool(row.may_evaluate) and (row.reported_in_at is not None or row.is_late),
    )  # fmt: skip


def _arrival(row: CallRow, at: datetime) -> str:
    due = say_moment(row.due_at, at)
    if row.taken_back_at:
        return _("call taken back %(when)s") % {"when": say_moment(row.taken_back_at, at)}
    if row.reported_in_at is None:
        return _("not here yet, was due %(when)s") % {"when": due} if row.is_late else _("due %(when)s") % {"when": due}
    when = say_moment(row.reported_in_at, at)
    if row.is_late:
        return _("reported in %(when)s, late: was due %(due)s") % {"when": when, "due": due}
    return _("reported in %(when)s") % {"when": when}


def _owed(row: CallRow, at: datetime) -> str:
    """Say by when the opinion of who leads is due, and that one came too late; "" where all is well."""
    if row.opinion_due_at is None or row.taken_back_at:
        return ""
    due = say_moment(row.opinion_due_at, at)
    if row.is_opinion_late:
        return (_("opinion came late: was due %(when)s") if row.opinions else _("no opinion yet, was due %(when)s")) % {
            "when": due
        }  # fmt: skip
    return "" if row.opinions else _("opinion due %(when)s") % {"when": due}


def do_beside(request: ViewerRequest, case_id: UUID, deed: str, at: datetime) -> object:
    """Do what a form of these asks for. Raises as the actions do."""
    return DEEDS[deed](request, case_id, at)


def _of(request: ViewerRequest, case_id: UUID) -> tuple[str, UUID, Actor]:
    return request.viewer.district_id, case_id, Actor(viewer=request.viewer, caller=caller_of(request, ""))


def _note(request: ViewerRequest) -> str:
    return request.POST.get("note", "")


def _version(request: ViewerRequest) -> int:
    return read_number(request.POST.get("version", ""))


def _organisation(request: ViewerRequest) -> UUID:
    found = read_uuid(request.POST.get("organisation", ""))
    if found is None:
        raise InvalidInput("no_such_organisation", field="organisation")
    return found


def _dispute_it(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    _post, wanted = read_recipient(request.POST.get("wanted", ""))
    objection = Objection(request.POST.get("reason", ""), _note(request), wanted, _version(request))
    return dispute_case(district_id=district_id, case_id=case_id, objection=objection, by=by, at=at)


def _decide(request: ViewerRequest, case_id: UUID, at: datetime, *, is_upheld: bool) -> object:
    district_id, case_id, by = _of(request, case_id)
    to_post, to_organisation = read_recipient(request.POST.get("to", "")) if is_upheld else (None, None)
    ruling = Ruling(is_upheld, _note(request), to_post, to_organisation, _version(request))
    return decide_dispute(district_id=district_id, case_id=case_id, ruling=ruling, by=by, at=at)


def _uphold(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    return _decide(request, case_id, at, is_upheld=True)


def _refuse(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    return _decide(request, case_id, at, is_upheld=False)


def _withdraw(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    return withdraw_dispute(
        district_id=district_id, case_id=case_id, note=_note(request), version=_version(request), by=by, at=at
    )


def _whistle(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    _post, lead = read_recipient(request.POST.get("lead", ""))
    others = read_uuids(value.removeprefix("org:") for value in request.POST.getlist("organisations"))
    whistled = Whistled(others, _note(request), lead, _version(request))
    return whistle(district_id=district_id, case_id=case_id, whistled=whistled, by=by, at=at)


def _recategorise(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    correction = Correction(request.POST.get("category", "")[:40], _note(request), _version(request))
    return recategorise_case(district_id=district_id, case_id=case_id, correction=correction, by=by, at=at)


def _report_in(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    return report_in(district_id=district_id, case_id=case_id, note=_note(request), by=by, at=at,
                     organisation_id=_organisation(request))  # fmt: skip


def _opine(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    return give_opinion(district_id=district_id, case_id=case_id, note=_note(request), by=by, at=at,
                        organisation_id=_organisation(request))  # fmt: skip


def _evaluate(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    sent = request.POST
    marks = Marks(_organisation(request), sent.get("speed", ""), sent.get("result", ""), _note(request),
                  _version(request))  # fmt: skip
    return evaluate_help(district_id=district_id, case_id=case_id, marks=marks, by=by, at=at)


def _change_lead(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    return change_lead(district_id=district_id, case_id=case_id, organisation_id=_organisation(request),
                       version=_version(request), by=by, at=at)  # fmt: skip


def _take_back(request: ViewerRequest, case_id: UUID, at: datetime) -> object:
    district_id, case_id, by = _of(request, case_id)
    return take_call_back(district_id=district_id, case_id=case_id, organisation_id=_organisation(request),
                          note=_note(request), version=_version(request), by=by, at=at)  # fmt: skip


DEEDS: Mapping[str, Deed] = {
    Action.DISPUTE: _dispute_it, Action.UPHOLD: _uphold, Action.REFUSE: _refuse, Action.WITHDRAW: _withdraw,
    Action.WHISTLE: _whistle, Action.REPORT_IN: _report_in, Action.OPINION: _opine, Action.EVALUATE: _evaluate,
    Action.CHANGE_LEAD: _change_lead, Action.TAKE_BACK: _take_back, Action.RECATEGORISE: _recategorise,
}  # fmt: skip
