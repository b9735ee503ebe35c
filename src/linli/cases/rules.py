"""Who may see a case and who may take which step, with the reason."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet

from linli.cases.calc.workflow import HOLDER, Transition
from linli.cases.choices import Action
from linli.cases.models import Case, CaseStep, Dispute, WhistleCall
from linli.kernel.decision import Decision, allowed, denied
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.queries import Holder
from linli.registry.people.rules import HeldPost, Viewer, may, may_somewhere


def may_report(viewer: Viewer, *, district_id: str) -> Decision:
    """Say whether a viewer may enter reports of a district: anywhere in it, whatever the posts' areas."""
    if viewer.is_known and viewer.district_id != district_id:
        return denied("other_district")
    return may_somewhere(viewer, Verb.REPORT)


def inside(area_path: str) -> Q:
    """Give the filter for matters in an area and below, as one range of the index.

    Paths are digits and "/", and "0" comes right after "/": this is the area and whatever begins with "path/".
    """
    return Q(area_path__gte=area_path, area_path__lt=f"{area_path}0")


def may_see_case(viewer: Viewer, case: Case) -> Decision:
    """Say whether a viewer may read a case; the same answer as `visible_to`, case by case.

    Who took part in it goes on seeing it, and so does an office called to it. At most 2 queries, and only if posts do
    not cover it.
    """
    if not viewer.is_known or viewer.district_id != case.district_id:
        return denied("not_in_this_district")
    if case.opened_by == viewer.person_id:
        return allowed("opened_it")
    if case.post_id in {post.post_id for post in viewer.posts}:
        return allowed("holds_it")
    decision = may(
        viewer,
        Verb.SEE_CASES,
        district_id=case.district_id,
        area_path=case.area_path,
        organisation_id=case.organisation_id,
    )
    if decision:
        return decision
    if case.answerable_organisation_id in viewer.organisations_with(Verb.SEE_CASES):
        return allowed("answers_for_it")
    if steps_of(viewer).filter(case_id=case.id).exists():
        return allowed("took_part")
    if calls_of(viewer).filter(case_id=case.id).exists():
        return allowed("was_called")
    return decision


def visible_to(viewer: Viewer, *, first: int | None = None, before: UUID | None = None) -> Q:
    """Give the filter that every list, count, map, export and stream of cases passes.

    first, before: for so many of the newest cases older than one, asked for by nothing else, among which no more can
    be that somebody took a step in; that saves reading all steps that a person ever took.
    """
    if not viewer.is_known:
        return Q(pk__in=[])
    reached = _reached(viewer, Verb.SEE_CASES)
    if reached is None:
        return _all_of(viewer)
    seen = Q(opened_by=viewer.person_id) | Q(post_id__in=[post.post_id for post in viewer.posts])
    if organisations := viewer.organisations_with(Verb.SEE_CASES):
        seen |= Q(answerable_organisation_id__in=organisations)
    # For who reaches little, each of these has an index, and their rows are joined before anything is sorted.
    return _all_of(viewer) & (reached | seen | _took_part(viewer, first, before) | _was_called(viewer, first, before))


def steps_of(viewer: Viewer) -> QuerySet[CaseStep]:
    """Give the query of the steps somebody took; whatever case they are of, that person may see it.

    Who handed a post's work over unseen took part in none of it.
    """
    taken = CaseStep.objects.filter(district_id=viewer.district_id, by_person=viewer.person_id)
    return taken.exclude(action=Action.HAND_OVER)


def _took_part(viewer: Viewer, first: int | None, before: UUID | None) -> Q:
    """Give the filter for cases in which somebody took a step.

    Said twice: asked row by row, PostgreSQL looks into a hash of the first and never at the second, a list that it
    would go through for each row; to find the rows by an index, it needs the list.
    """
    return _among(steps_of(viewer), first, before)


def _among(rows: QuerySet[Any], first: int | None, before: UUID | None) -> Q:
    ids = rows.values("case_id")
    if first is not None:
        ids = (ids.filter(case_id__lt=before) if before else ids).order_by("-case_id").distinct()[:first]
        return Q(pk__in=ids) & Q(pk__among=ArraySubquery(ids))
    return Q(pk__in=ids) & Q(pk__among=ArraySubquery(ids.order_by("case_id").distinct()))


def calls_of(viewer: Viewer) -> QuerySet[WhistleCall]:
    """Give the query of the calls to offices where the viewer works on cases; whatever case they are of may be seen.

    A call that was taken back shows nothing any more, unless the office had reported in.
    """
    calls = WhistleCall.objects.filter(district_id=viewer.district_id, organisation_id__in=works_for(viewer))
    return calls.filter(Q(taken_back_at=None) | Q(reported_in_at__isnull=False))


def works_for(viewer: Viewer) -> list[UUID]:
    """List the organisations in which the viewer works on cases, whatever the area."""
    posts = viewer.posts_with(Verb.WORK_CASES)
    return sorted({id_ for post in posts for id_ in (post.organisation_id, *post.organisation_ids)})


def _was_called(viewer: Viewer, first: int | None, before: UUID | None) -> Q:
    """Give the filter for cases to which the viewer's office was called; said twice for the reason of `_took_part`."""
    return _among(calls_of(viewer), first, before) if works_for(viewer) else Q(pk__in=[])


def may_dispute(viewer: Viewer, case: Case) -> Decision:
    """Say whether a viewer may say that a case is not theirs: who has it."""
    return allowed("holds_it") if is_holder(viewer, case) else denied("case_is_others")


def may_withdraw(viewer: Viewer, dispute: Dispute) -> Decision:
    """Say whether a viewer may take a dispute back: the office that raised it."""
    if dispute.organisation_id in works_for(viewer):
        return allowed("raised_it")
    return denied("dispute_is_others")


def may_decide(viewer: Viewer, case: Case, dispute: Dispute) -> Decision:
    """Say whether a viewer may decide a dispute: the post above, or who dispatches in its office; never one's own."""
    if dispute.raised_by == viewer.person_id:
        return denied("own_dispute")
    for post in viewer.posts:
        if post.post_id == dispute.judge_post_id:
            return allowed("is_above")
        is_colleague = post.organisation_id == dispute.judge_id and Verb.DISPATCH in post.verbs
        if is_colleague and post.covers(area_path=case.area_path, organisation_id=case.organisation_id):
            return allowed("is_above")
    return denied("dispute_is_above")


def disputes_to_decide(viewer: Viewer) -> Q:
    """Give the filter of open disputes that wait for this viewer: the same answer as `may_decide`, as rows."""
    mine = Q(judge_post_id__in=[post.post_id for post in viewer.posts])
    for post in viewer.posts_with(Verb.DISPATCH):
        own = Q(judge_id=post.organisation_id)
        if post.organisation_ids:
            mine |= own & Q(case__organisation_id__in=post.organisation_ids)
        elif post.reach == Reach.AREA:
            path = post.area_path
            mine |= own & Q(case__area_path__gte=path, case__area_path__lt=f"{path}0")
    return mine & Q(district_id=viewer.district_id, decided_at=None) & ~Q(raised_by=viewer.person_id)


def may_whistle(viewer: Viewer, case: Case) -> Decision:
    """Say whether a viewer may call departments to a case: who has it, and who may dispatch there."""
    if is_holder(viewer, case):
        return allowed("holds_it")
    return may(
        viewer, Verb.DISPATCH, district_id=case.district_id, area_path=case.area_path,
        organisation_id=case.organisation_id,
    )  # fmt: skip


def may_recategorise(viewer: Viewer, case: Case) -> Decision:
    """Say whether a viewer may correct the category of a case: who has it, and who may dispatch there."""
    if is_holder(viewer, case):
        return allowed("holds_it")
    decision = may(
        viewer, Verb.DISPATCH, district_id=case.district_id, area_path=case.area_path,
        organisation_id=case.organisation_id,
    )  # fmt: skip
    return decision or denied("step_is_others", action=Action.RECATEGORISE, by=f"{HOLDER}, {Verb.DISPATCH}")


def may_answer_call(viewer: Viewer, call: WhistleCall) -> Decision:
    """Say whether a viewer may report in and give an opinion: who works on cases in the office that was called."""
    if call.organisation_id in works_for(viewer):
        return allowed("was_called")
    return denied("call_is_others")


def may_lead_calls(viewer: Viewer, call: WhistleCall) -> Decision:
    """Say whether a viewer may evaluate, take back and change the lead: who works in the office that called."""
    posts = (*viewer.posts_with(Verb.WORK_CASES), *viewer.posts_with(Verb.DISPATCH))
    if call.caller_id in {id_ for post in posts for id_ in (post.organisation_id, *post.organisation_ids)}:
        return allowed("called_them")
    return denied("calls_are_others")


def may_evaluate_call(viewer: Viewer, call: WhistleCall) -> Decision:
    """Say whether a viewer may evaluate one that was called: as `may_lead_calls`, but nobody their own office."""
    if call.organisation_id in {post.organisation_id for post in viewer.posts}:
        return denied("own_office")
    return may_lead_calls(viewer, call)


def within_reach(viewer: Viewer, verb: Verb) -> Q:
    """Give the filter for matters that a verb reaches."""
    reached = _reached(viewer, verb)
    return _all_of(viewer) if reached is None else reached & _all_of(viewer)


def _reached(viewer: Viewer, verb: Verb) -> Q | None:
    """Give the filter for what a verb reaches within the viewer's district; None for all of it.

    The district is not said here again: PostgreSQL takes each saying for one more filter, and area paths, which begin
    with it, for a tenth of what they hold.
    """
    reached = Q(pk__in=[])
    for post in viewer.posts_with(verb):
        if post.organisation_ids:
            reached |= Q(organisation_id__in=post.organisation_ids)
        elif post.reach == Reach.AREA:
            if post.area_path == viewer.district_id:
                return None
            reached |= inside(post.area_path)
    return reached


def sees_all(viewer: Viewer) -> bool:
    """Whether a viewer sees all cases of the district."""
    return _reached(viewer, Verb.SEE_CASES) is None


def _all_of(viewer: Viewer) -> Q:
    """Give the filter for all of a district: every path in it begins with its code."""
    return Q(district_id=viewer.district_id)


def own_views(viewer: Viewer) -> Q:
    """Give the filter for saved views: each person's own, nobody else's, whatever the posts."""
    return Q(district_id=viewer.district_id, person_id=viewer.person_id) if viewer.is_known else Q(pk__in=[])


def may_keep_views(viewer: Viewer) -> Decision:
    """Say whether a viewer may keep views: whoever is signed in, for a view shows nothing by itself."""
    return allowed("signed_in") if viewer.is_known else denied("not_signed_in")


def held_by(viewer: Viewer) -> Q:
    """Give the filter for cases that wait for this person: their post's, or their organisation's within reach."""
    held = Q(post_id__in=[post.post_id for post in viewer.posts])
    for post in viewer.posts_with(Verb.WORK_CASES):
        own = Q(organisation_id=post.organisation_id, post_id=None)
        if post.organisation_ids:
            held |= own
        elif post.reach == Reach.AREA:
            held |= own & inside(post.area_path)
    return held & Q(district_id=viewer.district_id)


def is_holder(viewer: Viewer, case: Case) -> bool:
    """Whether the case is in this person's hands: by post, or as a colleague in the organisation that has it."""
    for post in viewer.posts_with(Verb.WORK_CASES):
        if post.post_id == case.post_id:
            return True
        is_colleague = post.organisation_id == case.organisation_id
        if is_colleague and post.covers(area_path=case.area_path, organisation_id=case.organisation_id):
            return True
    return False


def may_merge(viewer: Viewer, case: Case) -> Decision:
    """Say whether a viewer may merge a case, or have another merged into it: who has it, or may dispatch there.

    Asked of both; who takes one out again is asked for that one.
    """
    if is_holder(viewer, case):
        return allowed("holds_it")
    decision = may(
        viewer, Verb.DISPATCH, district_id=case.district_id, area_path=case.area_path,
        organisation_id=case.organisation_id,
    )  # fmt: skip
    return decision or denied("merge_is_others", number=case.number)


def may_read_door(viewer: Viewer, case: Case) -> Decision:
    """Say whether a viewer may read what comes after the building: who has to go there, and who may see contacts."""
    if is_holder(viewer, case):
        return allowed("holds_it")
    return may(
        viewer, Verb.SEE_CONTACTS, district_id=case.district_id, area_path=case.area_path,
        organisation_id=case.organisation_id,
    )  # fmt: skip


def may_read_doors(viewer: Viewer) -> Decision:
    """Say whether a viewer may read doors somewhere."""
    return may_somewhere(viewer, Verb.WORK_CASES) or may_somewhere(viewer, Verb.SEE_CONTACTS)


def doors_read_by(viewer: Viewer) -> Q:
    """Give the filter of cases whose doors a viewer may read: the same answer as `may_read_door`, as rows."""
    posts = viewer.posts_with(Verb.WORK_CASES)
    held = Q(post_id__in=[post.post_id for post in posts])
    for post in posts:
        of_colleagues = Q(organisation_id=post.organisation_id)
        if post.organisation_ids:
            held |= of_colleagues
        elif post.reach == Reach.AREA:
            held |= of_colleagues & inside(post.area_path)
    return (held & _all_of(viewer)) | within_reach(viewer, Verb.SEE_CONTACTS)


def may_count_work(viewer: Viewer, *, area_path: str, organisation_id: UUID | None) -> Decision:
    """Say whether a viewer may know how many open cases a post there has: who manages posts there."""
    return may(
        viewer, Verb.MANAGE_POSTS, district_id=viewer.district_id, area_path=area_path, organisation_id=organisation_id
    )


def may_hand_over(viewer: Viewer, *, area_path: str, organisation_id: UUID | None, to: Holder) -> Decision:
    """Say whether a viewer may hand over a post's work: who manages posts there, and not to oneself."""
    decision = may_count_work(viewer, area_path=area_path, organisation_id=organisation_id)
    if decision and to.person_id == viewer.person_id:
        return denied("own_rights")
    return decision


def post_behind(viewer: Viewer, case: Case) -> HeldPost | None:
    """Tell as which post a viewer acts on a case: the one that has it, else the first that reaches it. No query."""
    having = (post for post in viewer.posts if post.post_id == case.post_id)
    reaching = (
        post for post in viewer.posts
        if post.covers(area_path=case.area_path, organisation_id=case.organisation_id)
    )  # fmt: skip
    return next(having, None) or next(reaching, None) or next(iter(viewer.posts), None)


def may_take(viewer: Viewer, case: Case, transition: Transition) -> Decision:
    """Say whether a viewer may take a step of the table on a case. No query."""
    for who in transition.by:
        if who == HOLDER:
            if is_holder(viewer, case):
                return allowed("holds_it")
        elif who in set(Verb):
            decision = may(
                viewer,
                Verb(who),
                district_id=case.district_id,
                area_path=case.area_path,
                organisation_id=case.organisation_id,
            )
            if decision:
                return decision
    return denied("step_is_others", action=transition.action, by=", ".join(transition.by))


def may_decide_time(viewer: Viewer, *, to_post: UUID, asked_by: UUID | None, above: Sequence[UUID]) -> Decision:
    """Say whether a viewer may decide on time that was asked for: whoever was asked or stands above; never who asked.

    above: the posts above the case.
    """
    if viewer.person_id == asked_by:
        return denied("own_request")
    if {to_post, *above} & {post.post_id for post in viewer.posts}:
        return allowed("stands_above")
    return denied("step_is_others", action="decide", by="above")


def may_supervise(viewer: Viewer, case: Case, *, organisation_id: UUID | None = None) -> Decision:
    """Say whether a viewer may watch over a case: who has a cockpit there, and is not of the organisation that has it.

    organisation_id: the one that is watched, if it is no more the one that has the case.
    """
    watched = organisation_id or case.organisation_id
    if watched in {post.organisation_id for post in viewer.posts}:
        return denied("own_organisation")
    return may(
        viewer, Verb.SEE_COCKPIT, district_id=case.district_id, area_path=case.area_path, organisation_id=watched
    )


def may_answer_supervision(viewer: Viewer, case: Case, *, organisation_id: UUID) -> Decision:
    """Say whether a viewer may answer for an organisation: who works on cases in it, within reach of this one."""
    for post in viewer.posts_with(Verb.WORK_CASES):
        is_there = post.covers(area_path=case.area_path, organisation_id=organisation_id)
        if post.organisation_id == organisation_id and is_there:
            return allowed("of_that_organisation")
    return denied("not_of_that_organisation")
