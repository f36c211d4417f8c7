"""Subdistricts, centres' zones and communities: real codes and names, invented polygons.

No open polygons of subdistricts or communities exist, so each subdistrict gets the ground
nearest to a few points that lie roughly where it is; the pilot ones are divided among their
centres and those among their communities.
"""

from __future__ import annotations

from functools import cache

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from lianqin.console.demo_district import shapes
from lianqin.console.demo_district.data import DISTRICT, outline, rows
from lianqin.console.demo_district.models import Area, Centre, District, Name, Office

# Roughly where the subdistricts lie; several points give a shape.
_SEEDS: dict[str, tuple[shapes.Pair, ...]] = {
    "320303001": ((117.187, 34.262), (117.188, 34.2535), (117.1965, 34.2575)),
    "320303002": ((117.2065, 34.2685), (117.214, 34.2625), (117.222, 34.275), (117.238, 34.281)),
    "320303003": ((117.2065, 34.2455), (117.218, 34.249), (117.2135, 34.2345), (117.226, 34.2265)),
    "320303004": ((117.232, 34.2615), (117.247, 34.270), (117.240, 34.252), (117.259, 34.2555)),
    "320303005": ((117.2475, 34.2395), (117.265, 34.2455), (117.281, 34.2525), (117.270, 34.236)),
    "320303006": ((117.290, 34.2395), (117.298, 34.2255), (117.281, 34.223), (117.302, 34.211)),
    "320303009": ((117.2355, 34.2135), (117.252, 34.2225), (117.238, 34.2015), (117.256, 34.209)),
    "320303007": (
        (117.263, 34.196), (117.278, 34.204), (117.248, 34.187), (117.270, 34.181),
        (117.232, 34.183), (117.296, 34.194),
    ),
    "320303008": (
        (117.302, 34.176), (117.321, 34.171), (117.316, 34.152), (117.283, 34.166),
        (117.330, 34.182), (117.250, 34.166),
    ),
}  # fmt: skip
# The two statistical areas: middle and width in kilometres, and the office around them.
_STATISTICAL: dict[str, tuple[shapes.Pair, float, str]] = {
    "320303400": ((117.2505, 34.2615), 0.55, "320303004"),
    "320303401": ((117.1868, 34.2545), 0.42, "320303001"),
}

# Centre: names, subdistrict, where its zone lies, and the serials of its communities.
_CENTRES: tuple[tuple[str, str, str, str, shapes.Pair, tuple[str, ...]], ...] = (
    ("qingnian", "青年", "Qingnian", "320303001", (117.1845, 34.2640), ("001", "004", "006")),
    ("pengcheng", "彭城", "Pengcheng", "320303001", (117.1860, 34.2545),
     ("003", "008", "009", "010")),
    ("xinsheng", "新生", "Xinsheng", "320303001", (117.1985, 34.2580), ("011", "012", "013")),
    ("wangjie", "王杰", "Wangjie", "320303002", (117.2170, 34.2640),
     ("002", "004", "005", "006", "007", "008")),
    ("tianqiao", "天桥", "Tianqiao", "320303002", (117.2090, 34.2760),
     ("009", "011", "012", "013", "014")),
)  # fmt: skip
PILOT = ("320303001", "320303002")
#: How many teams there are in the pilot, and in the whole district.
PILOT_TEAMS, ALL_TEAMS = 5, 13
# The other centres of the whole district: names, subdistrict, and where two share one, the middle
# of the zone of each. Their names are those of the subdistricts; the pilot is what is known.
_OTHERS: tuple[tuple[str, str, str, str, shapes.Pair | None], ...] = (
    ("huangshan-1", "黄山一", "Huangshan 1", "320303003", (117.2100, 34.2475)),
    ("huangshan-2", "黄山二", "Huangshan 2", "320303003", (117.2200, 34.2305)),
    ("luotuoshan", "骆驼山", "Luotuoshan", "320303004", None),
    ("daguozhuang", "大郭庄", "Daguozhuang", "320303005", None),
    ("cuipingshan", "翠屏山", "Cuipingshan", "320303006", None),
    ("dalonghu", "大龙湖", "Dalonghu", "320303007", None),
    ("pantang", "潘塘", "Pantang", "320303008", None),
    ("hanfeng", "汉风", "Hanfeng", "320303009", None),
)


def district() -> District:
    """The district with its outline."""
    feature = outline()
    return District(
        code=DISTRICT,
        name=feature["properties"]["name"],
        number_prefix="云龙",
        timezone="Asia/Shanghai",
        outline=feature["geometry"],
        outline_source=feature["properties"]["source"],
    )


def office_place(code: str) -> str:
    """The place of a subdistrict's office."""
    return f"{DISTRICT}/{code}"


def offices() -> tuple[Office, ...]:
    """The nine joint enforcement offices, two of them in the pilot."""
    return tuple(
        Office(
            code=row["code"],
            name={
                "zh": f"{row['name_zh']}联勤执法办公室",
                "en": f"{row['name_en']} joint enforcement office",
            },
            place=office_place(row["code"]),
            pilot=row["code"] in PILOT,
        )
        for row in rows("areas.csv")
        if row["kind"] == "subdistrict" and row["statistical"] == "0"
    )


def centres(teams: int = PILOT_TEAMS) -> tuple[Centre, ...]:
    """The joint command centres: the five of the pilot, or all thirteen of the district."""
    found = [row[:4] for row in _CENTRES]
    found += [row[:4] for row in _OTHERS] if teams > PILOT_TEAMS else []
    return tuple(
        Centre(
            key=key,
            name={"zh": f"{zh}联勤指挥中心", "en": f"{en} joint command centre"},
            short={"zh": zh, "en": en},
            place=f"{office_place(office)}/{key}",
            office=office,
            station=f"station-{key}",
        )
        for key, zh, en, office in found
    )


@cache
def ground() -> BaseGeometry:
    """The district in kilometres."""
    return shapes.to_plane(shapely.geometry.shape(outline()["geometry"]))


@cache
def subdistricts() -> dict[str, BaseGeometry]:
    """Polygons of subdistricts and statistical areas by code, in kilometres."""
    owners = [(code, shapes.plane(*seed)) for code, seeds in _SEEDS.items() for seed in seeds]
    parts = shapes.cells(ground(), [seed for _, seed in owners])
    found = {
        code: shapes.joined([p for (o, _), p in zip(owners, parts, strict=True) if o == code])
        for code in _SEEDS
    }
    for code, (middle, wide, around) in _STATISTICAL.items():
        patch = shapes.blob(*middle, wide, wide, code).intersection(found[around])
        found[code] = patch
        found[around] = found[around].difference(patch)
    return found


@cache
def zones() -> dict[str, BaseGeometry]:
    """Polygons of the centres' zones by key, in kilometres."""
    found: dict[str, BaseGeometry] = {}
    for office in PILOT:
        mine = [row for row in _CENTRES if row[3] == office]
        parts = shapes.cells(subdistricts()[office], [shapes.plane(*row[4]) for row in mine])
        found.update({row[0]: part for row, part in zip(mine, parts, strict=True)})
    for row in _OTHERS:
        own = [_drawn_elsewhere()[code] for code, key in other_keys().items() if key == row[0]]
        found[row[0]] = shapes.joined(own)
    return found


@cache
def _drawn_communities() -> dict[str, BaseGeometry]:
    """Polygons of all communities as drawn, in kilometres."""
    found: dict[str, BaseGeometry] = {}
    for key, _, _, office, _, serials in _CENTRES:
        codes = [office + serial for serial in serials]
        found.update(_divide(zones()[key], codes, key))
    return {**found, **_drawn_elsewhere()}


@cache
def _drawn_elsewhere() -> dict[str, BaseGeometry]:
    """Those outside the pilot's subdistricts."""
    found: dict[str, BaseGeometry] = {}
    for code, polygon in subdistricts().items():
        if code not in PILOT:
            mine = [r["code"] for r in rows("areas.csv") if r["parent"] == code]
            found.update(_divide(polygon, mine, code))
    return found


@cache
def other_keys() -> dict[str, str]:
    """The centre of every community outside the pilot, by code: its subdistrict's, the nearer one
    where that has two."""
    found = {}
    for code, polygon in _drawn_elsewhere().items():
        office = _STATISTICAL[code[:9]][2] if code[:9] in _STATISTICAL else code[:9]
        mine = [row for row in _OTHERS if row[3] == office]
        middle = polygon.representative_point()
        near = [(Point(shapes.plane(*row[4])).distance(middle) if row[4] else 0, row[0])
                for row in mine]  # fmt: skip
        if near:
            found[code] = min(near)[1]
    return found


@cache
def polygons() -> dict[str, BaseGeometry]:
    """Polygons of all areas by code, in degrees of six decimals, with no gap and no overlap.

    Rounding would part neighbours by a hair where one's corner lies on the other's side. So all
    borders are cut at all corners on the rounded grid first, and the faces between them sorted
    to their community; a subdistrict is what its communities are together.
    """
    drawn = _drawn_communities()
    borders = [shapes.to_degrees(one).boundary for one in drawn.values()]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(borders, grid_size=1e-6)]))
    mine: dict[str, list[BaseGeometry]] = {}
    for face in faces:
        middle = shapes.to_plane(face.representative_point())
        code = min(drawn, key=lambda code: (drawn[code].distance(middle), code))
        mine.setdefault(code, []).append(face)
    found = {code: shapes.joined(parts) for code, parts in mine.items()}
    for parent in subdistricts():
        found[parent] = shapes.joined([found[code] for code in drawn if code[:9] == parent])
    return found


@cache
def communities() -> dict[str, BaseGeometry]:
    """Polygons of all communities by code, in kilometres."""
    return {code: shapes.to_plane(polygons()[code]) for code in _drawn_communities()}


def _divide(polygon: BaseGeometry, codes: list[str], seed: str) -> dict[str, BaseGeometry]:
    parts = shapes.even_cells(polygon, len(codes), seed)
    return dict(zip(codes, parts, strict=True))


@cache
def _community_places() -> dict[str, str]:
    return {
        office + serial: f"{office_place(office)}/{key}"
        for key, _, _, office, _, serials in _CENTRES
        for serial in serials
    }


def place_of(code: str, teams: int = PILOT_TEAMS) -> str:
    """The place that an area belongs to: its centre, or its office."""
    subdistrict = code[:9]
    if teams > PILOT_TEAMS and code in other_keys():
        key = other_keys()[code]
        return next(c.place for c in centres(teams) if c.key == key)
    if code in _community_places():
        return _community_places()[code]
    if subdistrict in _STATISTICAL:
        return office_place(_STATISTICAL[subdistrict][2])
    return office_place(subdistrict)


@cache
def areas(teams: int = PILOT_TEAMS) -> tuple[Area, ...]:
    """Every subdistrict, then every community."""
    return tuple(
        Area(
            code=row["code"],
            kind=row["kind"],
            parent=row["parent"],
            name=_name(row),
            place=place_of(row["code"], teams),
            statistical=row["statistical"] == "1",
            geometry=shapely.geometry.mapping(polygons()[row["code"]]),
        )
        for row in rows("areas.csv")
    )


def _name(row: dict[str, str]) -> Name:
    return {"zh": row["name_zh"], "en": row["name_en"]}
