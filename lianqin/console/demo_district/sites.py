"""Stations, kiosks, community posts and stand-by points, put somewhere plausible."""

from __future__ import annotations

import random
from functools import cache

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from lianqin.console.demo_district import areas, base_map, shapes
from lianqin.console.demo_district.data import rows
from lianqin.console.demo_district.models import Name, Site

# The six kiosks of the seed, the centre that uses each, and the street of the base map beside it.
_KIOSKS = (
    ("kangyi", "康怡大道岗亭", "Kangyi Avenue kiosk", "wangjie", "kangyi"),
    ("fuxing", "复兴路岗亭", "Fuxing Road kiosk", "tianqiao", "fuxing"),
    ("jianzigu", "剪子股岗亭", "Jianzigu kiosk", "pengcheng", "jianzigu"),
    ("fengchu", "丰储街岗亭", "Fengchu Street kiosk", "pengcheng", "fengchu"),
    ("xuanwu", "宣武岗亭", "Xuanwu kiosk", "xinsheng", "xuanwu"),
    ("yinzuo", "银座岗亭", "Yinzuo kiosk", "qingnian", "zhongshu"),
)
# Somewhere in the busy part of each zone.
_STATIONS = {
    "qingnian": (117.1872, 34.2645),
    "pengcheng": (117.1890, 34.2562),
    "xinsheng": (117.1966, 34.2592),
    "wangjie": (117.2165, 34.2622),
    "tianqiao": (117.2078, 34.2742),
}
# Communities with a post, two in each centre's zone.
_POSTS = (
    "320303001001", "320303001006", "320303001003", "320303001008", "320303001011",
    "320303001013", "320303002007", "320303002002", "320303002009", "320303002013",
)  # fmt: skip
_SETBACK_KM = 0.025


def dry(ground: BaseGeometry) -> BaseGeometry:
    """Ground without water and without the steep parts of hills."""
    land = ground.difference(base_map.water().buffer(0.01)).difference(base_map.hills())
    return land if not land.is_empty else ground


@cache
def sites(teams: int = areas.PILOT_TEAMS) -> tuple[Site, ...]:
    """Every site of the demo."""
    return (*_stations(teams), *_kiosks(), *_posts(), *_stand_by(teams))


def community_of(x: float, y: float) -> str:
    """The community that holds a point of the plane, by code."""
    point = Point(x, y)
    held = [code for code, ground in areas.communities().items() if ground.covers(point)]
    return held[0]


def _site(
    key: str, kind: str, name: Name, point: shapes.Pair, teams: int = areas.PILOT_TEAMS
) -> Site:
    code = community_of(*point)
    lon, lat = shapes.degrees(*point)
    return Site(key, kind, name, lon, lat, areas.place_of(code, teams), code)


def _stations(teams: int) -> list[Site]:
    found = []
    for centre in areas.centres(teams):
        land = dry(areas.zones()[centre.key]).buffer(-0.04)
        busy = _STATIONS.get(centre.key)
        about = Point(shapes.plane(*busy)) if busy else land.representative_point()
        spot = nearest_points(land, about)[0]
        name = {"zh": f"{centre.short['zh']}派出所", "en": f"{centre.short['en']} police station"}
        found.append(_site(centre.station, "station", name, (spot.x, spot.y), teams))
    return found


def _kiosks() -> list[Site]:
    found = []
    for key, zh, en, centre, street in _KIOSKS:
        course = base_map.named_streets()[street][1]
        ground = dry(areas.zones()[centre]).buffer(-0.03)
        beside = course.buffer(_SETBACK_KM).boundary.intersection(ground)
        near = beside if not beside.is_empty else nearest_points(ground, course)[0]
        point = near.centroid if near.is_empty else nearest_points(near, near.centroid)[0]
        found.append(_site(f"kiosk-{key}", "kiosk", {"zh": zh, "en": en}, (point.x, point.y)))
    return found


def _posts() -> list[Site]:
    names = {row["code"]: row for row in rows("areas.csv")}
    found = []
    for number, code in enumerate(_POSTS):
        dice = random.Random(code)  # noqa: S311 - a picture, not a secret
        point = shapes.spot(dry(areas.communities()[code]), dice, margin=0.04)
        community = names[code]["name_zh"], names[code]["name_en"].removesuffix(" Community")
        urban = number % 2 == 0
        name = {
            "zh": community[0] + ("城管工作站" if urban else "警务室"),
            "en": f"{community[1]} {'urban-management post' if urban else 'police post'}",
        }
        found.append(_site(f"post-{code}", "community_post", name, point))
    return found


def _stand_by(teams: int) -> list[Site]:
    found = []
    for centre in areas.centres(teams):
        dice = random.Random(f"stand-by {centre.key}")  # noqa: S311 - a picture, not a secret
        point = shapes.spot(dry(areas.zones()[centre.key]), dice, margin=0.1)
        name = {
            "zh": f"{centre.short['zh']}备勤点",
            "en": f"{centre.short['en']} stand-by point",
        }
        found.append(_site(f"stand-by-{centre.key}", "stand_by_point", name, point, teams))
    return found
