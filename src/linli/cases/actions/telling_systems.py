"""Other systems are told what happened, as far as their scope reaches: at once, and from the log none is left out."""

from datetime import datetime

from linli.cases.queries.facts import read_log_for, read_tail_for, viewer_of_scope
from linli.support.notices.actions.systems import queue_ahead, queue_facts
from linli.support.notices.queries.systems import list_subscriptions

_PAGES = 20  # a system that was long away goes on with the next round


def tell_systems(*, district_id: str, at: datetime) -> int:
    """Queue for each system what happened since it was told last, and say how much. 1 query, 5 a page, 1 a fact.

    What a system is told passes the filter that a reader of its area's cases passes. What is not sealed yet is queued
    as well, so that it need not wait for the seal: 2 queries a system. In the log it stands once more and is queued
    once.
    """
    told = 0
    for system in list_subscriptions(district_id=district_id, is_running=True):
        viewer = viewer_of_scope(district_id=district_id, area_path=system.area_path)
        seen = (system.seal_number, system.position)
        for _ in range(_PAGES):
            page = read_log_for(viewer=viewer, at=at, after=seen, limit=100)
            facts = [row for _place, row in page.rows if not system.kinds or row.kind in system.kinds]
            if page.after == seen or not queue_facts(
                district_id=district_id, subscription_id=system.id, seen=seen, facts=facts, upto=page.after, at=at
            ):
                break
            told += len(facts)
            seen = page.after
            if page.is_end:
                break
        ahead = read_tail_for(viewer=viewer, at=at)
        wanted = [row for row in ahead if not system.kinds or row.kind in system.kinds]
        told += queue_ahead(district_id=district_id, subscription_id=system.id, facts=wanted, at=at)
    return told
