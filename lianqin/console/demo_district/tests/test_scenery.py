"""What the players of a day are given: spots in the right community, small marked pictures."""

from __future__ import annotations

from shapely.geometry import Point, shape

from lianqin.console.demo_district import SCENES, areas, demo, scenery
from lianqin.files.checks import check_image

AREAS = {area.code: area for area in demo().areas}


def test_spots_lie_in_their_community_and_belong_to_their_centre() -> None:
    places = {centre.key: centre.place for centre in areas.centres()}
    found = scenery.spots()
    assert set(found) == set(places)
    for centre, spots in found.items():
        for spot in spots[::8]:
            area = AREAS[str(spot["area"])]
            assert area.place == places[centre]
            assert shape(area.geometry).covers(Point(spot["lon"], spot["lat"]))


def test_every_scene_is_drawn_before_and_after_and_can_be_uploaded() -> None:
    drawn = dict(scenery.pictures())
    assert len(drawn) == len(SCENES) * 2 * scenery.VARIANTS
    for name, content in drawn.items():
        assert name.split("-")[0] in SCENES
        assert len(content) < 60_000
    assert check_image(drawn["stall-after-0.jpg"]).width == scenery.SIZE[0]
