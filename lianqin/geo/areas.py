"""Which areas a position lies in.

Areas are nested (district, subdistrict, community, grid). The index holds their polygons in a
tree, so that a look-up among thousands of grids takes microseconds and needs no other server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
import shapely.ops
from shapely.geometry import Point, mapping, shape
from shapely.geometry.base import BaseGeometry

from lianqin.geo.position import Box, Position, around, distance_m


class AreaError(ValueError):
    """Areas that do not form a tree; the message names the code."""


@dataclass(frozen=True, slots=True)
class Area:
    """A polygon with its official code; ``parent`` is the code of the area that holds it."""

    code: str
    geometry: BaseGeometry
    parent: str | None = None

    @classmethod
    def from_geojson(
        cls, code: str, geometry: Mapping[str, Any], parent: str | None = None
    ) -> Area:
        """Read a GeoJSON polygon or multipolygon (WGS 84).

        Raises
        ------
        AreaError
            If it is no valid polygon.
        """
        try:
            read = shape(geometry)
        except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
            raise AreaError(f"{code}: not a GeoJSON geometry") from None
        if read.geom_type not in ("Polygon", "MultiPolygon") or read.is_empty:
            raise AreaError(f"{code}: an area is a polygon, not {read.geom_type}")
        if not read.is_valid:
            raise AreaError(f"{code}: {shapely.is_valid_reason(read)}")
        return cls(code, read, parent)


class Areas:
    """An index over areas; build it once per version of the data and keep it.

    Raises
    ------
    AreaError
        If a code comes twice, a parent is not among the areas, or parents go round in circles.
    """

    def __init__(self, areas: Iterable[Area]) -> None:
        self._areas = list(areas)
        self._by_code = {area.code: area for area in self._areas}
        if len(self._by_code) != len(self._areas):
            raise AreaError("a code comes twice")
        self._paths = {area.code: tuple(self._climb(area)) for area in self._areas}
        self._tree = shapely.STRtree([area.geometry for area in self._areas])
        shapely.prepare([area.geometry for area in self._areas])

    def __len__(self) -> int:
        return len(self._areas)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def _climb(self, area: Area) -> Iterator[str]:
        seen: set[str] = set()
        here: Area | None = area
        while here is not None:
            if here.code in seen:
                raise AreaError(f"{area.code}: its parents go round in a circle")
            seen.add(here.code)
            yield here.code
            if here.parent is not None and here.parent not in self._by_code:
                raise AreaError(f"{here.code}: parent {here.parent} is not among the areas")
            here = self._by_code[here.parent] if here.parent is not None else None

    def path(self, code: str) -> tuple[str, ...]:
        """Code and parents of an area, deepest first.

        Raises
        ------
        KeyError
            If there is no such area.
        """
        return self._paths[code]

    def find(self, position: Position) -> tuple[str, ...]:
        """Codes of the areas that hold the position, deepest first; empty if none does.

        The answer is the path of the deepest area found. On a shared border the smallest code
        wins, so that the same position always has the same answer.
        """
        at = position.wgs84
        hits = self._tree.query(Point(at.lon, at.lat), predicate="intersects")
        codes = [self._areas[int(hit)].code for hit in hits]
        if not codes:
            return ()
        return self._paths[min(codes, key=lambda code: (-len(self._paths[code]), code))]

    def near(self, position: Position, metres: float) -> tuple[str, ...]:
        """Path of the area whose edge is nearest, at most ``metres`` away; empty if none is.

        For what stands just outside: the far kerb of a border street. Of areas equally near the
        deepest wins, then the smallest code.
        """
        at = position.wgs84
        point = Point(at.lon, at.lat)
        reach = around(at, metres)
        found = []
        for index in self._tree.query(
            shapely.box(reach.west, reach.south, reach.east, reach.north)
        ):
            area = self._areas[int(index)]
            edge = shapely.ops.nearest_points(area.geometry, point)[0]
            away = distance_m(at, Position(edge.x, edge.y))
            if away <= metres:
                found.append((round(away, 1), -len(self.path(area.code)), area.code))
        return self.path(min(found)[2]) if found else ()

    def box(self, code: str | None = None) -> Box:
        """The rectangle around one area, or around all of them."""
        chosen = self._areas if code is None else [self._by_code[code]]
        west, south, east, north = shapely.total_bounds([area.geometry for area in chosen])
        return Box(float(west), float(south), float(east), float(north))

    def geometry(self, code: str) -> BaseGeometry:
        """The polygon of an area as it was given."""
        return self._by_code[code].geometry

    def display(self, metres: float = 5.0) -> dict[str, dict[str, Any]]:
        """GeoJSON geometries for screens: simplified, five decimals (about a metre), valid.

        The areas of one level are simplified together, so that shared borders stay shared.
        """
        levels: dict[int, list[Area]] = {}
        for area in self._areas:
            levels.setdefault(len(self._paths[area.code]), []).append(area)
        return {
            area.code: to_geojson(geometry)
            for level in levels.values()
            for area, geometry in zip(
                level, simplified([one.geometry for one in level], metres), strict=True
            )
        }


def simplified(geometries: list[BaseGeometry], metres: float) -> list[BaseGeometry]:
    """Polygons with fewer points, off by at most about ``metres``.

    Coverages (neighbours that share borders, such as all areas of one level) keep their shared
    borders; where the polygons overlap, as nested ones do, each is simplified on its own.
    """
    tolerance = metres / 111_000.0
    if not geometries:
        return []
    if len(geometries) > 1 and shapely.coverage_is_valid(geometries):
        return list(shapely.coverage_simplify(geometries, tolerance))
    return [one.simplify(tolerance, preserve_topology=True) for one in geometries]


def to_geojson(geometry: BaseGeometry, decimals: int = 5) -> dict[str, Any]:
    """A GeoJSON geometry with rounded coordinates, repaired if rounding folded it."""
    rounded = shapely.set_precision(geometry, 10.0**-decimals)
    result: dict[str, Any] = mapping(_rounded(rounded if not rounded.is_empty else geometry))
    return result


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    # set_precision snaps to a grid of floats such as 117.20000000000002: round them for print.
    result: BaseGeometry = shapely.transform(geometry, lambda points: points.round(9))
    return result
