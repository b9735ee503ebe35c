"""The words of notices as they stand: a district's own, else the program's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.support.notices.calc.texts import default_text
from linli.support.notices.models import Text


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One version of a kind's words. text: "" where they went back to the program's own."""

    number: int
    text: str
    made_by: UUID | None
    made_at: datetime


def current_texts(*, district_id: str) -> dict[tuple[str, str, str], str]:
    """Read a district's own words by kind, channel and language. 1 query."""
    rows = Text.objects.filter(district_id=district_id).order_by("kind", "channel", "language", "-number")
    newest = rows.distinct("kind", "channel", "language")
    return {
        (kind, channel, language): text
        for kind, channel, language, text in newest.values_list("kind", "channel", "language", "text")
        if text
    }


def text_for(own: Mapping[tuple[str, str, str], str], *, kind: str, channel: str, language: str) -> str:
    """Choose the words: the channel's own, those for all channels, the program's. No query."""
    return own.get((kind, channel, language)) or own.get((kind, "", language)) or default_text(kind, language)


def list_versions(*, district_id: str, kind: str, channel: str, language: str) -> list[TextVersion]:
    """List the versions of some words, newest first. 1 query."""
    rows = Text.objects.filter(district_id=district_id, kind=kind, channel=channel, language=language)
    columns = rows.order_by("-number").values_list("number", "text", "made_by", "made_at")
    return [TextVersion(*row) for row in columns[:50]]
