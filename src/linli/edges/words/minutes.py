"""The minutes of a session put into words and into the order of an official document."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.edges.words.times import LOCAL
from linli.oversight.reviews.calc.scores import shown
from linli.oversight.reviews.choices import RemarkKind
from linli.oversight.reviews.queries.minutes import Minutes, MinutesTurn
from linli.oversight.reviews.queries.remarks import RemarkRow
from linli.support.documents.calc.official import (
    Block,
    Heading,
    OfficialDocument,
    Paragraph,
    chinese_number,
    document_number,
    say_date,
)


def minutes_document(minutes: Minutes, *, is_demo: bool) -> OfficialDocument:
    """Put minutes into an official document, in the installation's language whatever the reader's."""
    with translation.override(settings.LANGUAGE_CODE):
        meeting = minutes.meeting
        return OfficialDocument(
            head=_("Minutes of %(who)s") % {"who": meeting.convener},
            number=document_number(_("Reviews, minutes"), meeting.year, minutes.number),
            title=_("Minutes: %(session)s") % {"session": meeting.title},
            blocks=tuple(_blocks(minutes)),
            signer=meeting.convener,
            on=minutes.on,
            foot=(
                _("To: the organisations that reported and those that have something to do"),
                _("%(programme)s, printed on %(day)s") % {"programme": meeting.programme, "day": say_date(minutes.on)},
            ),
            mark=_("Demo data") if is_demo else "",
        )


def _blocks(minutes: Minutes) -> Iterator[Block]:
    parts: list[tuple[str, list[Block]]] = [
        (_("The session"), list(_session(minutes))),
        (_("Reports and comments"), [block for turn in minutes.turns for block in _turn(turn)]),
        (_("Results"), list(_results(minutes))),
        (_("Deployment of the next stage"), [Paragraph(_said(row)) for row in minutes.deployments]),
    ]
    for number, (name, blocks) in enumerate((part for part in parts if part[1]), start=1):
        yield Heading(1, f"{chinese_number(number)}、{name}")
        yield from blocks


def _session(minutes: Minutes) -> Iterator[Block]:
    meeting, begun, ended = minutes.meeting, minutes.opened_at.astimezone(LOCAL), minutes.closed_at.astimezone(LOCAL)
    absent = sum(1 for turn in minutes.turns if turn.is_absent)
    yield Paragraph(
        _("%(day)s, %(begun)s to %(ended)s, at %(place)s: %(session)s, convened by %(who)s.")
        % {"day": say_date(begun.date()), "begun": f"{begun:%H:%M}", "ended": f"{ended:%H:%M}",
           "place": meeting.place or _("a place not written down"), "session": meeting.title, "who": meeting.convener}
    )  # fmt: skip
    if meeting.venues:
        yield Paragraph(_("Branch venues: %(names)s.") % {"names": _(", ").join(meeting.venues)})
    if meeting.focus:
        yield Paragraph(_("Focus: %(focus)s.") % {"focus": meeting.focus})
    number = len(minutes.turns)
    yield Paragraph(
        ngettext(
            "%(n)d organisation was to report, absent %(absent)d.",
            "%(n)d organisations were to report, absent %(absent)d.", number,
        ) % {"n": number, "absent": absent}
    )  # fmt: skip


def _turn(turn: MinutesTurn) -> Iterator[Block]:
    yield Heading(2, f"（{chinese_number(turn.position)}）{turn.organisation}")
    if turn.is_absent:
        yield Paragraph(_("Absent; it reports next time in addition."))
    else:
        yield Paragraph(_reported(turn))
    for row in turn.remarks:
        yield Paragraph(_said(row))


def _reported(turn: MinutesTurn) -> str:
    said = []
    if turn.is_carried:
        said.append(_("In addition, absent last time."))
    if turn.presenter:
        who = {"name": turn.presenter}
        said.append(
            _("Reported by %(name)s as a deputy.") % who if turn.is_deputy else _("Reported by %(name)s.") % who
        )
    if turn.talk_ms is not None:
        said.append(_("Report lasted %(time)s.") % {"time": _time(turn.talk_ms, turn.talk_overrun_ms)})
    if turn.comment_ms is not None:
        said.append(_("Comment lasted %(time)s.") % {"time": _time(turn.comment_ms, turn.comment_overrun_ms)})
    return "".join(said) or _("The times were not measured.")


def _time(used_ms: int, overrun_ms: int) -> str:
    minutes, seconds = divmod(used_ms // 1000, 60)
    used = _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
    if overrun_ms < 1000:  # noqa: PLR2004 - a second
        return used
    return _("%(used)s, %(over)d s too long") % {"used": used, "over": overrun_ms // 1000}


def _said(row: RemarkRow) -> str:
    text = row.text.strip().rstrip("。；;.")
    if row.kind == RemarkKind.COMMENT or row.due_on is None:
        return _("Comment: %(text)s.") % {"text": text}
    told = {"text": text, "who": row.organisation, "day": say_date(row.due_on)}
    if row.shares:
        told["others"] = _(", ").join(share.organisation for share in row.shares)
        return _("%(text)s. In the lead: %(who)s, with %(others)s; to be done by %(day)s.") % told
    if row.kind == RemarkKind.DEPLOYMENT:
        return _("%(text)s. In the lead: %(who)s; to be done by %(day)s.") % told
    return _("Assignment: %(text)s. To be done by %(who)s before %(day)s is over.") % told


def _results(minutes: Minutes) -> Iterator[Block]:
    published = [(turn.organisation, turn.result) for turn in minutes.turns if turn.result is not None]
    for organisation, result in sorted(published, key=lambda each: each[1].rank or len(minutes.turns) + 1):
        told = {"who": organisation, "counted": result.counted, "present": result.present}
        if result.score is None or result.rank is None:
            yield Paragraph(_("%(who)s: not established, %(counted)d of %(present)d jurors scored.") % told)
        else:
            told |= {"rank": result.rank, "score": shown(result.score)}
            yield Paragraph(_("Place %(rank)d: %(who)s, %(score)s (%(counted)d of %(present)d jurors).") % told)
