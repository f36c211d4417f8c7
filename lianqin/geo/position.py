"""Positions and their datums.

Everything is stored in WGS 84 (CGCS2000 differs by centimetres) together with the datum of what
came in. Chinese map services show *shifted* coordinates: AMap and Tencent GCJ-02, Baidu BD-09.
The shifts are computed from the formulas that have been public for years; they are an
approximation of an unpublished function and agree with it to a few metres, while the way there
and back agrees to much less than a metre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

EARTH_RADIUS_M = 6_371_008.8  # mean radius; with it a haversine is within 0.6 % of the ellipsoid

# Krasovsky 1940, the ellipsoid that the published GCJ-02 formulas are written for.
_AXIS = 6_378_245.0
_ECCENTRICITY2 = 0.006_693_421_622_965_943
_BAIDU_TURN = math.pi * 3000.0 / 180.0
# Outside this box no shift is applied, as the map services do it.
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)


class Datum(StrEnum):
    """In which system a longitude and latitude are meant."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Position:
    """Longitude and latitude in degrees, and the datum they are meant in."""

    lon: float
    lat: float
    datum: Datum = Datum.WGS84

    def to(self, datum: Datum) -> Position:
        """The same place in another datum."""
        if datum is self.datum:
            return self
        lon, lat = self.lon, self.lat
        if self.datum is Datum.BD09:
            lon, lat = _from_baidu(lon, lat)
        if datum is Datum.WGS84:
            lon, lat = _unshift(lon, lat)
        elif self.datum is Datum.WGS84:
            lon, lat = _shift(lon, lat)
        if datum is Datum.BD09:
            lon, lat = _to_baidu(lon, lat)
        return Position(lon, lat, datum)

    @property
    def wgs84(self) -> Position:
        """The same place in WGS 84."""
        return self.to(Datum.WGS84)


def shifted_here(lon: float, lat: float) -> bool:
    """Whether the shift of GCJ-02 is applied at that longitude and latitude."""
    west, south, east, north = _CHINA
    return west <= lon <= east and south <= lat <= north


def _offset(lon: float, lat: float) -> tuple[float, float]:
    """Shift from WGS 84 to GCJ-02 in degrees of longitude and latitude."""
    x, y = lon - 105.0, lat - 35.0
    ripple = 20.0 * (math.sin(6.0 * x * math.pi) + math.sin(2.0 * x * math.pi))
    root = math.sqrt(abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2.0 / 3.0 * (ripple + _waves(y, ((20.0, 1.0), (40.0, 1 / 3))))
    north += 2.0 / 3.0 * _waves(y, ((160.0, 1 / 12), (320.0, 1 / 30)))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2.0 / 3.0 * (ripple + _waves(x, ((20.0, 1.0), (40.0, 1 / 3))))
    east += 2.0 / 3.0 * _waves(x, ((150.0, 1 / 12), (300.0, 1 / 30)))
    phi = math.radians(lat)
    magic = 1.0 - _ECCENTRICITY2 * math.sin(phi) ** 2
    metres_lat = _AXIS * (1.0 - _ECCENTRICITY2) / (magic * math.sqrt(magic))
    metres_lon = _AXIS / math.sqrt(magic) * math.cos(phi)
    return math.degrees(east / metres_lon), math.degrees(north / metres_lat)


def _waves(value: float, terms: tuple[tuple[float, float], ...]) -> float:
    return sum(height * math.sin(value * math.pi * often) for height, often in terms)


def _shift(lon: float, lat: float) -> tuple[float, float]:
    if not shifted_here(lon, lat):
        return lon, lat
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def _unshift(lon: float, lat: float) -> tuple[float, float]:
    """Invert the shift by fixed point: each round gains more than two digits, four are plenty."""
    if not shifted_here(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(6):
        east, north = _offset(guess_lon, guess_lat)
        guess_lon, guess_lat = lon - east, lat - north
    return guess_lon, guess_lat


def _to_baidu(lon: float, lat: float) -> tuple[float, float]:
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU_TURN)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _from_baidu(lon: float, lat: float) -> tuple[float, float]:
    """Invert Baidu's step by fixed point; the published inverse is only good to half a metre."""
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(4):
        out_lon, out_lat = _to_baidu(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - out_lon, guess_lat + lat - out_lat
    return guess_lon, guess_lat


def distance_m(a: Position, b: Position) -> float:
    """Great-circle distance in metres (haversine on a sphere, within 0.6 %)."""
    one, two = a.wgs84, b.wgs84
    phi1, phi2 = math.radians(one.lat), math.radians(two.lat)
    half_lat = (phi2 - phi1) / 2
    half_lon = math.radians(two.lon - one.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of longitudes and latitudes in WGS 84, edges included."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, position: Position) -> bool:
        """Whether the position lies in it."""
        at = position.wgs84
        return self.west <= at.lon <= self.east and self.south <= at.lat <= self.north

    def grown(self, metres: float) -> Box:
        """The rectangle with that many metres more on every side."""
        return Box(
            *around(Position(self.west, self.south), metres).corner("sw"),
            *around(Position(self.east, self.north), metres).corner("ne"),
        )

    def corner(self, which: str) -> tuple[float, float]:
        """Longitude and latitude of the corner ``sw`` or ``ne``."""
        return (self.west, self.south) if which == "sw" else (self.east, self.north)


def around(position: Position, metres: float) -> Box:
    """The rectangle that holds every position within so many metres (and some more).

    A first, indexed sieve for "who is near": :func:`distance_m` decides after it. Not meant for
    the poles or the line where longitude jumps.
    """
    at = position.wgs84
    # 0.7 % and a breath more than the sphere says, so that rounding never loses a neighbour.
    lat = math.degrees(metres / EARTH_RADIUS_M) * 1.007 + 1e-9
    lon = lat / max(math.cos(math.radians(min(abs(at.lat) + lat, 89.0))), 0.01)
    return Box(at.lon - lon, at.lat - lat, at.lon + lon, at.lat + lat)
