"""Who may run reviews, and who may look at them."""

from uuid import UUID

from linli.kernel.decision import Decision, allowed, denied
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may, may_somewhere


def may_run_reviews(viewer: Viewer, *, district_id: str, area_path: str) -> Decision:
    """Say whether a viewer may plan, draw, host and write for a programme: where its organisation works."""
    return may(viewer, Verb.RUN_REVIEWS, district_id=district_id, area_path=area_path)


def may_run_reviews_somewhere(viewer: Viewer) -> Decision:
    """Say whether a viewer runs any programme, for the menu."""
    return may_somewhere(viewer, Verb.RUN_REVIEWS)


def may_witness_draws(viewer: Viewer, *, district_id: str, area_path: str) -> Decision:
    """Say whether a viewer may be one of the two who type a throw or sign: who runs reviews there, or discipline."""
    decision = may_run_reviews(viewer, district_id=district_id, area_path=area_path)
    if decision:
        return decision
    return may(viewer, Verb.UNSEAL_BALLOTS, district_id=district_id, area_path=district_id) or decision


def may_unseal_ballots(viewer: Viewer, *, district_id: str) -> Decision:
    """Say whether a viewer may be one of the two who open the list of whose ballot is whose; never who runs reviews."""
    decision = may(viewer, Verb.UNSEAL_BALLOTS, district_id=district_id, area_path=district_id)
    if decision and viewer.posts_with(Verb.RUN_REVIEWS):
        return denied("audits_oneself")
    return decision


def may_see_reviews(viewer: Viewer, *, district_id: str) -> Decision:
    """Say whether a viewer may see plans, draws and published results: whoever serves in the district."""
    if not viewer.is_known:
        return denied("not_signed_in")
    return allowed("signed_in") if viewer.district_id == district_id else denied("other_district")


def may_write_turn(viewer: Viewer, *, organisation_id: UUID, presenter_id: UUID | None) -> Decision:
    """Say whether a viewer may add words to an organisation's report: who presents, or holds a post in it."""
    if viewer.is_known and viewer.person_id == presenter_id:
        return allowed("presents")
    if any(post.organisation_id == organisation_id for post in viewer.posts):
        return allowed("own_organisation")
    return denied("presenters_own")
