"""The index of areas on small polygons, and on the real outline where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box, mapping, shape

from lianqin.geo import Area, AreaError, Areas, Datum, Position, simplified, to_geojson

OUTLINE = Path(__file__).parents[4] / "shared" / "data" / "yunlong_320303_wgs84.geojson"


def town() -> Areas:
    """A district of two subdistricts, the western one with two communities."""
    return Areas(
        [
            Area("D", box(10, 50, 12, 51)),
            Area("D1", box(10, 50, 11, 51), "D"),
            Area("D2", box(11, 50, 12, 51), "D"),
            Area("D1a", box(10, 50, 11, 50.5), "D1"),
            Area("D1b", box(10, 50.5, 11, 51), "D1"),
        ]
    )


@pytest.mark.parametrize(
    ("lon", "lat", "path"),
    [
        (10.5, 50.25, ("D1a", "D1", "D")),
        (10.5, 50.75, ("D1b", "D1", "D")),
        (11.5, 50.25, ("D2", "D")),
        (13.0, 50.25, ()),
        (10.5, 50.5, ("D1a", "D1", "D")),  # on a border the smaller code wins
        (11.0, 50.25, ("D1a", "D1", "D")),  # and the deeper area before that
    ],
)
def test_find(lon: float, lat: float, path: tuple[str, ...]) -> None:
    assert town().find(Position(lon, lat)) == path


def test_find_reads_other_datums() -> None:
    areas = Areas([Area("A", box(117.2, 34.2, 117.201, 34.201))])
    inside = Position(117.2005, 34.2005)
    assert areas.find(inside.to(Datum.BD09)) == ("A",)
    assert areas.find(Position(117.2005, 34.2005, Datum.BD09)) == ()


def test_an_empty_index_finds_nothing() -> None:
    assert Areas([]).find(Position(1.5, 1.5)) == ()


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        ([Area("A", box(0, 0, 1, 1)), Area("A", box(0, 0, 1, 1))], "twice"),
        ([Area("A", box(0, 0, 1, 1), "B")], "not among"),
        ([Area("A", box(0, 0, 1, 1), "B"), Area("B", box(0, 0, 1, 1), "A")], "circle"),
    ],
)
def test_areas_that_form_no_tree_are_refused(areas: list[Area], words: str) -> None:
    with pytest.raises(AreaError, match=words):
        Areas(areas)


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "not Point"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "Self"),
        ({"type": "Nonsense"}, "GeoJSON"),
        ({"type": "Polygon", "coordinates": []}, "polygon"),
    ],
)
def test_what_is_no_area_is_refused(geometry: dict[str, object], words: str) -> None:
    with pytest.raises(AreaError, match=words):
        Area.from_geojson("A", geometry)


def test_a_polygon_is_read_from_geojson() -> None:
    area = Area.from_geojson("A", mapping(box(0, 0, 1, 1)))
    assert Areas([area]).box("A").east == 1.0


def test_paths_and_boxes() -> None:
    areas = town()
    assert areas.path("D1a") == ("D1a", "D1", "D")
    assert (areas.box().west, areas.box().north) == (10, 51)
    assert "D2" in areas
    assert len(areas) == 5
    assert areas.geometry("D2").area == 1


def wavy(east: bool) -> shapely.Polygon:
    """One of two neighbours whose common border has many small steps."""
    border = [(0.00001 * (i % 2), i * 0.0001) for i in range(101)]
    far = [(0.1, 0.01), (0.1, 0.0)] if east else [(-0.1, 0.01), (-0.1, 0.0)]
    return shapely.Polygon([*border, *far])


def test_neighbours_keep_their_common_border() -> None:
    west, east = simplified([wavy(False), wavy(True)], 5)
    assert len(west.exterior.coords) < 30
    assert west.intersection(east).area == 0
    assert shapely.coverage_is_valid([west, east])


def test_for_display_coordinates_have_five_decimals_and_polygons_stay_valid() -> None:
    shown = town().display()
    assert shape(shown["D1a"]).equals(box(10, 50, 11, 50.5))
    text = json.dumps(to_geojson(box(117.123456789, 34.2, 117.2, 34.3)))
    assert "117.12346" in text
    assert "00001" not in text


@settings(max_examples=200, deadline=None)
@given(st.floats(9.5, 12.5), st.floats(49.5, 51.5))
def test_find_agrees_with_looking_at_every_polygon(lon: float, lat: float) -> None:
    areas = town()
    place = shapely.Point(lon, lat)
    held = {c for c in ("D", "D1", "D2", "D1a", "D1b") if areas.geometry(c).intersects(place)}
    found = areas.find(Position(lon, lat))
    assert set(found) <= held
    assert bool(found) == bool(held)


@pytest.mark.skipif(not OUTLINE.exists(), reason="the real outline is not beside this checkout")
def test_the_real_outline() -> None:
    data = json.loads(OUTLINE.read_text(encoding="utf-8"))
    areas = Areas([Area.from_geojson("320303", data["features"][0]["geometry"])])
    assert areas.find(Position(117.25, 34.22)) == ("320303",)
    assert areas.find(Position(117.0, 34.22)) == ()
    box_ = areas.box()
    assert (box_.west, box_.south) == pytest.approx((117.180, 34.141), abs=0.001)
