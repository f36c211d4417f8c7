"""The invented ground: valid, inside the outline, without gaps, the same every time."""

from __future__ import annotations

import json

import pytest
import shapely
from shapely.geometry import Point, shape

from lianqin.console.demo_district import areas, base_map, demo
from lianqin.geo import Area, Areas, Position

DEMO = demo()
OUTLINE = shape(DEMO.district.outline)
BY_CODE = {area.code: area for area in DEMO.areas}
# The outline has no corner where a border meets it on the grid of a decimetre: square degrees.
HAIR = 1e-7


def polygon(code: str) -> shapely.Geometry:
    return shape(BY_CODE[code].geometry)


def children(code: str) -> list[str]:
    return [area.code for area in DEMO.areas if area.parent == code]


def test_the_counts_are_those_of_the_district() -> None:
    subdistricts = [a for a in DEMO.areas if a.kind == "subdistrict"]
    communities = [a for a in DEMO.areas if a.kind == "community"]
    assert len([a for a in subdistricts if not a.statistical]) == 9
    assert len([a for a in subdistricts if a.statistical]) == 2
    assert len([a for a in communities if not a.statistical]) == 86
    assert len([a for a in communities if a.statistical]) == 2
    assert len(children("320303001")) == 10
    assert len(children("320303002")) == 11


def test_every_name_comes_in_both_languages() -> None:
    for thing in (*DEMO.areas, *DEMO.sites, *DEMO.agencies, *DEMO.case_classes, *DEMO.members):
        assert thing.name["zh"].strip()
        assert thing.name["en"].strip()
        assert thing.name["en"] != thing.name["zh"]


@pytest.mark.parametrize("area", DEMO.areas, ids=lambda area: area.code)
def test_a_polygon_is_valid_and_inside(area) -> None:
    ground = shape(area.geometry)
    assert ground.is_valid
    assert ground.area > 0
    assert ground.difference(OUTLINE).area < HAIR
    assert area.illustrative


def test_subdistricts_fill_the_district() -> None:
    parts = [polygon(code) for code in children("320303")]
    assert shapely.coverage_is_valid(parts)
    assert OUTLINE.symmetric_difference(shapely.union_all(parts)).area < HAIR


@pytest.mark.parametrize("code", children("320303"))
def test_communities_fill_their_subdistrict_exactly(code: str) -> None:
    parts = [polygon(child) for child in children(code)]
    assert shapely.coverage_is_valid(parts)
    assert polygon(code).equals(shapely.coverage_union_all(parts))


def test_all_communities_together_have_no_gap_and_no_overlap() -> None:
    communities = [shape(a.geometry) for a in DEMO.areas if a.kind == "community"]
    assert shapely.coverage_is_valid(communities)


def test_pilot_communities_belong_to_a_centre_of_their_subdistrict() -> None:
    places = {centre.place for centre in DEMO.centres}
    for office in areas.PILOT:
        for code in children(office):
            assert BY_CODE[code].place in places
            assert BY_CODE[code].place.startswith(f"320303/{office}/")


def test_other_areas_belong_to_an_office() -> None:
    offices = {office.place for office in DEMO.offices}
    others = [a for a in DEMO.areas if a.code[:9] not in areas.PILOT or a.kind == "subdistrict"]
    assert {area.place for area in others} <= offices


def test_the_index_finds_every_site_where_it_says_it_is() -> None:
    index = Areas(
        Area.from_geojson(a.code, a.geometry, None if a.parent == "320303" else a.parent)
        for a in DEMO.areas
    )
    for site in DEMO.sites:
        assert index.find(Position(site.lon, site.lat))[0] == site.area
        assert BY_CODE[site.area].place == site.place
        assert site.illustrative


def test_the_sites_of_the_seed_are_there() -> None:
    kinds = [site.kind for site in DEMO.sites]
    assert kinds.count("station") == 5
    assert kinds.count("kiosk") == 6
    assert kinds.count("community_post") == 10
    assert kinds.count("stand_by_point") == 5
    kiosks = {site.name["zh"].removesuffix("岗亭") for site in DEMO.sites if site.kind == "kiosk"}
    assert kiosks == {"康怡大道", "复兴路", "剪子股", "丰储街", "宣武", "银座"}


def test_nothing_stands_in_water() -> None:
    wet = shape(areas.shapes.geojson(base_map.water()))
    for site in DEMO.sites:
        assert not wet.contains(Point(site.lon, site.lat)), site.key


def test_every_feature_of_the_base_map_is_illustrative_and_near() -> None:
    sheet = OUTLINE.buffer(0.007)
    layers = set()
    for feature in DEMO.base_map["features"]:
        properties, ground = feature["properties"], shape(feature["geometry"])
        layers.add(properties["layer"])
        assert properties["illustrative"] is True
        assert ground.is_valid
        assert sheet.covers(ground), feature["id"]
        assert properties["name"] is None or set(properties["name"]) == {"zh", "en"}
    assert layers == {"water", "green", "road"}


def test_the_streets_of_the_demo_are_on_the_map() -> None:
    names = {f["properties"]["name"]["zh"] for f in DEMO.base_map["features"]
             if f["properties"]["name"]}  # fmt: skip
    assert {
        "解放路",
        "建国东路",
        "民主南路",
        "和平路",
        "彭城路",
        "故黄河",
        "大龙湖",
        "云龙山",
    } <= names
    arterial = [f for f in DEMO.base_map["features"]
                if f["properties"]["class"] in ("ring", "arterial", "street")]  # fmt: skip
    assert len(arterial) >= 25


def test_ids_on_the_base_map_are_unique() -> None:
    ids = [feature["id"] for feature in DEMO.base_map["features"]]
    assert len(ids) == len(set(ids))


def test_the_base_map_is_small_and_the_same_every_time() -> None:
    first = json.dumps(base_map.base(), ensure_ascii=False)
    for cached in (base_map.base, base_map.water, base_map.hills, areas.subdistricts):
        cached.cache_clear()
    assert json.dumps(base_map.base(), ensure_ascii=False) == first
    assert len(first) < 400_000
