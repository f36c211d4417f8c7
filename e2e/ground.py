"""Where things are: places in a centre's streets, and the same places on a drawn map."""

from __future__ import annotations

import math
import random
from typing import Any

from playwright.sync_api import Page
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from e2e.install import Install

PADDING = 32  # pixels that the desk keeps around what its reader answers for


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator as parts of the world's width, from the upper left corner."""
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return lon / 360 + 0.5, y


class Ground:
    """The demo district's territory, as every desk gets it."""

    def __init__(self, install: Install) -> None:
        self.install = install
        self.features = install.get("desk-1", "/territory")["features"]
        self.given: list[Point] = []
        # Not the same twice, also on a demo that has seen tests before.
        self.house = random.randrange(1000, 9000) * 10

    def address(self, street: str = "彭城路") -> str:
        """An address that no other case has."""
        self.house += 1
        return f"{street} {self.house} 号门前"

    def streets_of(self, centre: str) -> Any:
        """The shape of a centre's place."""
        areas = [
            shape(f["geometry"])
            for f in self.features
            if f["properties"]["layer"] == "area"
            and f["properties"].get("place", "").split("/")[-1] == centre
        ]
        assert areas, f"no area belongs to {centre}"
        return unary_union(areas)

    def spot(self, centre: str) -> tuple[float, float]:
        """A place of the centre as far as can be from every open case and earlier spot."""
        whole = self.streets_of(centre).buffer(-0.0004)
        west, south, east, north = whole.bounds
        cases = self.install.get("desk-1", "/cases/map")["cases"]
        taken = [Point(*at) for at in zip(cases["lon"], cases["lat"], strict=True)] + self.given
        steps = range(1, 30)
        grid = [
            Point(west + (east - west) * i / 30, south + (north - south) * j / 30)
            for i in steps
            for j in steps
        ]
        best = max(
            (p for p in grid if whole.contains(p)),
            key=lambda p: min(p.distance(t) for t in taken),
        )
        self.given.append(best)
        return best.x, best.y

    def on_screen(
        self, page: Page, username: str, spot: tuple[float, float]
    ) -> tuple[float, float]:
        """Pixel of a place on a map that shows all that its reader answers for."""
        box = page.locator("canvas.maplibregl-canvas").bounding_box()
        assert box is not None
        features = self.install.get(username, "/territory")["features"]
        own = [shape(f["geometry"]) for f in features if f["properties"]["layer"] == "area"]
        west, south, east, north = unary_union(own).bounds
        left, bottom = mercator(west, south)
        right, top = mercator(east, north)
        scale = min(
            (box["width"] - 2 * PADDING) / (right - left),
            (box["height"] - 2 * PADDING) / (bottom - top),
        )
        x, y = mercator(*spot)
        return (
            box["x"] + box["width"] / 2 + (x - (left + right) / 2) * scale,
            box["y"] + box["height"] / 2 + (y - (top + bottom) / 2) * scale,
        )
