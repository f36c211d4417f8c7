"""Numbers that claim to be a position."""

from __future__ import annotations

import pytest

from lianqin.geo import (
    Box,
    Datum,
    Fault,
    Position,
    PositionRefused,
    check,
    looks_rounded,
    read_position,
)

YUNLONG = Box(117.180, 34.141, 117.343, 34.287)

GOOD = [
    (117.25, 34.2),
    ("117.25", " 34.2 "),
    (117, 34.2001),  # only one whole degree: unlikely, but a place
]
BAD = [
    (None, None, Fault.MISSING),
    ("", " ", Fault.MISSING),
    (117.25, None, Fault.NOT_A_NUMBER),
    ("about here", 34.2, Fault.NOT_A_NUMBER),
    (float("nan"), 34.2, Fault.NOT_A_NUMBER),
    ("inf", 34.2, Fault.NOT_A_NUMBER),
    (0, 0, Fault.NULL_ISLAND),
    (0.0001, -0.0002, Fault.NULL_ISLAND),
    (117, 34, Fault.ROUNDED),
    ("-77.0", "39.0", Fault.ROUNDED),
    (34.2, 117.25, Fault.SWAPPED),
    (116.4, 39.9, Fault.OUTSIDE_DISTRICT),
    (200.5, 100.5, Fault.OUTSIDE_DISTRICT),
    (1e308, 1e308, Fault.ROUNDED),
]


@pytest.mark.parametrize(("lon", "lat"), GOOD)
def test_it_takes(lon: object, lat: object) -> None:
    wide = Box(117.0, 34.1, 117.4, 34.3)
    assert read_position(lon, lat, district=wide).lat == float(str(lat))


@pytest.mark.parametrize(("lon", "lat", "fault"), BAD)
def test_it_refuses_and_says_why(lon: object, lat: object, fault: Fault) -> None:
    with pytest.raises(PositionRefused) as caught:
        read_position(lon, lat, district=YUNLONG)
    assert caught.value.fault is fault


def test_without_a_district_the_whole_world_will_do() -> None:
    assert check(Position(-76.61, 39.29)) is None
    assert check(Position(39.29, -76.61)) is None  # nothing tells which axis is which


def test_swapped_axes_show_even_without_a_district_when_no_latitude_fits() -> None:
    assert check(Position(34.2, 117.25)) is Fault.SWAPPED


def test_the_district_is_compared_in_wgs84() -> None:
    edge = Position(117.343, 34.2).to(Datum.GCJ02)
    assert edge.lon > YUNLONG.east
    assert check(edge, YUNLONG.grown(1)) is None


def test_whole_degrees_are_no_place() -> None:
    assert looks_rounded(Position(-77.0, 39.0))
    assert not looks_rounded(Position(-77.0, 39.01))
