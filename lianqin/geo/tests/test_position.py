"""Datums against published pairs, and what holds for every position."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqin.geo import Box, Datum, Position, around, distance_m, shifted_here

WGS84, GCJ02, BD09 = Datum.WGS84, Datum.GCJ02, Datum.BD09

# Pairs printed in the documentation of public converters, to be met to a millimetre.
PUBLISHED = [
    (WGS84, (116.404, 39.915), GCJ02, (116.41024449916938, 39.91640428150164)),
    (GCJ02, (116.404, 39.915), BD09, (116.41036949371029, 39.92133699351021)),
]

inland = st.builds(Position, st.floats(73, 135), st.floats(18, 54))
abroad = st.builds(Position, st.floats(-179, 70), st.floats(-80, 80))
district = st.builds(Position, st.floats(117.18, 117.343), st.floats(34.141, 34.287))
datums = st.sampled_from(list(Datum))


@pytest.mark.parametrize(("given_in", "place", "wanted", "published"), PUBLISHED)
def test_it_meets_the_published_pairs(given_in, place, wanted, published) -> None:
    got = Position(*place, given_in).to(wanted)
    assert (got.lon, got.lat) == pytest.approx(published, abs=1e-8)


def test_baidu_back_to_gcj02_is_near_the_published_inverse() -> None:
    got = Position(116.404, 39.915, BD09).to(GCJ02)
    published = Position(116.39762729119315, 39.90865673957631)
    assert distance_m(Position(got.lon, got.lat), published) < 1


@settings(max_examples=300, deadline=None)
@given(inland, datums, datums)
def test_there_and_back_is_less_than_a_metre(place: Position, via: Datum, over: Datum) -> None:
    assert distance_m(place, place.to(via).to(over).to(WGS84)) < 0.05


@settings(max_examples=100, deadline=None)
@given(inland)
def test_the_shift_is_some_hundred_metres(place: Position) -> None:
    shown = place.to(GCJ02)
    assert distance_m(place, Position(shown.lon, shown.lat)) < 1100


@settings(max_examples=100, deadline=None)
@given(district)
def test_in_the_district_the_shift_is_half_a_kilometre(place: Position) -> None:
    shown = place.to(GCJ02)
    assert 450 < distance_m(place, Position(shown.lon, shown.lat)) < 650


@settings(max_examples=100, deadline=None)
@given(abroad)
def test_abroad_gcj02_is_wgs84(place: Position) -> None:
    assert not shifted_here(place.lon, place.lat)
    shown = place.to(GCJ02)
    assert (shown.lon, shown.lat) == (place.lon, place.lat)


def test_distances_are_those_of_the_earth() -> None:
    xuzhou, nanjing = Position(117.1848, 34.2618), Position(118.7969, 32.0603)
    assert distance_m(xuzhou, nanjing) == pytest.approx(287_000, rel=0.01)
    assert distance_m(Position(0, 0.5), Position(0, 1.5)) == pytest.approx(111_195, rel=1e-4)


def test_distance_looks_at_places_not_at_numbers() -> None:
    place = Position(117.25, 34.2)
    assert distance_m(place, place.to(BD09)) < 0.05


@settings(max_examples=200, deadline=None)
@given(inland, inland)
def test_distance_is_the_same_both_ways(a: Position, b: Position) -> None:
    assert distance_m(a, b) == distance_m(b, a) >= 0


@settings(max_examples=200, deadline=None)
@given(district, st.floats(-0.01, 0.01), st.floats(-0.01, 0.01), st.floats(1, 2000))
def test_the_box_around_loses_no_neighbour(place, east, north, metres) -> None:
    other = Position(place.lon + east, place.lat + north)
    if distance_m(place, other) <= metres:
        assert around(place, metres).holds(other)


def test_a_grown_box_holds_its_margin() -> None:
    box = Box(117.18, 34.141, 117.343, 34.287)
    assert not box.holds(Position(117.35, 34.2))
    assert box.grown(1000).holds(Position(117.35, 34.2))
    assert not box.grown(1000).holds(Position(117.37, 34.2))
