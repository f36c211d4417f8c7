"""Whether numbers that claim to be a position are one.

Real request files hold zeros, text, swapped axes and coordinates rounded to whole degrees. A
report with such a position is still a report: it keeps its area and is marked "place unknown".
"""

from __future__ import annotations

import math
from enum import StrEnum

from lianqin.geo.position import Box, Datum, Position


class Fault(StrEnum):
    """Why a position is not used."""

    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    NULL_ISLAND = "null_island"
    ROUNDED = "rounded"
    SWAPPED = "swapped"
    OUTSIDE_DISTRICT = "outside_district"


class PositionRefused(ValueError):
    """The given numbers are not a usable position; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"not a usable position: {fault}")
        self.fault = fault


def looks_rounded(position: Position) -> bool:
    """Whether both coordinates are whole degrees: a rounding of 100 km, not a place."""
    return float(position.lon).is_integer() and float(position.lat).is_integer()


def check(position: Position, district: Box | None = None) -> Fault | None:
    """What is wrong with a position, or None.

    Parameters
    ----------
    district
        Where positions are expected, with whatever margin is wanted; None to accept all the
        world.
    """
    lon, lat = position.lon, position.lat
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return Fault.NOT_A_NUMBER
    if abs(lon) < 0.001 and abs(lat) < 0.001:
        return Fault.NULL_ISLAND
    if looks_rounded(position):
        return Fault.ROUNDED
    possible = abs(lon) <= 180 and abs(lat) <= 90
    if possible and (district is None or district.holds(position)):
        return None
    turned = Position(lat, lon, position.datum)
    if abs(lat) <= 180 and abs(lon) <= 90 and (district is None or district.holds(turned)):
        return Fault.SWAPPED
    return Fault.OUTSIDE_DISTRICT


def read_position(
    lon: object, lat: object, datum: Datum = Datum.WGS84, district: Box | None = None
) -> Position:
    """A checked position from whatever a file or request holds, in the datum it came in.

    Raises
    ------
    PositionRefused
        With the fault; ``MISSING`` if both are empty.
    """
    if _empty(lon) and _empty(lat):
        raise PositionRefused(Fault.MISSING)
    try:
        position = Position(float(str(lon).strip()), float(str(lat).strip()), datum)
    except ValueError:
        raise PositionRefused(Fault.NOT_A_NUMBER) from None
    fault = check(position, district)
    if fault is not None:
        raise PositionRefused(fault)
    return position


def _empty(value: object) -> bool:
    return value is None or str(value).strip() == ""
