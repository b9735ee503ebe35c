"""The tables of the room."""

from linli.oversight.reviews.models.ballot import AuditorKey, Ballot, BallotKey, Juror, Publication, Recusal
from linli.oversight.reviews.models.draw import Draw, DrawRecord, EntropyEntry, Excuse, Leave
from linli.oversight.reviews.models.hall import Hall, Lamp, Remark, RemarkShare, Session, Turn
from linli.oversight.reviews.models.programme import Member, Programme, ProgrammeBook, Qualification

__all__ = [
    "AuditorKey",
    "Ballot",
    "BallotKey",
    "Draw",
    "DrawRecord",
    "EntropyEntry",
    "Excuse",
    "Hall",
    "Juror",
    "Lamp",
    "Leave",
    "Member",
    "Programme",
    "ProgrammeBook",
    "Publication",
    "Qualification",
    "Recusal",
    "Remark",
    "RemarkShare",
    "Session",
    "Turn",
]
