"""The demo's visits: most doors called at, what presses most on top."""

from django.utils import timezone
from tests.factories.district import COMMUNITY, DemoDistrict

from linli.cases.queries.ranked import list_ranked
from linli.edges.cli.demo.visits import load_demo_visits
from linli.programmes.visits.queries.campaigns import list_campaigns, list_finding_ids, list_totals


def test_a_community_calls_at_doors_and_the_worst_is_on_top(district: DemoDistrict) -> None:
    at, viewer = timezone.now(), district.viewer("community_secretary")
    load_demo_visits(secretary="community_secretary-1", community=COMMUNITY[1], at=at)
    (campaign,) = list_campaigns(viewer=viewer, on=timezone.localdate(at))
    top = list_totals(viewer=viewer, campaign=campaign)[0].covered[campaign.sets[0].id]
    ranked = list_ranked(viewer=viewer, ids=list_finding_ids(viewer=viewer, campaign=campaign), at=at)
    assert (campaign.is_running, top.doors, top.visited, len(ranked)) == (True, 100, 100, 5)
    assert "燃气" in ranked[0].row.title
