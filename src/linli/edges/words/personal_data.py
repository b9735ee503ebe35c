"""What the models declare about personal data, in words: the page that residents read, made from the declarations."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.cases.choices import ConsentWay
from linli.edges.words.times import say_moment
from linli.kernel.db.declarations import Declared
from linli.kernel.personal_data import LegalBasis, Whose
from linli.kernel.personal_words import Kind, kinds_in
from linli.oversight.privacy.choices import Part, Refusal, RequestKind, RequestState
from linli.oversight.privacy.queries.requests import RequestRow
from linli.support.files.choices import OTHER_NUMBER

FIELDS: Mapping[str, Any] = {
    "audit.AuditLine.actor_name": gettext_lazy("user name of whoever did something"),
    "audit.AuditLine.data": gettext_lazy("the reason given for it"),
    "audit.AuditLine.object_id": gettext_lazy("what it was done to"),
    "audit.AuditLine.source_ip": gettext_lazy("network address it came from"),
    "cases.Case.address": gettext_lazy("place as written"),
    "cases.Case.place": gettext_lazy("place as shown"),
    "cases.Case.search": gettext_lazy("words to find it by"),
    "cases.Case.text": gettext_lazy("words of the report"),
    "cases.Case.title": gettext_lazy("title"),
    "cases.CaseStep.note": gettext_lazy("notes on the handling"),
    "cases.Reporter.name": gettext_lazy("how to call the reporter"),
    "cases.Reporter.phone": gettext_lazy("telephone number"),
    "cases.Reporter.phone_index": gettext_lazy("mark to find that number by"),
    "cases.Reporter.text": gettext_lazy("what somebody added who has the same problem"),
    "cases.SavedView.name": gettext_lazy("name of a list kept"),
    "cases.SavedView.q": gettext_lazy("words searched in it"),
    "cases.Card.appeal": gettext_lazy("why an organisation objects to a card"),
    "cases.Card.ruling": gettext_lazy("why a card stands or was taken back"),
    "cases.Supervision.answer": gettext_lazy("answer to a supervision"),
    "cases.Supervision.closing": gettext_lazy("why a supervision ended"),
    "cases.Supervision.demand": gettext_lazy("what a supervision asks for"),
    "cases.Verification.comment": gettext_lazy("what the reporter said about the result"),
    "commands.OutboxMessage.last_error": gettext_lazy("why a delivery failed"),
    "files.StoredFile.sha256": gettext_lazy("photos"),
    "files.StoredFile.uploaded_by": gettext_lazy("mark of whoever sent the photo"),
    "notices.Address.value": gettext_lazy("address of mail or of a browser for notices"),
    "notices.Robot.secret": gettext_lazy("secret of a group chat's robot"),
    "notices.Robot.url": gettext_lazy("address of a group chat's robot"),
    "people.Absence.kind": gettext_lazy("leave, trip or training"),
    "people.Login.username": gettext_lazy("user name"),
    "people.OfficeAccount.subject": gettext_lazy("mark of the office account one signs in by"),
    "people.OpenSession.source_ip": gettext_lazy("network address somebody is signed in from"),
    "people.Person.code": gettext_lazy("number in the roster"),
    "people.Person.name": gettext_lazy("name"),
    "people.Person.work_phone": gettext_lazy("office telephone"),
    "people.Totp.pending": gettext_lazy("secret of an app that shows codes, not yet confirmed"),
    "people.Totp.secret": gettext_lazy("secret of an app that shows codes"),
    "privacy.DataRequest.answer": gettext_lazy("answer to a request about one's data"),
    "privacy.DataRequest.wish": gettext_lazy("name and number to be put right"),
    "reviews.BallotKey.auditor_box": gettext_lazy(
        "list of whose ballot is whose, which the discipline office's key opens"
    ),
    "reviews.BallotKey.box": gettext_lazy("sealed list of whose ballot is whose"),
    "reviews.Qualification.occasion": gettext_lazy("which special sessions somebody may report at"),
    "reviews.Remark.text": gettext_lazy("what a leader said of a report"),
    "reviews.Turn.remarks": gettext_lazy("what a secretary adds to the page of figures"),
    "sheets.SheetImport.contents": gettext_lazy("rows of a workbook"),
    "sheets.SheetImport.file_name": gettext_lazy("name of the file"),
    "sheets.SheetImport.report": gettext_lazy("what the rows would change"),
    "sheets.SheetImport.source_ip": gettext_lazy("network address it was sent from"),
    "visits.Visit.door_index": gettext_lazy("mark by which a visited door counts once"),
    "visits.Visit.note": gettext_lazy("what somebody asked for at a visit"),
}
BASES: Mapping[str, Any] = {
    LegalBasis.CONSENT: gettext_lazy("your consent, which you can take back"),
    LegalBasis.CONTRACT: gettext_lazy("employment and staff matters"),
    LegalBasis.DUTY: gettext_lazy("duties laid down by law"),
    LegalBasis.EMERGENCY: gettext_lazy("emergencies"),
    LegalBasis.NEWS: gettext_lazy("reporting in the public interest"),
    LegalBasis.PUBLISHED: gettext_lazy("made public by the person"),
    LegalBasis.OTHER_LAW: gettext_lazy("another law"),
}
# By which way somebody agreed to the text.
CONSENT_WAYS: Mapping[str, Any] = {
    ConsentWay.PORTAL: gettext_lazy("on this page"),
    ConsentWay.STAFF: gettext_lazy("told to staff"),
    ConsentWay.HOTLINE: gettext_lazy("through the hotline"),
    ConsentWay.API: gettext_lazy("through another program"),
}
# From when the days count, by table.
SINCE: Mapping[str, Any] = {
    "audit.AuditLine": gettext_lazy("after it happened"),
    "cases.Case": gettext_lazy("after the case is closed"),
    "cases.CaseStep": gettext_lazy("after the case is closed"),
    "cases.Reporter": gettext_lazy("after the case is closed"),
    "cases.Card": gettext_lazy("after the case is closed"),
    "cases.Supervision": gettext_lazy("after the case is closed"),
    "cases.Verification": gettext_lazy("after the case is closed"),
    "commands.OutboxMessage": gettext_lazy("after delivery"),
    "files.StoredFile": gettext_lazy("after the case is closed"),
    "people.Absence": gettext_lazy("after the last post has ended"),
    "people.Login": gettext_lazy("after the last post has ended"),
    "people.Person": gettext_lazy("after the last post has ended"),
    "privacy.DataRequest": gettext_lazy("after it was answered"),
    "sheets.SheetImport": gettext_lazy("after it was last worked on"),
    "visits.Visit": gettext_lazy("after the visit"),
}
KINDS: Mapping[Kind, Any] = {
    Kind.ID_NUMBER: gettext_lazy("an identity number"),
    Kind.PHONE: gettext_lazy("a mobile number"),
    Kind.LANDLINE: gettext_lazy("a landline number"),
    Kind.PLATE: gettext_lazy("a number plate"),
    Kind.BANK_CARD: gettext_lazy("a bank card's number"),
}
# What a look at a photo may find.
ON_PHOTOS: Mapping[str, Any] = {
    OTHER_NUMBER: gettext_lazy("a long number"),
    **{str(kind): KINDS[kind] for kind in KINDS},
}
# What goes together when its time is over.
TERMS: Mapping[str, Any] = {
    "contacts": gettext_lazy("contacts of reporters"),
    "words": gettext_lazy("words and photos of cases"),
    "people": gettext_lazy("people who left"),
    "imports": gettext_lazy("workbooks taken in"),
    "messages": gettext_lazy("messages delivered"),
    "requests": gettext_lazy("requests about one's data"),
    "traces": gettext_lazy("traces in the audit log"),
    "visits": gettext_lazy("notes and doors of visits"),
}
REQUESTS: Mapping[str, Any] = {
    RequestKind.CORRECT: gettext_lazy("put right"),
    RequestKind.DELETE: gettext_lazy("delete"),
}
PARTS: Mapping[str, Any] = {
    Part.CONTACT: gettext_lazy("name and telephone number"),
    Part.WORDS: gettext_lazy("what was written, and the place as written"),
    Part.PHOTOS: gettext_lazy("photos of the report"),
}
REQUEST_STATES: Mapping[str, Any] = {
    RequestState.WAITING: gettext_lazy("waits for an answer"),
    RequestState.GRANTED: gettext_lazy("done"),
    RequestState.REFUSED: gettext_lazy("refused"),
}
REFUSALS: Mapping[str, Any] = {
    Refusal.STILL_NEEDED: gettext_lazy("needed until the case is closed"),
    Refusal.KEPT_BY_LAW: gettext_lazy("has to be kept by law"),
    Refusal.NOT_ONES_OWN: gettext_lazy("it could not be made sure that the data are one's own"),
}
_DAYS_A_YEAR = 365
# For msgids that stand elsewhere, where the catalogue finds them.
_say: Callable[[str], str] = _


@dataclass(frozen=True, slots=True)
class HeldLine:
    """What is kept for one purpose, in words. is_sealed: whether all of it is encrypted."""

    what: str
    why: str
    basis: str
    kept: str
    is_sealed: bool


def say_held(declared: Iterable[Declared], whose: Whose) -> list[HeldLine]:
    """Word what is kept of residents or of staff: one line for all that has one purpose, right and time."""
    found = sorted((each for each in declared if each.data.whose == whose), key=_together)
    return [_line(list(group)) for _same, group in groupby(found, key=_together)]


def say_kept(table: str, days: int | None) -> str:
    """Say how long: 3 years after the last post has ended."""
    if days is None:
        return _("until whoever made it deletes it")
    return _("%(span)s %(since)s") % {"span": say_days(days), "since": SINCE[table]}


def say_days(days: int) -> str:
    """Say so many days, as years where they are whole ones."""
    years, rest = divmod(days, _DAYS_A_YEAR)
    if rest or not years:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


def say_found(text: str) -> str:
    """Name what of a person's numbers stands in words that somebody wrote; "" for none."""
    return _(", ").join(str(KINDS[kind]) for kind in kinds_in(text))


def say_on_photo(kinds: Iterable[str]) -> str:
    """Name what of a person's numbers a look at a photo found; "" for none."""
    return _(", ").join(str(ON_PHOTOS[kind]) for kind in kinds if kind in ON_PHOTOS)


def _together(each: Declared) -> tuple[bool, str, str, int, str]:
    data = each.data
    # What one may keep back comes first.
    is_own_choice = data.legal_basis == LegalBasis.CONSENT
    return (not is_own_choice, data.purpose, data.legal_basis, data.retention_days or 0, str(SINCE.get(each.table, "")))


def _line(fields: list[Declared]) -> HeldLine:
    first = fields[0]
    is_sealed = all(each.data.sealed_for or each.data.is_index for each in fields)
    what = _(", ").join(str(FIELDS.get(each.name, each.field)) for each in fields)
    kept = say_kept(first.table, first.data.retention_days)
    return HeldLine(what, _say(first.data.purpose), str(BASES[first.data.legal_basis]), kept, is_sealed)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request about one's data in words. light: of its state; went: what was wiped and what is left, "" if nothing."""

    row: RequestRow
    what: str
    parts: str
    state: str
    light: str
    made: str
    due: str
    answered: str
    reason: str
    went: str


def say_request(row: RequestRow, at: datetime) -> RequestLine:
    """Put a request into words."""
    waits = row.state == RequestState.WAITING
    light = ("late" if row.is_late else "ok") if waits else "done"
    went = _(", ").join(
        _("%(what)s: wiped, nothing is left") % {"what": PARTS[Part(part)]} for part in row.parts if part in row.wiped
    )
    return RequestLine(
        row, str(REQUESTS[row.kind]), _(", ").join(str(PARTS[Part(part)]) for part in row.parts),
        str(REQUEST_STATES[row.state]), light, say_moment(row.made_at, at), say_moment(row.due_at, at),
        say_moment(row.answered_at, at) if row.answered_at else "",
        str(REFUSALS[row.reason]) if row.reason else "", went,
    )  # fmt: skip
