"""What callers send about cases. Plain schemas, each field named; nothing is bound to a table."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from linli.cases.actions.opening import LONGEST_ADDRESS, LONGEST_TEXT, MOST_FILES
from linli.cases.actions.stepping import LONGEST_NOTE, Step
from linli.cases.actions.verifying import LONGEST_COMMENT
from linli.cases.actions.whistling import MOST_CALLED
from linli.cases.choices import Action
from linli.edges.api.fields import Lat, Lng, Text

CrsName = Literal["GCJ-02", "WGS-84", "CGCS2000"]
Code = Annotated[Text, Field(max_length=40)]
Note = Annotated[Text, Field(max_length=LONGEST_NOTE, description="what was done or why, in words")]
FileIds = Annotated[list[UUID], Field(max_length=MOST_FILES, description="ids from `POST /files`, each used once")]


class LocationBody(BaseModel):
    """A place on the map. Left out, crs is GCJ-02; a browser's own position is WGS-84."""

    lng: Lng
    lat: Lat
    crs: CrsName = "GCJ-02"


class ContactBody(BaseModel):
    """How to reach the reporter, as far as they wish; kept encrypted, shown masked, for a year.

    Whoever sends it has let them agree to the text at /privacy/: the version in force is kept with it.
    """

    name: Annotated[Text, Field(max_length=40)] | None = None
    phone: Annotated[Text, Field(max_length=20)] | None = None
    news: Annotated[bool, Field(description="true: asked to be told by text message how far it is")] = False


class ReportBody(BaseModel):
    """A report. Only the text is needed; without location and area code it goes to the district's queue."""

    text: Annotated[Text, Field(max_length=LONGEST_TEXT, examples=["3号楼2单元楼道灯不亮"])]
    category: Annotated[Code | None, Field(description="code of `GET /categories`; left out: from the text")] = None
    location: LocationBody | None = None
    address: Annotated[Text, Field(max_length=LONGEST_ADDRESS)] | None = None
    area_code: Annotated[Text, Field(max_length=20, description="of an area or a building")] | None = None
    contact: ContactBody | None = None
    file_ids: FileIds = []


class FollowBody(BaseModel):
    """What the reporter was given when sending."""

    number: Annotated[Text, Field(max_length=20, examples=["10626-000417"])]
    code: Annotated[Text, Field(max_length=12, examples=["402913"])]


class RatingBody(FollowBody):
    """The reporter's answer. Not solved, or dissatisfied, reopens the case one level up."""

    is_solved: bool
    satisfaction: Literal["satisfied", "basically", "dissatisfied"]
    comment: Annotated[Text, Field(max_length=LONGEST_COMMENT)] | None = None


class NoteBody(BaseModel):
    """A step that needs no more than a note, if that."""

    note: Note = ""

    def step(self, action: Action) -> Step:
        """Make the step that is asked for."""
        return Step(action, note=self.note)


class ReasonBody(NoteBody):
    """A step with a reason; which reasons there are is in `next_steps` of the case."""

    reason: Code = ""

    def step(self, action: Action) -> Step:
        """Make the step that is asked for."""
        return Step(action, reason=self.reason, note=self.note)


class GiveBody(NoteBody):
    """To whom: a post, or an organisation as a whole. One of the two is needed; the post goes first."""

    to_post: UUID | None = None
    to_organisation: UUID | None = None

    def step(self, action: Action) -> Step:
        """Make the step that is asked for."""
        return Step(action, note=self.note, to_post=self.to_post, to_organisation=self.to_organisation)


class SuspendBody(ReasonBody):
    """Why it waits, and on which day to look again."""

    review_on: date | None = None

    def step(self, action: Action) -> Step:
        """Make the step that is asked for."""
        return Step(action, reason=self.reason, note=self.note, review_on=self.review_on)


class ReportBackBody(NoteBody):
    """What was done. The category says whether a note and a photo are needed."""

    file_ids: FileIds = []

    def step(self, action: Action) -> Step:
        """Make the step that is asked for."""
        return Step(action, note=self.note, file_ids=tuple(self.file_ids))


class VerifyBody(BaseModel):
    """What a call or a visit found. was_reached false by call: a try in vain, written down, nothing changes."""

    method: Literal["call", "visit"]
    was_reached: bool = True
    was_contacted: bool = True
    is_solved: bool = True
    satisfaction: Literal["satisfied", "basically", "dissatisfied", "unknown"] = "unknown"
    comment: Annotated[Text, Field(max_length=LONGEST_COMMENT)] = ""


class PriorityBody(BaseModel):
    """A level set by hand, 1 the most urgent, and why."""

    level: Annotated[int, Field(ge=1, le=4)]
    note: Note = ""


class CategoryBody(BaseModel):
    """The right category, and why."""

    category: Code
    note: Note = ""


class MergeBody(BaseModel):
    """Into which case: the one that is worked on from then on."""

    leading: UUID


class DisputeBody(ReasonBody):
    """Why it is not one's own; the note is needed. wanted: an organisation whose it is, if one knows."""

    wanted: UUID | None = None


class WhistleBody(NoteBody):
    """Whom one calls: one that leads, if any, and others that assist. The note is needed."""

    lead: UUID | None = None
    organisations: Annotated[list[UUID], Field(max_length=MOST_CALLED)] = []


class CallBody(NoteBody):
    """Which of those called; it may be left out by an office that answers for itself."""

    organisation: UUID | None = None


class CalledBody(NoteBody):
    """Which of those called."""

    organisation: UUID


class EvaluationBody(CalledBody):
    """Marks of the table of stages: by default quick, in_time, late, and solved, partly, unsolved."""

    speed: Code
    result: Code


class UnmaskBody(BaseModel):
    """Why the contact details have to be read in full; the reason stands in the audit log."""

    reason: Annotated[Text, Field(max_length=200)] = ""


# A step's body may be left out.
NO_NOTE, NO_REASON, NO_RECIPIENT = NoteBody(), ReasonBody(), GiveBody()
NO_DAY, NO_PROOF = SuspendBody(), ReportBackBody()
NO_DISPUTE, NO_WHISTLE, NO_CALL = DisputeBody(), WhistleBody(), CallBody()
