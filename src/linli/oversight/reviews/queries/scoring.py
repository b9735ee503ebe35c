"""What actions and pages read of a session's clock and count: its turns, who is there, the rules of counting."""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from linli.oversight.reviews.calc.clock import Clock, Durations
from linli.oversight.reviews.calc.programme import ProgrammeRules
from linli.oversight.reviews.calc.publication import PublishedRules, PublishedTurn
from linli.oversight.reviews.calc.scores import ScoreRules
from linli.oversight.reviews.choices import Phase
from linli.oversight.reviews.models import Hall, Juror, Recusal, Session, Turn


def turns_of(session: Session) -> list[Turn]:
    """List a session's turns in order, each with its organisation. 1 query."""
    found = Turn.objects.filter(district_id=session.district_id, session=session).select_related("organisation")
    return list(found.order_by("position"))


def clock_of(hall: Hall, turn_ids: Sequence[UUID]) -> Clock:
    """Read a hall's clock."""
    position = turn_ids.index(hall.turn_id) + 1 if hall.turn_id in turn_ids else 0
    return Clock(Phase(hall.phase), position, len(turn_ids), hall.started_at, hall.duration_ms, hall.paused_ms,
                 hall.paused_at)  # fmt: skip


def durations_of(rules: ProgrammeRules) -> Durations:
    """Give how long the phases last by a programme's rules."""
    return Durations(rules.times.talk_s * 1000, rules.times.comment_s * 1000)


def scoring_of(rules: ProgrammeRules) -> ScoreRules:
    """Give how ballots are counted by a programme's rules."""
    weights = {group.id: group.weight for group in rules.jury.groups if group.weight}
    return ScoreRules(Fraction(rules.jury.trim_percent, 100), Fraction(*rules.jury.quorum), weights)


def published_rules(rules: ProgrammeRules) -> PublishedRules:
    """Give the part of a programme's rules that scores follow from."""
    return PublishedRules([(part.id, part.points) for part in rules.parts], scoring_of(rules))


def published_turns(session: Session, turns: Sequence[Turn]) -> list[PublishedTurn]:
    """Say of each turn who reports and how many jurors are there and may score it. 2 queries."""
    ours = {"district_id": session.district_id}
    there = set(Juror.objects.filter(**ours, session=session, checked_in_at__isnull=False).values_list("id", flat=True))
    out = set(Recusal.objects.filter(**ours, juror__session=session).values_list("turn_id", "juror_id"))
    return [
        PublishedTurn(str(turn.id), turn.organisation.name, sum((turn.id, juror) not in out for juror in there))
        for turn in turns
    ]
