"""What can go wrong with a case.

LinliError
├── InvalidInput
│   ├── CannotOpenCase      the report lacks something or names something unknown
│   ├── CannotKeepView      the view has no name, too long a one, or one that is taken
│   └── RulebookHasFaults   a document can't count as it is; says all that is wrong with it
├── Conflict
│   ├── StepNotPossible     the table of stages has no such step from the present state
│   ├── EvidenceMissing     what the category asks for is not there yet
│   ├── CannotMerge         two cases that can't be dealt with as one, or a case that is not merged
│   ├── ViewsChanged        there is no place for one more view, or another window was faster
│   ├── CannotAskTime       a case gets no more time as it stands, or the request is over
│   ├── CannotSupervise     no supervision, answer or card goes with how things stand
│   └── DeedTooEarly        what was done before it on the phone has not come in yet
└── NotFound
    ├── NoSuchCase          none, or none that this person may see
    ├── NoSuchRequest       none, or of a case that this person may not see
    ├── NoSuchSupervision   the same, and the same of a card
    └── NoSuchView          none, or somebody else's
"""

import dataclasses
from collections.abc import Sequence

from linli.kernel.errors import Conflict, InvalidInput, NotFound

NO_ROW = -1


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a document from counting, as a code that edges put into words.

    row: of the document's list, from 0, `NO_ROW` if it is about the whole; field: of that row, or the name of a
    setting; params: plain values and codes that the words need.
    """

    code: str
    row: int = NO_ROW
    field: str = ""
    params: dict[str, str | int] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        """Give code, row, field and values, for logs."""
        said = [f"{key}={value}" for key, value in self.params.items()]
        return " ".join(
            part for part in (self.code, str(self.row) if self.row != NO_ROW else "", self.field, *said) if part
        )


class CannotOpenCase(InvalidInput):
    """The report lacks something or names something unknown."""


class CannotKeepView(InvalidInput):
    """The view has no name, too long a one, or one that is taken."""


class RulebookHasFaults(InvalidInput):
    """A document can't count as it is."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "rulebook_has_faults", field="content", params={"faults": "; ".join(str(each) for each in faults)}
        )
        self.faults = tuple(faults)


class StepNotPossible(Conflict):
    """The table of stages has no such step from the present state."""


class EvidenceMissing(Conflict):
    """What the category asks for before "report back" is not there yet."""


class CannotMerge(Conflict):
    """The two can't be dealt with as one, or the case is not merged."""


class CannotAskTime(Conflict):
    """A case gets no more time as it stands, or the request is over."""


class CannotSupervise(Conflict):
    """No supervision, answer or card goes with how things stand."""


class ViewsChanged(Conflict):
    """There is no place for one more view, or another window was faster."""


class DeedTooEarly(Conflict):
    """What was done before it on the same phone has not come in yet."""


class NoSuchCase(NotFound):
    """There is none, or none that this person may see."""


class NoSuchRequest(NotFound):
    """There is none, or it is of a case that this person may not see."""


class NoSuchSupervision(NotFound):
    """There is none, or it is of a case that this person may not see."""


class NoSuchView(NotFound):
    """There is none, or it is somebody else's."""
