"""The quiet map under the demo: an old river, lakes, hills and streets, all invented.

Names of streets are such as the city has; where they run is not. Every feature carries
``illustrative: true``, and a screen that shows them says so.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from shapely.geometry.base import BaseGeometry

from lianqin.console.demo_district import areas, shapes
from lianqin.console.demo_district.streets import ARTERIALS, LANES, Street, minor_streets

_RIVER = (
    (117.178, 34.279), (117.186, 34.2755), (117.1945, 34.2725), (117.2005, 34.2675),
    (117.2015, 34.2605), (117.2075, 34.2555), (117.2165, 34.2535), (117.226, 34.2465),
    (117.236, 34.2445), (117.247, 34.2475), (117.259, 34.2405), (117.270, 34.2325),
    (117.283, 34.2325), (117.295, 34.2305), (117.3035, 34.2235), (117.312, 34.2215),
)  # fmt: skip
_CANAL = (
    (117.1925, 34.2535), (117.1975, 34.246), (117.2065, 34.238), (117.2145, 34.226),
    (117.224, 34.2165), (117.2275, 34.205), (117.239, 34.194), (117.2415, 34.181),
    (117.246, 34.170), (117.246, 34.152),
)  # fmt: skip

# key, zh, en, middle, width and height in kilometres
_LAKES = (
    ("dalong", "大龙湖", "Dalong Lake", 117.2655, 34.1925, 1.75, 1.35),
    ("yunlong-lake", "云龙湖", "Yunlong Lake", 117.1625, 34.2385, 1.9, 1.7),
    ("shizi", "狮子潭", "Shizi Pool", 117.2435, 34.2565, 0.36, 0.24),
    ("ruyi", "如意湖", "Ruyi Lake", 117.2535, 34.2655, 0.42, 0.3),
    ("qiaojia", "乔家湖", "Qiaojia Lake", 117.2905, 34.2165, 0.5, 0.36),
    ("pantang-water", "潘塘水塘", "Pantang Pond", 117.3085, 34.1625, 0.55, 0.3),
)
_HILLS = (
    ("yunlong-hill", "云龙山", "Yunlong Hill", 117.1815, 34.2425, 0.8, 1.9),
    ("zifang-hill", "子房山", "Zifang Hill", 117.2125, 34.2705, 0.6, 0.75),
    ("shizi-hill", "狮子山", "Shizi Hill", 117.2375, 34.2575, 0.75, 0.6),
    ("luotuo-hill", "骆驼山", "Luotuo Hill", 117.2475, 34.2515, 0.8, 0.5),
    ("huang-hill", "黄山", "Huang Hill", 117.2145, 34.2395, 0.65, 0.55),
    ("cuiping-hill", "翠屏山", "Cuiping Hill", 117.2985, 34.2155, 1.0, 1.25),
    ("dalong-park", "大龙湖公园", "Dalong Lake Park", 117.2655, 34.1925, 2.5, 2.0),
    ("cao-hill", "曹山", "Cao Hill", 117.2345, 34.1755, 0.9, 0.7),
    ("duan-hill", "段山", "Duan Hill", 117.2895, 34.1815, 0.8, 0.6),
    ("tushan", "土山", "Tu Hill", 117.2765, 34.2165, 0.55, 0.45),
    ("south-woods", "潘塘林地", "Pantang Woods", 117.3195, 34.1525, 1.2, 0.9),
    ("airport-green", "大郭庄绿地", "Daguozhuang Green", 117.2595, 34.2335, 1.7, 0.4),
    ("east-park", "铁刹公园", "Tiesha Park", 117.2245, 34.2665, 0.45, 0.35),
    ("north-park", "响山公园", "Xiangshan Park", 117.2395, 34.2775, 0.6, 0.42),
    ("old-river-park", "百步洪公园", "Baibuhong Park", 117.2065, 34.2515, 0.35, 0.3),
)
# A little ground beyond the outline is drawn, so that the district does not end in nothing.
_MARGIN_KM = 0.5


@cache
def water() -> BaseGeometry:
    """All water in kilometres; nothing is placed on it."""
    river = shapes.line(_RIVER).buffer(0.045)
    canal = shapes.line(_CANAL).buffer(0.012)
    return shapes.joined([river, canal, *(_blob(row) for row in _LAKES)])


def _blob(row: tuple[str, str, str, float, float, float, float]) -> BaseGeometry:
    key, _, _, lon, lat, wide, high = row
    return shapes.blob(lon, lat, wide, high, key)


@cache
def _sheet() -> BaseGeometry:
    return areas.ground().buffer(_MARGIN_KM)


def _feature(
    key: str, layer: str, kind: str, zh: str, en: str, geometry: BaseGeometry
) -> dict[str, Any] | None:
    inside = geometry.intersection(_sheet())
    if inside.is_empty:
        return None
    return {
        "type": "Feature",
        "id": key,
        "properties": {
            "layer": layer,
            "class": kind,
            "name": {"zh": zh, "en": en} if zh else None,
            "illustrative": True,
        },
        "geometry": shapes.geojson(inside),
    }


def _waters() -> list[dict[str, Any] | None]:
    river = shapes.line(_RIVER).buffer(0.045)
    canal = shapes.line(_CANAL).buffer(0.012)
    lakes = [_feature(row[0], "water", "lake", row[1], row[2], _blob(row)) for row in _LAKES]
    return [
        _feature("old-river", "water", "river", "故黄河", "Old Yellow River", river),
        _feature("kui", "water", "canal", "奎河", "Kui River", canal),
        *lakes,
    ]


def _greens() -> list[dict[str, Any] | None]:
    found = []
    for row in _HILLS:
        shape = _blob(row).difference(water())
        kind = "park" if "park" in row[0] or "green" in row[0] else "hill"
        found.append(_feature(row[0], "green", kind, row[1], row[2], shape))
    banks = shapes.line(_RIVER).buffer(0.085).difference(water())
    found.append(_feature("river-banks", "green", "bank", "", "", banks))
    return found


def _street(street: Street) -> dict[str, Any] | None:
    course = shapes.line(street.points)
    return _feature(street.key, "road", street.kind, street.zh, street.en, course)


@cache
def base() -> dict[str, Any]:
    """The whole base map as a GeoJSON FeatureCollection, to be drawn in this order.

    Properties of a feature: ``layer`` water | green | road, ``class`` (river, canal, lake; hill,
    park, bank; ring, arterial, street, lane, minor), ``name`` in both languages or None,
    ``illustrative``.
    """
    lakes = areas.ground().buffer(_MARGIN_KM).difference(shapes.joined([_blob(r) for r in _LAKES]))
    roads = [_street(street) for street in (*ARTERIALS, *LANES)]
    minor = [
        _feature(f"minor-{number}", "road", "minor", "", "", course.intersection(lakes))
        for number, course in enumerate(minor_streets(hills()))
    ]
    features = [*_greens(), *_waters(), *minor, *roads]
    return {
        "type": "FeatureCollection",
        "features": [feature for feature in features if feature is not None],
    }


@cache
def hills() -> BaseGeometry:
    """Hills and lakes: no minor street climbs or crosses them."""
    return shapes.joined([_blob(row) for row in (*_LAKES, *_HILLS)]).buffer(0.03)


@cache
def named_streets() -> dict[str, tuple[Street, BaseGeometry]]:
    """Streets with a name and their course in kilometres, by key."""
    return {
        street.key: (street, shapes.line(street.points).intersection(areas.ground()))
        for street in (*ARTERIALS, *LANES)
        if not shapes.line(street.points).intersection(areas.ground()).is_empty
    }
