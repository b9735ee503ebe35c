"""The demo's real part, read from its data files: names, codes, district and schematic street polygons."""

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

DATA = Path(__file__).parent / "data"
DISTRICTS = {"210104": "大东区", "210105": "皇姑区", "210106": "铁西区"}
VIRTUAL = "虚拟"
VILLAGE = "村"


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of the statistical list: a community or village; kind is 社区, 村 or 虚拟."""

    district: str
    street_code: str
    street: str
    code: str
    name: str
    kind: str


@cache
def units() -> tuple[Unit, ...]:
    """Read all 529 rows, in order of code."""
    with (DATA / "tiexi_dadong_huanggu_communities.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Unit(row["area_code"], row["street_code9"], row["street"], row["code12"], row["name"], row["kind"])
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda unit: unit.code))


def district_shape(district: str) -> BaseGeometry:
    """Give a district's polygon, GCJ-02 degrees.

    The simplified polygons of neighbours overlap by some hundred metres: what two share is the lower code's.
    """
    shapes = _shapes("shenyang_districts.geojson", "adcode")
    lower = [shape for code, shape in shapes.items() if code < district]
    parts: list[BaseGeometry] = list(shapely.get_parts(shapely.difference(shapes[district], shapely.union_all(lower))))
    return max(parts, key=lambda part: float(part.area))


def street_shapes(district: str) -> dict[str, BaseGeometry]:
    """Give the schematic polygons of a district's streets by 9-digit code; a pseudo-unit has none."""
    return _shapes(f"{district}_streets_schematic.geojson", "code")


def _shapes(name: str, key: str) -> dict[str, BaseGeometry]:
    collection = json.loads((DATA / name).read_text(encoding="utf-8"))
    return {feature["properties"][key]: shape(feature["geometry"]) for feature in collection["features"]}
