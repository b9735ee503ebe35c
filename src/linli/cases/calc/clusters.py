"""Points of a map drawn together where they would lie on each other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import cos, hypot, log, pi, radians, tan

_TILE_PX = 256.0  # the whole world's width at zoom 0, as slippy maps have it


@dataclass(frozen=True, slots=True)
class Cluster:
    """Some cases drawn as one. lng, lat: GCJ-02 degrees of their middle; worst: the highest rank of their lights.

    one: the id of the case where there is but one, else "".
    """

    lng: float
    lat: float
    count: int
    worst: int
    one: str


def cell_size(*, zoom: float, lat: float, side_px: float) -> tuple[float, float]:
    """Tell how many degrees east and north a square of the screen covers at a latitude."""
    east = side_px * 360 / (_TILE_PX * 2**zoom)
    return east, east * cos(radians(lat))


def merge_near(clusters: Iterable[Cluster], *, zoom: float, apart_px: float) -> list[Cluster]:
    """Join clusters whose middles would lie nearer than that on the screen, into the larger; largest first."""
    merged: list[Cluster] = []
    for cluster in sorted(clusters, key=_largest_first):
        place = _pixels(cluster, zoom)
        near = next((at for at, other in enumerate(merged) if _apart(place, _pixels(other, zoom)) < apart_px), None)
        if near is None:
            merged.append(cluster)
        else:
            merged[near] = _joined(merged[near], cluster)
    return sorted(merged, key=_largest_first)


def _largest_first(cluster: Cluster) -> tuple[int, float, float]:
    return -cluster.count, cluster.lng, cluster.lat


def _joined(large: Cluster, small: Cluster) -> Cluster:
    """Add the small one's cases to the large one, which stays where it is: else it would drift onto a third."""
    return replace(
        large, count=large.count + small.count, worst=max(large.worst, small.worst), one=""
    )  # fmt: skip


def _pixels(cluster: Cluster, zoom: float) -> tuple[float, float]:
    scale = _TILE_PX * 2**zoom / (2 * pi)
    return radians(cluster.lng) * scale, log(tan(pi / 4 + radians(cluster.lat) / 2)) * scale


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
