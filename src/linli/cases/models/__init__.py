"""The tables of the room."""

from linli.cases.models.case import Case
from linli.cases.models.day import CaseDay
from linli.cases.models.dispute import Dispute
from linli.cases.models.guesses import CodeGuesses
from linli.cases.models.history import CaseFile, CaseStep, ClockSegment, Verification
from linli.cases.models.hole import HoleCase
from linli.cases.models.hotline import HotlineOrder
from linli.cases.models.learned import LearnedModel
from linli.cases.models.merging import Merging
from linli.cases.models.reporter import FIRST, Reporter
from linli.cases.models.rulebook import Rulebook
from linli.cases.models.rung import CaseRung
from linli.cases.models.supervision import Card, Supervision
from linli.cases.models.time_request import TimeRequest
from linli.cases.models.view import MOST_VIEWS, SavedView
from linli.cases.models.whistle import WhistleCall

__all__ = [
    "FIRST",
    "MOST_VIEWS",
    "Card",
    "Case",
    "CaseDay",
    "CaseFile",
    "CaseRung",
    "CaseStep",
    "ClockSegment",
    "CodeGuesses",
    "Dispute",
    "HoleCase",
    "HotlineOrder",
    "LearnedModel",
    "Merging",
    "Reporter",
    "Rulebook",
    "SavedView",
    "Supervision",
    "TimeRequest",
    "Verification",
    "WhistleCall",
]
