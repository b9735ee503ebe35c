"""Kinds of facts in words, for registers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

FACTS: Mapping[str, Any] = {
    "case.opened": lazy("case opened"),
    "case.accepted": lazy("case accepted"),
    "case.rejected": lazy("case not taken on"),
    "case.dispatched": lazy("case dispatched"),
    "case.handled": lazy("handling started"),
    "case.reported_back": lazy("case reported back"),
    "case.verified": lazy("case verified"),
    "case.closed": lazy("case closed out"),
    "case.returned": lazy("case sent back"),
    "case.reopened": lazy("case opened again"),
    "case.transferred": lazy("case handed on"),
    "case.suspended": lazy("case put on hold"),
    "case.resumed": lazy("case resumed"),
    "case.joined": lazy("one more reporter"),
    "case.reprioritised": lazy("priority set by hand"),
    "case.noted": lazy("note written"),
    "case.deadline_recounted": lazy("deadline counted anew"),
    "rulebook.published": lazy("rulebook put in force"),
}


def say_fact(kind: str) -> str:
    """Word a kind of fact."""
    return str(FACTS.get(kind, kind))
