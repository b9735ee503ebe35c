"""What was done on a phone without a network, carried out once it comes in: each deed once, in its phone's order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.actions.repeating import Command, once
from linli.cases.actions.stepping import Actor, Step, lock_case, take_step
from linli.cases.choices import Action
from linli.cases.errors import DeedTooEarly
from linli.kernel.errors import PreconditionFailed
from linli.ledger.commands.queries import was_claimed

# What commutes with everything others do meanwhile, so it is never out of date.
_ALWAYS = frozenset({Action.NOTE})


@dataclass(frozen=True, slots=True)
class PhoneStep:
    """A step as a phone sends it.

    done_at: by the phone's clock, which anybody may set; it stands in the history and moves no deadline. seen_state:
    where the case stood on the phone; another one there now is a conflict. after: key of the step before it on the same
    case, still on its way when this one was taken; "" for none.
    """

    step: Step
    seen_state: str
    done_at: datetime
    after: str = ""


@transaction.atomic
def replay_step(
    *, command: Command, case_id: UUID, told: PhoneStep, photos: Callable[[], tuple[UUID, ...]], by: Actor, at: datetime
) -> bool:
    """Take a step taken on a phone; tells whether it was taken now. 2 queries more than `take_step`, 3 with after.

    photos: keeps what came along and gives the ids; asked only where the step is taken.
    Raises DeedTooEarly (its predecessor is not here yet: send it again later), PreconditionFailed (the case stands
    elsewhere than the phone saw) and whatever `take_step` raises; then nothing is written and the key is free again.
    """
    if told.after and not was_claimed(district_id=command.district_id, caller=command.caller, key=told.after):
        raise DeedTooEarly("deed_too_early")

    def act() -> None:
        case = lock_case(district_id=command.district_id, case_id=case_id, by=by)
        if told.step.action not in _ALWAYS and told.seen_state != case.state:
            raise PreconditionFailed("case_moved_on", params={"state": case.state})
        step = replace(
            told.step, version=case.version, file_ids=photos(),
            data={**told.step.data, "done_at": told.done_at.isoformat()},
        )  # fmt: skip
        take_step(district_id=command.district_id, case_id=case_id, step=step, by=by, at=at)

    return once(command=command, of=case_id, act=act, at=at)
