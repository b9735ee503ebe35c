"""Beginning a programme, changing its rules, saying which organisations can be drawn in it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from linli.kernel.decision import Decision
from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.reviews.calc.checks import check_rules
from linli.oversight.reviews.calc.policies import MONTHS, Group, why_impossible
from linli.oversight.reviews.calc.programme import ProgrammeRules, read_rules, write_rules
from linli.oversight.reviews.calc.tickets import Rule
from linli.oversight.reviews.choices import ReviewLevel
from linli.oversight.reviews.errors import PolicyImpossible
from linli.oversight.reviews.models import Member, Programme, ProgrammeBook, Session
from linli.oversight.reviews.rules import may_run_reviews
from linli.registry.orgs.queries import get_organisation
from linli.registry.people.rules import Viewer

May = Callable[..., Decision]
LONGEST_REASON = 200
_DAY = timedelta(days=1)


@transaction.atomic
def make_programme(
    *, code: str, name: str, level: ReviewLevel, organisation_id: UUID, rules: ProgrammeRules, by: Viewer,
    source_ip: str, at: datetime,
) -> UUID:  # fmt: skip
    """Begin a programme of an organisation with its first rules. Returns its id; a code that is there is a Conflict.

    6 queries; a fact and an audit line. Raises NotFound, InvalidInput, NotAllowed, Conflict.
    """
    check_rules(rules)
    organisation = get_organisation(
        district_id=by.district_id, organisation_id=organisation_id, on=timezone.localdate(at)
    )
    if organisation is None:
        raise NotFound("no_such_organisation", field="organisation")
    may_run_reviews(by, district_id=by.district_id, area_path=organisation.area_path).require()
    if not code.strip() or not name.strip():
        raise InvalidInput("name_missing", field="name")
    if Programme.objects.filter(district_id=by.district_id, code=code).exists():
        raise Conflict("programme_there_already", field="code")
    programme = Programme.objects.create(
        id=new_id(), district_id=by.district_id, code=code.strip(), name=name.strip(), level=level,
        organisation_id=organisation_id,
    )  # fmt: skip
    _write_book(programme, rules, number=1, reason="", by=by, source_ip=source_ip, at=at)
    return programme.id


@transaction.atomic
def begin_programme(
    *, code: str, name: str, level: ReviewLevel, organisation_id: UUID, rules: ProgrammeRules,
    strata: Mapping[UUID, str], by: Viewer, source_ip: str, on: date, at: datetime,
) -> UUID:  # fmt: skip
    """Begin a programme with its rules and who can be drawn from a day on, all or nothing. Returns its id.

    13 queries. Raises as make_programme and set_members; InvalidInput("nobody_to_draw") where there are fewer
    organisations in a group than are drawn of it.
    """
    for stratum in rules.strata:
        if sum(1 for each in strata.values() if each == stratum.id) < stratum.take:
            raise InvalidInput("nobody_to_draw", field="strata", params={"group": stratum.name})
    programme_id = make_programme(code=code, name=name, level=level, organisation_id=organisation_id, rules=rules,
                                  by=by, source_ip=source_ip, at=at)  # fmt: skip
    set_members(programme_id=programme_id, strata=strata, by=by, source_ip=source_ip, on=on, at=at)
    return programme_id


@transaction.atomic
def save_rules(
    *, programme_id: UUID, rules: ProgrammeRules, seen: int, reason: str, by: Viewer, source_ip: str, at: datetime
) -> int:
    """Write the next version of a programme's rules. seen: the version they were made from. Returns its number.

    The same rules again write nothing. What was committed or opened by an older version keeps it; sessions to come get
    its way of voting. 6 queries; a fact and an audit line. Locks the programme. Raises NotFound, InvalidInput,
    NotAllowed, Conflict("rules_moved_on").
    """
    check_rules(rules)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidInput("reason_missing", field="reason")
    programme = lock_programme(programme_id, by)
    newest = newest_book(programme)
    if newest.number != seen:
        raise Conflict("rules_moved_on", params={"number": newest.number})
    if read_rules(newest.content) == rules:
        return newest.number
    _require_possible(programme, rules)
    to_come = Session.objects.filter(district_id=by.district_id, programme=programme, book__isnull=True)
    to_come.update(ballot_mode=rules.ballot_mode)
    return _write_book(programme, rules, number=seen + 1, reason=reason.strip(), by=by, source_ip=source_ip, at=at)


@transaction.atomic
def set_members(
    *, programme_id: UUID, strata: Mapping[UUID, str], merged: Mapping[UUID, tuple[str, ...]] | None = None,
    by: Viewer, source_ip: str, on: date, at: datetime,
) -> tuple[int, int]:  # fmt: skip
    """Say which organisations can be drawn from a day on, and in which stratum; others end the day before.

    merged: codes of organisations whose tickets one inherits. Returns how many came and how many went; who changes
    stratum does both. 7 queries; a fact and an audit line. Locks the programme. Raises NotFound, InvalidInput,
    NotAllowed, PolicyImpossible where the programme's rule of choosing can't be kept with them.
    """
    programme = lock_programme(programme_id, by)
    rules = read_rules(newest_book(programme).content)
    if not set(strata.values()) <= {stratum.id for stratum in rules.strata}:
        raise InvalidInput("unknown_stratum", field="stratum")
    held = Member.objects.filter(district_id=by.district_id, programme=programme, ends_on__isnull=True)
    before = {member.organisation_id: member for member in held.order_by("id")}
    gone = [member for id_, member in before.items() if strata.get(id_) != member.stratum]
    come = [id_ for id_, stratum in strata.items() if id_ not in before or before[id_].stratum != stratum]
    held.filter(id__in=[member.id for member in gone], starts_on__lt=on).update(ends_on=on - _DAY)
    held.filter(id__in=[member.id for member in gone], starts_on__gte=on).delete()
    Member.objects.bulk_create(
        Member(id=new_id(), district_id=by.district_id, programme=programme, organisation_id=id_, stratum=strata[id_],
               starts_on=on, merged_from=list((merged or {}).get(id_, ())))
        for id_ in come
    )  # fmt: skip
    if come or gone:
        _require_possible(programme, rules)
        counts: dict[str, object] = {"came": len(come), "went": len(gone)}
        _tell(programme, "review_programme.members_set", by, source_ip, at, counts)
    return len(come), len(gone)


@transaction.atomic
def add_member(
    *, programme_id: UUID, organisation_id: UUID, stratum: str, merged_from: Sequence[str], by: Viewer, source_ip: str,
    on: date, at: datetime,
) -> None:  # fmt: skip
    """Let an organisation be drawn from a day on, in a stratum. merged_from: names or codes of those it came out of.

    In that stratum already, nothing changes. 11 queries; a fact and an audit line. Locks the programme. Raises as
    `set_members`, and InvalidInput("unknown_member") for a code that was never on the list.
    """
    programme = lock_programme(programme_id, by)
    ever = Member.objects.filter(district_id=by.district_id, programme=programme)
    named = ever.filter(Q(organisation__code__in=merged_from) | Q(organisation__name__in=merged_from)).order_by("id")
    known = {word: code for code, name in named.values_list("organisation__code", "organisation__name")
             for word in (code, name)}  # fmt: skip
    if unknown := next((word for word in merged_from if word not in known), ""):
        raise InvalidInput("unknown_member", field="merged", params={"code": unknown})
    strata, codes = _strata_of(programme) | {organisation_id: stratum}, tuple(known[word] for word in merged_from)
    set_members(programme_id=programme_id, strata=strata, merged={organisation_id: codes}, by=by, source_ip=source_ip,
                on=on, at=at)  # fmt: skip


@transaction.atomic
def remove_member(
    *, programme_id: UUID, organisation_id: UUID, by: Viewer, source_ip: str, on: date, at: datetime
) -> None:
    """Let an organisation be drawn no more from a day on; what is frozen keeps it. 9 queries; a fact, an audit line.

    Twice is once. Locks the programme. Raises as `set_members`.
    """
    programme = lock_programme(programme_id, by)
    strata = _strata_of(programme)
    strata.pop(organisation_id, None)
    set_members(programme_id=programme_id, strata=strata, by=by, source_ip=source_ip, on=on, at=at)


@transaction.atomic
def set_public(*, programme_id: UUID, is_public: bool, by: Viewer, source_ip: str, at: datetime) -> None:
    """Say whether records of draws and published ballots are seen outside the district too.

    Twice is once. 4 queries; a fact and an audit line. Locks the programme. Raises NotFound, NotAllowed.
    """
    programme = lock_programme(programme_id, by)
    if programme.is_public == is_public:
        return
    programme.is_public = is_public
    programme.save(update_fields=["is_public"])
    _tell(
        programme, "review_programme.opened_up" if is_public else "review_programme.closed_off", by, source_ip, at, {}
    )


def lock_programme(programme_id: UUID, by: Viewer, may: May = may_run_reviews) -> Programme:
    """Lock a programme for somebody who runs it, or may what is asked. 1 query. Raises NotFound, NotAllowed."""
    found = Programme.objects.select_for_update(of=("self",)).select_related("organisation__area")
    programme = found.filter(district_id=by.district_id, id=programme_id).first()
    if programme is None:
        raise NotFound("no_such_programme")
    area_path = programme.organisation.area.path
    may(by, district_id=programme.district_id, area_path=area_path).require()
    return programme


def _strata_of(programme: Programme) -> dict[UUID, str]:
    held = Member.objects.filter(district_id=programme.district_id, programme=programme, ends_on__isnull=True)
    return dict(held.order_by("id").values_list("organisation_id", "stratum"))


def newest_book(programme: Programme) -> ProgrammeBook:
    """Read a programme's rules in force. 1 query."""
    return programme.books.filter(district_id=programme.district_id).order_by("-number")[:1].get()


def _require_possible(programme: Programme, rules: ProgrammeRules) -> None:
    """Refuse a rule of choosing that can't be kept with who can be drawn now. 1 query. Raises PolicyImpossible."""
    held = Member.objects.filter(district_id=programme.district_id, programme=programme, ends_on__isnull=True)
    sizes = Counter(held.order_by("id").values_list("stratum", flat=True))
    groups = [Group(each.id, sizes[each.id], each.take) for each in rules.strata if sizes[each.id]]
    rule = Rule(rules.policy.kind, rules.policy.ticket_cap, rules.policy.cooldown)
    if (why := why_impossible(rule, groups, draws_a_year=MONTHS)) is not None:
        name = next((each.name for each in rules.strata if each.id == why.group), "")
        params: dict[str, str | int] = {"stratum": name, "why": why.code, "most": why.most}
        raise PolicyImpossible("policy_impossible", field="policy", params=params)


def _write_book(
    programme: Programme, rules: ProgrammeRules, *, number: int, reason: str, by: Viewer, source_ip: str, at: datetime
) -> int:
    ProgrammeBook.objects.create(
        id=new_id(), district_id=programme.district_id, programme=programme, number=number,
        content=write_rules(rules), made_at=at, made_by=by.person_id, reason=reason,
    )  # fmt: skip
    _tell(programme, "review_programme.rules_saved", by, source_ip, at, {"number": number})
    return number


def _tell(programme: Programme, kind: str, by: Viewer, source_ip: str, at: datetime, data: dict[str, object]) -> None:
    record(district_id=programme.district_id, kind=kind, subject_id=programme.id, at=at, actor_id=by.person_id,
           organisation_id=programme.organisation_id, data=data)  # fmt: skip
    write_line(district_id=programme.district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=by.person_id,
               object_kind="review_programme", object_id=str(programme.id), source_ip=source_ip,
               data={"did": kind.rpartition(".")[2], **data})  # fmt: skip
