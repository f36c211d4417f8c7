"""Streets of the invented base map: names such as the city has, courses drawn by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass

from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from lianqin.console.demo_district import shapes


@dataclass(frozen=True, slots=True)
class Street:
    """A street: ``kind`` is ring, arterial, street or lane; points are degrees."""

    key: str
    kind: str
    zh: str
    en: str
    points: tuple[shapes.Pair, ...]


ARTERIALS = (
    # north to south, from the west
    Street("pengcheng", "street", "彭城路", "Pengcheng Road",
           ((117.1838, 34.2750), (117.1842, 34.2660), (117.1850, 34.2560), (117.1853, 34.2470))),
    Street("jiefang", "arterial", "解放路", "Jiefang Road",
           ((117.1902, 34.2790), (117.1906, 34.2650), (117.1912, 34.2510), (117.1925, 34.2370),
            (117.1950, 34.2250))),
    Street("minzhu-s", "street", "民主南路", "Minzhu South Road",
           ((117.1872, 34.2665), (117.1876, 34.2560), (117.1885, 34.2480))),
    Street("fuxing", "arterial", "复兴路", "Fuxing Road",
           ((117.2050, 34.2800), (117.2042, 34.2710), (117.2040, 34.2610), (117.2035, 34.2500),
            (117.2050, 34.2390))),
    Street("kangyi", "street", "康怡大道", "Kangyi Avenue",
           ((117.2105, 34.2665), (117.2170, 34.2660), (117.2260, 34.2690), (117.2350, 34.2710),
            (117.2440, 34.2760))),
    Street("jinpu-e", "street", "津浦东路", "Jinpu East Road",
           ((117.2190, 34.2800), (117.2195, 34.2700), (117.2205, 34.2600), (117.2200, 34.2440))),
    Street("ring-e", "ring", "三环东路", "Third Ring East Road",
           ((117.2315, 34.2920), (117.2310, 34.2780), (117.2300, 34.2620), (117.2320, 34.2400),
            (117.2330, 34.2230), (117.2270, 34.2050), (117.2230, 34.1950))),
    Street("xinan", "street", "新安路", "Xin'an Road",
           ((117.2520, 34.2850), (117.2500, 34.2680), (117.2490, 34.2450), (117.2470, 34.2250),
            (117.2480, 34.2060), (117.2500, 34.1880), (117.2520, 34.1560))),
    Street("hanyuan", "arterial", "汉源大道", "Hanyuan Avenue",
           ((117.2640, 34.2660), (117.2670, 34.2450), (117.2700, 34.2230), (117.2790, 34.2040),
            (117.2800, 34.1830), (117.2780, 34.1520))),
    Street("yuanhe", "street", "元和路", "Yuanhe Road",
           ((117.2600, 34.2220), (117.2590, 34.2060), (117.2540, 34.1960), (117.2560, 34.1830),
            (117.2620, 34.1560))),
    Street("longhu", "street", "镜泊东路", "Jingbo East Road",
           ((117.2900, 34.2560), (117.2890, 34.2360), (117.2900, 34.2230), (117.2920, 34.2020),
            (117.2970, 34.1850), (117.2990, 34.1450))),
    Street("zijin", "street", "紫金路", "Zijin Road",
           ((117.3040, 34.2350), (117.3060, 34.2170), (117.3120, 34.1960), (117.3180, 34.1720),
            (117.3180, 34.1410))),
    # west to east, from the north
    Street("xiangshan", "street", "响山路", "Xiangshan Road",
           ((117.2030, 34.2755), (117.2160, 34.2755), (117.2320, 34.2800), (117.2540, 34.2775))),
    Street("huaihai-e", "arterial", "淮海东路", "Huaihai East Road",
           ((117.1740, 34.2630), (117.1900, 34.2630), (117.2060, 34.2625), (117.2260, 34.2640),
            (117.2450, 34.2650), (117.2640, 34.2640))),
    Street("jianguo-w", "arterial", "建国西路", "Jianguo West Road",
           ((117.1740, 34.2582), (117.1906, 34.2585))),
    Street("jianguo-e", "arterial", "建国东路", "Jianguo East Road",
           ((117.1906, 34.2585), (117.2040, 34.2582), (117.2200, 34.2580), (117.2310, 34.2590))),
    Street("heping", "arterial", "和平路", "Heping Road",
           ((117.1740, 34.2505), (117.1912, 34.2510), (117.2040, 34.2500), (117.2200, 34.2475),
            (117.2330, 34.2425), (117.2500, 34.2400), (117.2680, 34.2395), (117.2900, 34.2420),
            (117.3100, 34.2400))),
    Street("tongshan", "street", "铜山路", "Tongshan Road",
           ((117.1925, 34.2425), (117.2050, 34.2415), (117.2200, 34.2400), (117.2330, 34.2350))),
    Street("chengdong", "street", "城东大道", "Chengdong Avenue",
           ((117.2300, 34.2540), (117.2480, 34.2555), (117.2650, 34.2545), (117.2900, 34.2530))),
    Street("guozhuang", "arterial", "郭庄路", "Guozhuang Road",
           ((117.2200, 34.2300), (117.2330, 34.2290), (117.2480, 34.2280), (117.2690, 34.2270),
            (117.2900, 34.2260), (117.3120, 34.2270))),
    Street("kunlun", "arterial", "昆仑大道", "Kunlun Avenue",
           ((117.2180, 34.2145), (117.2330, 34.2140), (117.2480, 34.2130), (117.2750, 34.2105),
            (117.2910, 34.2085), (117.3130, 34.2075))),
    Street("taihang", "street", "太行路", "Taihang Road",
           ((117.2240, 34.2040), (117.2470, 34.2045), (117.2790, 34.2040), (117.2920, 34.2000),
            (117.3160, 34.1970))),
    Street("hanfeng", "street", "汉风路", "Hanfeng Road",
           ((117.2330, 34.2215), (117.2480, 34.2200), (117.2705, 34.2190), (117.2900, 34.2185))),
    Street("longhu-s", "street", "龙湖南路", "Longhu South Road",
           ((117.2200, 34.1855), (117.2500, 34.1845), (117.2660, 34.1795), (117.2800, 34.1815),
            (117.2990, 34.1830), (117.3360, 34.1830))),
    Street("pengzu", "ring", "彭祖大道", "Pengzu Avenue",
           ((117.2180, 34.1755), (117.2420, 34.1740), (117.2620, 34.1700), (117.2830, 34.1720),
            (117.3100, 34.1725), (117.3420, 34.1740))),
    Street("pantang", "street", "潘塘路", "Pantang Road",
           ((117.2780, 34.1610), (117.2990, 34.1620), (117.3180, 34.1600), (117.3340, 34.1580))),
)  # fmt: skip

# Short streets of the old town, where most of the demo happens.
LANES = (
    Street("zhongshu", "lane", "中枢街", "Zhongshu Street",
           ((117.1842, 34.2607), (117.1906, 34.2609))),
    Street("fushu", "lane", "富庶街", "Fushu Street",
           ((117.1846, 34.2652), (117.1904, 34.2655))),
    Street("tongyi", "lane", "统一街", "Tongyi Street",
           ((117.1906, 34.2545), (117.1975, 34.2550), (117.2037, 34.2545))),
    Street("yongan", "lane", "永安街", "Yong'an Street",
           ((117.1906, 34.2608), (117.1965, 34.2603), (117.2010, 34.2604))),
    Street("heqing", "lane", "河清路", "Heqing Road",
           ((117.1955, 34.2668), (117.1960, 34.2585), (117.1975, 34.2505))),
    Street("fengchu", "lane", "丰储街", "Fengchu Street",
           ((117.1851, 34.2537), (117.1910, 34.2541))),
    Street("jianzigu", "lane", "剪子股", "Jianzigu",
           ((117.1820, 34.2565), (117.1835, 34.2548), (117.1830, 34.2525))),
    Street("xuanwu", "lane", "宣武路", "Xuanwu Road",
           ((117.1995, 34.2625), (117.1990, 34.2583), (117.2000, 34.2503))),
    Street("wangjie-rd", "lane", "子房山路", "Zifangshan Road",
           ((117.2041, 34.2662), (117.2100, 34.2667), (117.2190, 34.2645))),
    Street("xiahong", "lane", "下洪路", "Xiahong Road",
           ((117.2240, 34.2645), (117.2250, 34.2720), (117.2245, 34.2790))),
)  # fmt: skip

# Blocks of minor streets: west, south, east, north, distance in kilometres, slant.
_BLOCKS = (
    (117.176, 34.244, 117.231, 34.284, 0.30, 0.02),
    (117.231, 34.244, 117.290, 34.282, 0.48, -0.06),
    (117.205, 34.222, 117.300, 34.244, 0.52, -0.05),
    (117.222, 34.186, 117.315, 34.222, 0.46, -0.03),
    (117.232, 34.158, 117.338, 34.186, 0.66, 0.04),
)


def minor_streets(obstacles: BaseGeometry) -> list[BaseGeometry]:
    """Nameless streets that fill the blocks, broken off here and there, around obstacles."""
    dice = random.Random("minor streets")  # noqa: S311 - a picture, not a secret
    found: list[BaseGeometry] = []
    for west, south, east, north, step, slant in _BLOCKS:
        left, low = shapes.plane(west, south)
        right, high = shapes.plane(east, north)
        found += _rows(dice, (left, low, right, high), step, slant, upright=False)
        found += _rows(dice, (left, low, right, high), step * 1.2, -slant, upright=True)
    return [course.difference(obstacles) for course in found]


def _rows(
    dice: random.Random,
    frame: tuple[float, float, float, float],
    step: float,
    slant: float,
    upright: bool,
) -> list[BaseGeometry]:
    left, low, right, high = frame
    first, last = (left, right) if upright else (low, high)
    begin, end = (low, high) if upright else (left, right)
    found: list[BaseGeometry] = []
    at = first + step * 0.6
    while at < last:
        here = begin
        while here < end:
            stop = min(here + dice.uniform(0.5, 2.2), end)
            shift = dice.uniform(-0.12, 0.12) * step
            course = [
                (along, at + shift + slant * (along - begin))
                for along in (here, (here + stop) / 2, stop)
            ]
            if upright:
                course = [(y, x) for x, y in course]
            if stop - here > 0.25:
                found.append(LineString(course))
            here = stop + (step if dice.random() < 0.45 else 0)
        at += step * dice.uniform(0.85, 1.2)
    return found
