"""Reading the data files of the demo."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files
from typing import Any

DISTRICT = "320303"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file of the demo."""
    with (files("lianqin.console") / "demo_data" / name).open(encoding="utf-8-sig") as lines:
        return tuple(csv.DictReader(lines))


@cache
def outline() -> dict[str, Any]:
    """The district's outline as a GeoJSON feature."""
    text = (files("lianqin.console") / "demo_data" / "outline.geojson").read_text(encoding="utf-8")
    feature: dict[str, Any] = json.loads(text)
    return feature
