"""Who may answer what people ask about their data: whoever may both dispatch and see contacts where the case lies."""

from uuid import UUID

from django.db.models import Q

from linli.kernel.decision import Decision, denied
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import HeldPost, Viewer, may, may_somewhere


def may_answer(viewer: Viewer, *, district_id: str, area_path: str, organisation_id: UUID | None) -> Decision:
    """Say whether a viewer may see and answer what was asked about a case there; `answerable` as rows."""
    decision = may(viewer, Verb.DISPATCH, district_id=district_id, area_path=area_path, organisation_id=organisation_id)
    if not decision:
        return decision
    if any(post.covers(area_path=area_path, organisation_id=organisation_id) for post in answering_posts(viewer)):
        return decision
    return denied("no_post_allows", verb=Verb.SEE_CONTACTS.value)


def may_answer_somewhere(viewer: Viewer) -> Decision:
    """Say whether a viewer may answer at all, for the menu."""
    if answering_posts(viewer):
        return may_somewhere(viewer, Verb.DISPATCH)
    return denied("no_post_allows", verb=Verb.DISPATCH.value) if viewer.is_known else denied("not_signed_in")


def answerable(viewer: Viewer) -> Q:
    """Give the filter of requests that a viewer may answer."""
    reached = Q(pk__in=[])
    for post in answering_posts(viewer):
        if post.reach == Reach.ORGANISATION:
            reached |= Q(case__organisation_id=post.organisation_id)
        elif post.reach == Reach.AREA:
            # Paths are digits and "/", and "0" comes right after "/".
            reached |= Q(case__area_path=post.area_path) | Q(
                case__area_path__gte=f"{post.area_path}/", case__area_path__lt=f"{post.area_path}0"
            )
    return reached & Q(district_id=viewer.district_id)


def may_publish_consent(viewer: Viewer) -> Decision:
    """Say whether a viewer may publish the text that residents agree to: who edits the whole district's rulebooks."""
    whole = viewer.district_id
    return may(viewer, Verb.EDIT_RULEBOOKS, district_id=whole, area_path=whole)


def answering_posts(viewer: Viewer) -> list[HeldPost]:
    """List the posts that allow both."""
    return [post for post in viewer.posts_with(Verb.DISPATCH) if Verb.SEE_CONTACTS in post.verbs]
