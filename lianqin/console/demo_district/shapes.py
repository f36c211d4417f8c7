"""Geometry for an invented map: cells, blobs, smooth lines. All of it deterministic.

Work is done in a plane of kilometres around the district's middle, so that a cell is as wide
as it looks.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any, cast

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

LON0, LAT0 = 117.26, 34.21
KM_LAT = 111.0
KM_LON = KM_LAT * math.cos(math.radians(LAT0))

Pair = tuple[float, float]


def plane(lon: float, lat: float) -> Pair:
    """Degrees to kilometres."""
    return (lon - LON0) * KM_LON, (lat - LAT0) * KM_LAT


def degrees(x: float, y: float) -> Pair:
    """Kilometres to degrees, six decimals."""
    return round(LON0 + x / KM_LON, 6), round(LAT0 + y / KM_LAT, 6)


def to_plane(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry of degrees in kilometres."""
    moved: BaseGeometry = shapely.transform(
        geometry, lambda points: (points - [LON0, LAT0]) * [KM_LON, KM_LAT]
    )
    return moved


def to_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry of kilometres in degrees, six decimals (a decimetre)."""
    moved: BaseGeometry = shapely.transform(
        geometry, lambda points: (points / [KM_LON, KM_LAT] + [LON0, LAT0]).round(6)
    )
    return moved


def largest(geometry: BaseGeometry) -> Polygon:
    """The largest polygon of a geometry."""
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: cast(float, part.area))


def cells(ground: BaseGeometry, seeds: Sequence[Pair]) -> list[BaseGeometry]:
    """Divide ground among seeds: to each what lies nearest to it (Voronoi cells, clipped)."""
    if len(seeds) == 1:
        return [ground]
    diagram = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=ground.envelope.buffer(5))
    faces = [face.intersection(ground) for face in shapely.get_parts(diagram)]
    points = [Point(seed) for seed in seeds]
    uncut = list(shapely.get_parts(diagram))
    return [faces[next(i for i, f in enumerate(uncut) if f.covers(p))] for p in points]


def even_cells(ground: BaseGeometry, count: int, seed: str) -> list[BaseGeometry]:
    """Divide ground into cells of much the same size, north-west to south-east.

    Random points are moved to the middle of their cells a few times (Lloyd's relaxation).
    """
    dice = random.Random(seed)  # noqa: S311 - a picture, not a secret
    points = [spot(ground, dice) for _ in range(count)]
    for _ in range(12):
        points = [_middle(cell) for cell in cells(ground, points)]
    points.sort(key=lambda point: (point[0] - 2 * point[1], point))
    return cells(ground, points)


def spot(ground: BaseGeometry, dice: random.Random, margin: float = 0.0) -> Pair:
    """A random point of some ground, away from its edge where there is room."""
    inner = ground.buffer(-margin)
    field = inner if not inner.is_empty else ground
    west, south, east, north = field.bounds
    for _ in range(1000):
        point = dice.uniform(west, east), dice.uniform(south, north)
        if field.contains(Point(point)):
            return point
    return _middle(field)


def _middle(ground: BaseGeometry) -> Pair:
    centre = ground.centroid
    inside = centre if ground.contains(centre) else ground.representative_point()
    return inside.x, inside.y


def smooth(points: Sequence[Pair], rounds: int = 3, closed: bool = False) -> list[Pair]:
    """Cut corners (Chaikin) until a line looks drawn by hand; its ends stay."""
    line = list(points)
    for _ in range(rounds):
        ends = [*line, line[0]] if closed else line
        cut = [
            (a[0] * (1 - t) + b[0] * t, a[1] * (1 - t) + b[1] * t)
            for a, b in zip(ends, ends[1:], strict=False)
            for t in (0.25, 0.75)
        ]
        line = cut if closed else [line[0], *cut[1:-1], line[-1]]
    return line


def line(points: Sequence[Pair]) -> LineString:
    """A smooth line through the neighbourhood of points given in degrees."""
    return LineString(smooth([plane(*point) for point in points]))


def blob(lon: float, lat: float, wide: float, high: float, seed: str) -> Polygon:
    """A lake or a hill: a round thing of so many kilometres with an uneven edge."""
    dice = random.Random(seed)  # noqa: S311 - a picture, not a secret
    waves = [(dice.uniform(0.03, 0.13), dice.uniform(0, 7), often) for often in (2, 3, 5)]
    x, y = plane(lon, lat)
    ring = []
    for step in range(48):
        turn = 2 * math.pi * step / 48
        far = 1 + sum(size * math.sin(often * turn + phase) for size, phase, often in waves)
        ring.append((x + wide / 2 * far * math.cos(turn), y + high / 2 * far * math.sin(turn)))
    return Polygon(smooth(ring, 2, closed=True))


def joined(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """Parts put together."""
    together: BaseGeometry = unary_union(list(parts))
    return together


def geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON geometry in degrees from one in kilometres."""
    result: dict[str, Any] = shapely.geometry.mapping(to_degrees(geometry))
    return result
