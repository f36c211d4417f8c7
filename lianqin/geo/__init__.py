"""Places on earth: positions and datums, distances, validity, and the areas that hold them.

Pure: no framework, no database, no network.
"""

from lianqin.geo.areas import Area, AreaError, Areas, simplified, to_geojson
from lianqin.geo.position import (
    EARTH_RADIUS_M,
    Box,
    Datum,
    Position,
    around,
    distance_m,
    shifted_here,
)
from lianqin.geo.validity import Fault, PositionRefused, check, looks_rounded, read_position

__all__ = [
    "EARTH_RADIUS_M",
    "Area",
    "AreaError",
    "Areas",
    "Box",
    "Datum",
    "Fault",
    "Position",
    "PositionRefused",
    "around",
    "check",
    "distance_m",
    "looks_rounded",
    "read_position",
    "shifted_here",
    "simplified",
    "to_geojson",
]
