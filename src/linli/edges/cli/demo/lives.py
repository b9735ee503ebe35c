"""What becomes of each story: who takes it on, how long it takes, what the reporter says. Plausible, and invented."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.cases.actions.loading import Born, LifeStep
from linli.cases.calc.deadlines import Allowance
from linli.cases.calc.default_workflow import REJECT_REASONS, RETURN_REASONS, SUSPEND_REASONS
from linli.cases.calc.workflow import DISSATISFIED
from linli.cases.choices import Action, Satisfaction, VerifiedBy
from linli.edges.cli.demo.rows import Story
from linli.edges.cli.demo.whistles import Whistler
from linli.registry.people.queries import Holder
from linli.support.calendar.calc import Budget, WorkingCalendar, allowance
from linli.support.calendar.choices import Timer

_ELAPSING = frozenset({Timer.URGENT_HOUR, Timer.NATURAL_DAY})
# Shares of cases, chosen to look like a district that works.
_REJECTED, _RETURNED, _SUSPENDED = 0.02, 0.07, 0.02
_ANSWERED_LATE, _SOLVED_LATE = 0.03, 0.04
_REPORTER_ANSWERS, _CALL_REACHES = 0.22, 0.62
_UNHAPPY, _BASICALLY, _SOLVED_THOUGH_UNHAPPY = 0.055, 0.13, 0.4


@dataclass(slots=True)
class Teller:
    """Tells lives one after the other, with its own chances: the same seed tells the same.

    above: finds who takes over at the level above, by (area path, level); owner: finds whom the dispatch catalogue
    names for a case; caller: finds who calls back there; whistler: tells which departments they call to their cases.
    """

    chance: random.Random
    calendar: WorkingCalendar
    as_of: datetime
    above: Callable[[str, str], Holder | None]
    owner: Callable[[Born], Holder | None]
    caller: Callable[[str], Holder | None]
    whistler: Whistler

    def tell(self, story: Story, born: Born) -> list[LifeStep]:
        """Tell the steps of a case up to the present, in order; what is still to come is left out."""
        steps: list[LifeStep] = []
        for step in self._steps(story, born):
            if step.at > self.as_of:
                break
            steps.append(step)
        return steps

    def _steps(self, story: Story, born: Born) -> Iterator[LifeStep]:
        case, rule = born.case, born.promised.rule
        holder = born.assigned.holder
        at = self._within(case.reported_at, rule.response, self._share(_ANSWERED_LATE))
        desk = self.above(case.area_path, "community")
        if holder is None:
            return
        if desk and self.chance.random() < _REJECTED:
            yield LifeStep(
                Action.REJECT, at, desk, reason=self.chance.choice(REJECT_REASONS), note=story.notes.returned
            )
            return
        if self.chance.random() < _RETURNED and case.level in {"grid", "community"}:
            above = self.above(case.area_path, case.level)
            if above is not None:
                reason = self.chance.choice(RETURN_REASONS)
                is_beyond = reason in self.whistler.workflow.catalogue_reasons
                to = (self.owner(born) if is_beyond else None) or above
                yield LifeStep(Action.RETURN, at, holder, reason=reason, note=story.notes.returned, to=to)
                at, holder = at + timedelta(minutes=self.chance.randint(20, 200)), to
        yield LifeStep(Action.ACCEPT, at, holder, note=story.notes.accepted)
        at = self._after(at, 10, 240)
        yield LifeStep(Action.HANDLE, at, holder, note=story.notes.arrived)
        for deed in self.whistler.tell(case.category, holder, at):
            yield deed
            at = deed.at
        if self.chance.random() < _SUSPENDED:
            at = self._after(at, 60, 600)
            back = at + timedelta(days=self.chance.randint(5, 60), minutes=self.chance.randint(0, 400))
            reason = self.chance.choice(SUSPEND_REASONS)
            yield LifeStep(Action.SUSPEND, at, holder, reason=reason, review_on=back.date())
            at = back
            yield LifeStep(Action.RESUME, at, holder)
            at = self._after(at, 60, 2000)
        else:
            done = self._within(case.reported_at, rule.solution, self._share(_SOLVED_LATE))
            at = max(done, self._after(at, 15, 90))
        yield LifeStep(Action.REPORT_BACK, at, holder, note=story.notes.handled)
        yield from self._verified(story, born, holder, at)

    def _verified(self, story: Story, born: Born, holder: Holder, at: datetime) -> Iterator[LifeStep]:
        """Tell how it was found out whether the problem is gone; the unhappy ones go one level up, once."""
        caller = self.caller(born.case.area_path)
        finding, at = self._finding(at, caller)
        if finding is None and not born.case.is_sampled:
            at += timedelta(days=7)
            yield self._verify(at, VerifiedBy.TIMEOUT, None, Satisfaction.UNKNOWN, is_reached=False)
            yield LifeStep(Action.CLOSE, at + timedelta(days=1), by_kind="system")
            return
        if finding is None:
            # Drawn for the sample: somebody has to go there.
            finding, at = (
                (VerifiedBy.VISIT, caller),
                self._after(at + timedelta(days=self.chance.randint(1, 5)), 0, 600),
            )
        method, who = finding
        if self.chance.random() < _UNHAPPY:
            above = self.above(born.case.area_path, holder.level) or holder
            yield self._verify(
                at,
                method,
                who,
                Satisfaction.DISSATISFIED,
                note=story.notes.dissatisfied,
                to=above,
                is_solved=self.chance.random() < _SOLVED_THOUGH_UNHAPPY,
            )
            at = self._after(at, 30, 600)
            yield LifeStep(Action.HANDLE, at, above, note=story.notes.arrived)
            at = self._after(at, 120, 3000)
            yield LifeStep(Action.REPORT_BACK, at, above, note=story.notes.handled)
            at = self._after(at, 60, 2000)
        liked = Satisfaction.BASICALLY if self.chance.random() < _BASICALLY else Satisfaction.SATISFIED
        yield self._verify(at, method, who, liked, note=story.notes.satisfied)
        yield LifeStep(Action.CLOSE, self._after(at, 20, 1200), caller, by_kind="staff" if caller else "system")

    def _finding(self, at: datetime, caller: Holder | None) -> tuple[tuple[VerifiedBy, Holder | None] | None, datetime]:
        luck = self.chance.random()
        if luck < _REPORTER_ANSWERS:
            return (VerifiedBy.REPORTER, None), self._after(at, 20, 2000)
        if caller and luck < _REPORTER_ANSWERS + _CALL_REACHES:
            method = VerifiedBy.VISIT if self.chance.random() < 0.2 else VerifiedBy.CALL  # noqa: PLR2004
            return (method, caller), self._after(at, 60, 2400)
        return None, at

    def _verify(
        self,
        at: datetime,
        method: VerifiedBy,
        who: Holder | None,
        liked: Satisfaction,
        *,
        note: str = "",
        to: Holder | None = None,
        is_reached: bool = True,
        is_solved: bool = True,
    ) -> LifeStep:
        kind = {VerifiedBy.REPORTER: "resident", VerifiedBy.TIMEOUT: "system"}.get(method, "staff")
        said = {
            "method": method.value,
            "effective": is_reached,
            "contacted": self.chance.random() > 0.02,  # noqa: PLR2004
            "solved": is_solved,
            "satisfaction": liked.value,
            "subject": "solution",
        }
        outcome = DISSATISFIED if liked is Satisfaction.DISSATISFIED else ""
        return LifeStep(Action.VERIFY, at, who, by_kind=kind, note=note, outcome=outcome, to=to, data=said)

    def _share(self, late: float) -> float:
        """Choose how much of the time given is used: mostly a third, rarely more than all of it."""
        if self.chance.random() < late:
            return self.chance.uniform(1.02, 2.2)
        return min(self.chance.lognormvariate(-1.25, 0.6), 0.97)

    def _within(self, start: datetime, given: Allowance, share: float) -> datetime:
        """Find the instant at which that share of the time given is used up, on the clock it is counted by."""
        timer = Timer(given.timer)
        time = allowance(self.calendar, Budget(timer, given.amount)) * share
        if timer in _ELAPSING:
            return start + time
        return self.calendar.instant_worked(self.calendar.worked_us(start) + int(time / timedelta(microseconds=1)))

    def _after(self, at: datetime, least: int, most: int) -> datetime:
        """Wait so many minutes, and until people work again."""
        later = at + timedelta(minutes=self.chance.uniform(least, most))
        return (
            later
            if self.calendar.is_working(later)
            else self.calendar.instant_worked(
                self.calendar.worked_us(later) + self.chance.randint(60, 3600) * 1_000_000
            )
        )
