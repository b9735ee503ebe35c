"""The steps of a case as forms: which can be taken, what each asks for, and what was typed into it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.calc.workflow import MOVE, PAUSE, Transition
from linli.cases.choices import Action
from linli.cases.queries.detail import CaseDetail, NextStep
from linli.cases.queries.rulebooks import Rulebooks
from linli.edges.web.desk.recipients import RecipientGroup
from linli.edges.words.cases import METHODS, SATISFACTIONS, say_reason, say_verb
from linli.edges.words.times import LOCAL

# What does not move a case forward stands in the menu, never as the one next step.
_BESIDE = frozenset({Action.NOTE, Action.OVERRIDE, Action.TRANSFER, Action.RETURN, Action.REJECT, Action.SUSPEND,
                     Action.REOPEN})  # fmt: skip
_HOLDS_IT = "holds_it"
_METHODS = ("call", "visit")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a form."""

    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step with the fields it asks for. error: what went wrong with it just now; note, review_on, to: as typed."""

    action: str
    label: str
    url: str
    reasons: tuple[Option, ...] = ()
    asks_to: bool = False
    asks_review: bool = False
    asks_finding: bool = False
    asks_level: bool = False
    asks_photo: bool = False
    asks_note: bool = True
    needs_note: bool = False
    needs_photo: bool = False
    note: str = ""
    review_on: str = ""
    to: str = ""
    methods: tuple[Option, ...] = ()
    satisfactions: tuple[Option, ...] = ()
    levels: tuple[Option, ...] = ()
    was_reached: bool = True
    was_contacted: bool = True
    is_solved: bool = True
    file_ids: tuple[str, ...] = ()
    error: str = ""
    error_field: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether pressing the button is all there is to it."""
        return not (self.reasons or self.asks_to or self.asks_review or self.asks_finding or self.asks_level
                    or self.needs_note or self.error)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent with a step that could not be taken, and why."""

    action: str
    data: QueryDict
    words: str
    field: str
    file_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """The one next step, the others, and why there is none."""

    primary: StepForm | None
    others: tuple[StepForm, ...]
    priority: StepForm | None
    refusal: tuple[str, Mapping[str, str | int]] | None
    recipients: list[RecipientGroup] = field(default_factory=list)


def asks_for_recipient(case: CaseDetail) -> bool:
    """Whether one of the steps that can be taken gives the case to somebody else."""
    return any(step.decision and MOVE in step.transition.effects for step in case.next_steps)


def steps_of(
    case: CaseDetail, *, evidence: Sequence[str], recipients: list[RecipientGroup], typed: Typed | None, at: datetime
) -> Steps:
    """Make the forms of the steps that this viewer may take. evidence: what the category asks for. No query."""
    forms = {
        step.transition.action: _form(case, step.transition, evidence, typed, at)
        for step in case.next_steps if step.decision
    }  # fmt: skip
    priority = forms.pop(Action.OVERRIDE.value, None)
    forward = next((step.transition.action for step in case.next_steps if _is_theirs(case, step)), None)
    primary = forms.pop(forward) if forward else None
    refused = next((step.decision for step in case.next_steps if not step.decision), None)
    refusal = (refused.reason, refused.params) if refused and not primary and not forms else None
    return Steps(primary, tuple(forms.values()), priority, refusal, recipients)


def _is_theirs(case: CaseDetail, step: NextStep) -> bool:
    """Whether this is what the viewer has to do next: as the holder, or by a right that the stage waits for."""
    action = step.transition.action
    if not step.decision or action in _BESIDE:
        return False
    if case.row.is_hole and action == Action.DISPATCH:
        return True
    return step.decision.reason == _HOLDS_IT or action in {Action.VERIFY, Action.CLOSE}


def _form(case: CaseDetail, row: Transition, evidence: Sequence[str], typed: Typed | None, at: datetime) -> StepForm:
    mine = typed if typed and typed.action == row.action else None
    data = mine.data if mine else QueryDict()
    is_finding, is_level = row.action == Action.VERIFY, row.action == Action.OVERRIDE
    is_back = row.action == Action.REPORT_BACK
    return StepForm(
        action=row.action, label=say_verb(row.action), url=_url(case, row.action),
        reasons=_options(row.reasons, data.get("reason", ""), say_reason), asks_to=MOVE in row.effects,
        asks_review=PAUSE in row.effects, asks_finding=is_finding, asks_level=is_level, asks_photo=is_back,
        needs_note=(is_back and "note" in evidence) or row.action in {Action.NOTE, Action.OVERRIDE},
        needs_photo=is_back and "photo" in evidence, note=data.get("note", ""),
        review_on=data.get("review_on", "") or in_a_week(at), to=data.get("to", ""),
        methods=_options(_METHODS if is_finding else (), data.get("method", "call"), lambda code: str(METHODS[code])),
        satisfactions=_options(
            ("satisfied", "basically", "dissatisfied") if is_finding else (), data.get("satisfaction", ""),
            lambda code: str(SATISFACTIONS[code]),
        ),
        levels=_options(
            ("1", "2", "3", "4") if is_level else (), data.get("level", str(case.row.priority_level)),
            lambda code: _("Level %(n)d") % {"n": int(code)},
        ),
        was_reached=not mine or data.get("was_reached") == "yes",
        was_contacted=not mine or data.get("was_contacted") == "yes",
        is_solved=not mine or data.get("is_solved") == "yes",
        file_ids=mine.file_ids if mine else (), error=mine.words if mine else "",
        error_field=mine.field if mine else "",
    )  # fmt: skip


def last_review_day(books: Rulebooks, at: datetime) -> str:
    """Give the last day to which a case can be put on hold."""
    return (at.astimezone(LOCAL).date() + timedelta(days=books.deadlines.hold_days)).isoformat()


def in_a_week(at: datetime) -> str:
    """Give the day that a case on hold is looked at again unless another is said."""
    return (at.astimezone(LOCAL).date() + timedelta(days=7)).isoformat()


def _url(case: CaseDetail, action: str) -> str:
    if action == Action.VERIFY:
        return reverse("desk_verify_case", args=[case.row.id])
    if action == Action.OVERRIDE:
        return reverse("desk_priority", args=[case.row.id])
    return reverse("desk_step", args=[case.row.id, action])


def _options(codes: Sequence[str], chosen: str, say: Callable[[str], str]) -> tuple[Option, ...]:
    return tuple(Option(code, say(code), code == chosen) for code in codes)
