"""The demo's visits: one community calls at every door of four grids; most is done, and some of it became cases."""

import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from hashlib import sha256

from linli.edges.words.visits import USUAL_SETS
from linli.kernel.errors import NotFound
from linli.programmes.visits.actions.loading import Made, load_visits
from linli.programmes.visits.actions.planning import NewCampaign, NewSet, plan_campaign
from linli.programmes.visits.actions.visiting import Called, write_visit
from linli.programmes.visits.choices import TargetKind
from linli.programmes.visits.queries.campaigns import get_campaign
from linli.programmes.visits.queries.targets import TargetRow, list_targets
from linli.programmes.visits.rules import person_of
from linli.registry.people.queries import find_login, viewer_of
from linli.registry.people.rules import Viewer

NAME = "入户大走访"
_BEGAN, _DAYS = timedelta(days=20), 60
# How much of each grid is done, in percent, by the grid's last two digits; what has no share here is not begun.
_DONE = {"01": 100, "02": 100, "03": 70, "04": 35}
_FOUND = (
    "楼道里闻到燃气味，住着独居老人，请马上来看",
    "三单元一楼下水道返水，家里进水",
    "单元门禁坏了半个月，谁都能进",
    "楼前路灯不亮，老人晚上不敢出门",
    "想给楼前添两个垃圾桶",
)


def load_demo_visits(*, secretary: str, community: str, at: datetime) -> None:
    """Plan a campaign as the secretary would and play its first three weeks. Raises NotFound without that login."""
    login = find_login(secretary)
    if login is None:
        raise NotFound("unknown_login")
    by = viewer_of(login_id=login.id, on=at.date())
    began = at - _BEGAN
    sets = tuple(NewSet(str(name), kind, kinds, goal_percent=100) for name, kind, kinds in USUAL_SETS)
    told = NewCampaign(NAME, "入冬前走到每一户，取暖和安全有没有困难", community, began.date(),
                       began.date() + timedelta(days=_DAYS), sets)  # fmt: skip
    campaign_id = plan_campaign(told=told, by=by, at=began)
    campaign = get_campaign(viewer=by, campaign_id=campaign_id, on=at.date())
    by_grid: dict[str, list[TargetRow]] = defaultdict(list)
    for row in list_targets(viewer=by, campaign=campaign):
        if row.kind == TargetKind.DOORS:
            by_grid[row.area_path.split("/")[3][-2:]].append(row)
    made = [
        Made(row.id, _door(number), began + timedelta(hours=9, minutes=7 * number), person_of(by))
        for grid, share in _DONE.items() for row in by_grid[grid] for number in range(row.doors * share // 100)
    ]  # fmt: skip
    load_visits(district_id=by.district_id, rows=made)
    _find(by, [row for grid in _DONE for row in by_grid[grid]], at)


def _find(by: Viewer, rows: list[TargetRow], at: datetime) -> None:
    """Let some visits find something, each in another building."""
    for number, note in enumerate(_FOUND):
        target = rows[number * 7 % len(rows)]
        told = Called(key=uuid.uuid4(), target_id=target.id, done_at=at - timedelta(minutes=number + 1), door="1-0101",
                      note=note, makes_case=True)  # fmt: skip
        write_visit(told=told, caller=f"person:{by.person_id}", body_hash=sha256(note.encode()).hexdigest(), by=by,
                    at=at - timedelta(minutes=number + 1))  # fmt: skip


def _door(number: int) -> str:
    """Name a door: unit, floor and door."""
    return f"{number // 24 + 1}-{number % 24 // 2 + 1:02}{number % 2 + 1:02}"
