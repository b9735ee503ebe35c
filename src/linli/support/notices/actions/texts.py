"""Putting other words of a notice in force."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from linli.kernel.errors import InvalidInput
from linli.registry.people.rules import Viewer
from linli.support.notices.calc.texts import LANGUAGES, check_text, kinds
from linli.support.notices.choices import Channel
from linli.support.notices.models import Text
from linli.support.notices.rules import may_run_ways_out


@transaction.atomic
def publish_text(*, by: Viewer, kind: str, channel: str, language: str, text: str, at: datetime) -> int:
    """Put a kind's words in force as a new version and give its number; "" goes back to the program's own. 2 queries.

    channel: "" for all that have no words of their own. Raises NotAllowed, InvalidInput, BadText.
    """
    may_run_ways_out(by).require()
    if kind not in kinds() or language not in LANGUAGES or channel not in {"", *Channel} - {Channel.WEBHOOK}:
        raise InvalidInput("bad_choice", field="kind")
    checked = check_text(text, kind) if text.strip() else ""
    before = Text.objects.filter(district_id=by.district_id, kind=kind, channel=channel, language=language)
    number = (before.aggregate(last=Max("number"))["last"] or 0) + 1
    Text.objects.create(
        district_id=by.district_id, kind=kind, channel=channel, language=language, number=number, text=checked,
        made_by=by.person_id, made_at=at,
    )  # fmt: skip
    return number
