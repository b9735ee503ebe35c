"""What the worker does for cases by the clock: deliver messages, verify and close what waited long enough."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.cases.actions.asking_time import lapse_time_requests
from linli.cases.actions.climbing import climb
from linli.cases.actions.keeping import keep_days
from linli.cases.actions.learning import learn_from_closed
from linli.cases.actions.recording import FACTS
from linli.cases.actions.resuming import remind_of_holds, resume_due
from linli.cases.actions.supervising import miss_supervisions
from linli.cases.actions.telling_reporters import tell_reporters
from linli.cases.actions.telling_systems import tell_systems
from linli.cases.actions.verifying import verify_by_timeout
from linli.ledger.commands.actions import Message, deliver_pending, forget_commands, forget_delivered
from linli.registry.people.queries import people_of
from linli.registry.territory.queries import served_districts
from linli.support.notices.actions import forget_notices, notify
from linli.support.notices.actions.systems import call_systems

# Whoever has the case is told of these; the other steps they take themselves.
_TOLD = frozenset(
    {
        "case.opened",
        "case.dispatched",
        "case.returned",
        "case.transferred",
        "case.reopened",
        "case.resumed",
        "case.verified",
        "case.joined",
        "case.recategorised",
        "case.handed_over",
        "case.merged",
        "case.unmerged",
        "case.warned",
        "case.escalated",
        "case.disputed",
        "case.dispute_upheld",
        "case.dispute_refused",
        "case.whistled",
        "case.reported_in",
        "case.opinion_given",
        "case.help_evaluated",
        "case.lead_changed",
        "case.whistle_taken_back",
        "case.time_asked",
        "case.time_granted",
        "case.time_refused",
        "case.time_lapsed",
        "case.hold_reminded",
        "case.supervised",
        "case.supervision_answered",
        "case.supervision_closed",
        "case.supervision_called_off",
        "case.card_given",
        "case.card_upheld",
        "case.card_taken_back",
    }
)


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="deliver_messages")
def deliver_messages(timestamp: int) -> int:
    """Deliver what the outbox holds, every five seconds. timestamp: the moment it is for, by the worker."""
    del timestamp
    handlers = dict.fromkeys(FACTS.values(), _tell)
    return sum(deliver_pending(district_id=code, handlers=handlers, at=timezone.now()) for code in served_districts())


@app.periodic(cron="* * * * * */2")
@app.task(queueing_lock="tell_systems")
def tell_systems_everywhere(timestamp: int) -> int:
    """Tell other systems what happened since, every two seconds: queue it, and call them where there is any."""
    del timestamp
    told = {code: tell_systems(district_id=code, at=timezone.now()) for code in served_districts()}
    for code, count in told.items():
        if count:
            call_systems(district_id=code, at=timezone.now())
    return sum(told.values())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="verify_waiting_cases")
def verify_waiting_cases(timestamp: int) -> int:
    """Verify and close what waited long enough, district by district."""
    del timestamp
    return sum(verify_by_timeout(district_id=code, at=timezone.now()) for code in served_districts())


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="resume_due_cases")
def resume_due_cases(timestamp: int) -> int:
    """Let cases on hold come back on their day, every hour, and tell of the days that come."""
    del timestamp
    at = timezone.now()
    return sum(resume_due(district_id=code, at=at) + remind_of_holds(district_id=code, at=at)
               for code in served_districts())  # fmt: skip


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="end_what_nobody_answered")
def end_what_nobody_answered(timestamp: int) -> int:
    """Let requests for time lapse, and give cards for supervisions that nobody answered, district by district."""
    del timestamp
    at = timezone.now()
    return sum(lapse_time_requests(district_id=code, at=at) + miss_supervisions(district_id=code, at=at)
               for code in served_districts())  # fmt: skip


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="climb_ladders")
def climb_ladders(timestamp: int) -> int:
    """Warn before deadlines and name the next one up after them, district by district."""
    del timestamp
    return sum(climb(district_id=code, at=timezone.now()) for code in served_districts())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="keep_days_of_the_board")
def keep_days_of_the_board(timestamp: int) -> int:
    """Keep each day that is over, district by district: soon after midnight, and after a sheet was taken in."""
    del timestamp
    return sum(keep_days(district_id=code, at=timezone.now()) for code in served_districts())


@app.periodic(cron="40 4 * * *")
@app.task(queueing_lock="learn_from_closed_cases")
def learn_from_closed_cases(timestamp: int) -> int:
    """Learn anew from closed cases, district by district, where a week is over; after the night's wiping."""
    del timestamp
    return sum(learn_from_closed(district_id=code, at=timezone.now()) for code in served_districts())


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget_old_rows")
def forget_old_rows(timestamp: int) -> None:
    """Wipe delivered messages, old idempotency keys and read notices, every night."""
    del timestamp
    at = timezone.now()
    for code in served_districts():
        forget_delivered(district_id=code, at=at)
        forget_commands(district_id=code, at=at)
        forget_notices(district_id=code, at=at)


def _tell(message: Message) -> None:
    """Tell the holder of the case, or its organisation's people where no post has it, and who is named beside."""
    tell_reporters(
        district_id=message.district_id,
        kind=message.kind,
        case_id=message.subject_id,
        message_id=message.id,
        at=message.created_at,
    )
    if message.kind not in _TOLD:
        return
    post, organisation, person = (str(message.data.get(name, "")) for name in ("post", "organisation", "person"))
    people = people_of(
        district_id=message.district_id,
        post_id=UUID(post) if post else None,
        organisation_id=UUID(organisation) if organisation else None,
        on=timezone.localdate(message.created_at),
    )
    notify(
        district_id=message.district_id,
        people={*people, UUID(person)} if person else people,
        message_id=message.id,
        kind=message.kind,
        subject_id=message.subject_id,
        at=message.created_at,
        organisation_id=UUID(organisation) if organisation else None,
    )
