"""Coordinates: GCJ-02 to WGS-84 and back, and distances.

Order is always longitude, latitude, in degrees. GCJ-02 is what Chinese map services and telephones show: WGS-84 moved
by a smooth offset of up to some hundred metres. Source: the offset as published in many places since 2013 (the law
publishes no formula); checked against Shenyang's known offset, +0.0061° E and +0.0024° N.
"""

from math import asin, cos, degrees, hypot, isfinite, pi, radians, sin, sqrt

from linli.kernel.errors import InvalidInput
from linli.registry.territory.choices import Crs

# Krasovsky's ellipsoid of 1940, which the offset was made on.
_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
# Where the offset applies; outside this box both systems are the same.
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
# The offset is measured from here.
_ORIGIN_LNG, _ORIGIN_LAT = 105.0, 35.0
# The inverse stops when a step is below a tenth of the promised 1e-7 degrees (1 cm); it takes three or four steps.
_STEP_DEG = 1e-8
_MAX_STEPS = 30
_EARTH_RADIUS_M = 6_371_008.8


def to_gcj02(lng: float, lat: float, crs: Crs) -> tuple[float, float]:
    """Express a point of any system that we take in GCJ-02.

    Raises InvalidInput (coordinates_out_of_range).
    """
    check_coordinates(lng, lat)
    return (lng, lat) if crs is Crs.GCJ_02 else gcj02_from_wgs84(lng, lat)


def gcj02_from_wgs84(lng: float, lat: float) -> tuple[float, float]:
    """Move a WGS-84 point to GCJ-02; outside China it stays."""
    if not _is_moved(lng, lat):
        return lng, lat
    east, north = _offset(lng, lat)
    return lng + east, lat + north


def wgs84_from_gcj02(lng: float, lat: float) -> tuple[float, float]:
    """Move a GCJ-02 point back to WGS-84, to less than 1e-7 degrees; outside China it stays."""
    if not _is_moved(lng, lat):
        return lng, lat
    guess_lng, guess_lat = lng, lat
    for _ in range(_MAX_STEPS):
        east, north = _offset(guess_lng, guess_lat)
        miss_lng, miss_lat = lng - guess_lng - east, lat - guess_lat - north
        guess_lng, guess_lat = guess_lng + miss_lng, guess_lat + miss_lat
        if hypot(miss_lng, miss_lat) < _STEP_DEG:
            break
    return guess_lng, guess_lat


def distance_m(lng_1: float, lat_1: float, lng_2: float, lat_2: float) -> float:
    """Tell the metres between two points of the same system, on a sphere (haversine)."""
    half_lat, half_lng = radians(lat_2 - lat_1) / 2, radians(lng_2 - lng_1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat_1)) * cos(radians(lat_2)) * sin(half_lng) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def degrees_around(lat: float, radius_m: float) -> tuple[float, float]:
    """Tell how many degrees of longitude and of latitude a radius spans at a latitude."""
    lat_deg = degrees(radius_m / _EARTH_RADIUS_M)
    return lat_deg / max(cos(radians(lat)), 1e-6), lat_deg


def check_coordinates(lng: float, lat: float) -> None:
    """Raise InvalidInput (coordinates_out_of_range) unless the two are degrees on the globe."""
    if not (isfinite(lng) and isfinite(lat) and -180 <= lng <= 180 and -90 <= lat <= 90):  # noqa: PLR2004 - the globe
        raise InvalidInput("coordinates_out_of_range", field="point")


def _is_moved(lng: float, lat: float) -> bool:
    return _WEST <= lng <= _EAST and _SOUTH <= lat <= _NORTH


def _offset(lng: float, lat: float) -> tuple[float, float]:
    """Tell the offset at a WGS-84 point in degrees east and north."""
    x, y = lng - _ORIGIN_LNG, lat - _ORIGIN_LAT
    wave = 20 * (sin(6 * pi * x) + sin(2 * pi * x))
    root = sqrt(abs(x))
    east_m = (
        300
        + x
        + 2 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + (2 / 3) * (wave + _waves(x, ((20, 1), (40, 3), (150, 12), (300, 30))))
    )
    north_m = (
        -100
        + 2 * x
        + 3 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + (2 / 3) * (wave + _waves(y, ((20, 1), (40, 3), (160, 12), (320, 30))))
    )
    flattening = 1 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / flattening**1.5
    parallel_m = _SEMI_MAJOR_M / sqrt(flattening) * cos(radians(lat))
    return degrees(east_m / parallel_m), degrees(north_m / meridian_m)


def _waves(position: float, waves: tuple[tuple[int, int], ...]) -> float:
    """Add up sine waves given as (height in metres, half wavelength in degrees)."""
    return sum(height * sin(pi * position / half) for height, half in waves)
