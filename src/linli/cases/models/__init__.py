"""The tables of the room."""

from linli.cases.models.case import Case
from linli.cases.models.guesses import CodeGuesses
from linli.cases.models.history import CaseFile, CaseStep, ClockSegment, Verification
from linli.cases.models.reporter import Reporter
from linli.cases.models.rulebook import Rulebook

__all__ = ["Case", "CaseFile", "CaseStep", "ClockSegment", "CodeGuesses", "Reporter", "Rulebook", "Verification"]
