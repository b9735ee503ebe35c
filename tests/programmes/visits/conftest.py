"""A campaign with three sets in the synthetic district, and visits in it."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from tests.factories.district import AT, COMMUNITY, TODAY, DemoDistrict

from linli.programmes.visits.actions.planning import NewCampaign, NewSet, plan_campaign
from linli.programmes.visits.actions.visiting import Called, Written, write_visit
from linli.programmes.visits.models import Target

SETS = (
    NewSet("居民户", "doors", cycle_days=30, goal_percent=80),
    NewSet("物业", "organisations", kinds=("property_company",)),
    NewSet("居委会", "organisations", kinds=("residents_committee",), roles=("community_secretary",)),
)


@pytest.fixture
def plan(district: DemoDistrict) -> Callable[..., UUID]:
    def plan_(*, role: str = "community_secretary", area: str = COMMUNITY[1], **more: Any) -> UUID:
        said: dict[str, Any] = {
            "name": "入户走访", "purpose": "", "area_code": area, "begins_on": TODAY - timedelta(days=40),
            "ends_on": TODAY + timedelta(days=40), "sets": SETS,
        } | more  # fmt: skip
        return plan_campaign(told=NewCampaign(**said), by=district.viewer(role), at=AT)

    return plan_


@pytest.fixture
def visit(district: DemoDistrict) -> Callable[..., Written]:
    def visit_(target: str, door: str = "", *, role: str = "grid_worker", community: int = 1, **more: Any) -> Written:
        viewer = district.viewer(role, community=community)
        said: dict[str, Any] = {"key": uuid.uuid4(), "done_at": AT, "door": door} | more
        found = Target.objects.filter(name=target).order_by("-id").values_list("id", flat=True)[0]
        told = Called(target_id=found, **said)
        return write_visit(
            told=told,
            caller=f"person:{viewer.person_id}",
            body_hash=sha256(repr(sorted(said.items(), key=str)).encode()).hexdigest(),
            by=viewer,
            at=AT,
        )

    return visit_
