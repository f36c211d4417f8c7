"""Places and pictures for those who play the demo's day: spots beside streets, drawn scenes."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

from PIL import Image

from lianqin.console.demo_district import areas, reports, shapes, sites
from lianqin.console.demo_district.photos import SCENES, photo

#: Spots in the zone of each centre; a street's number is met again after that many reports.
SPOTS = 160
#: Drawings of every scene, before and after.
VARIANTS = 2
SIZE = (720, 540)


def spots() -> dict[str, list[dict[str, object]]]:
    """Spots of every pilot centre by its key: position, address and community; always the same."""
    return {centre.key: _spots(centre.key) for centre in areas.centres()}


def _spots(centre: str) -> list[dict[str, object]]:
    dice = random.Random(f"scenery {centre}")  # noqa: S311 - a picture, not a secret
    found = []
    for _ in range(SPOTS):
        point, street = reports.beside_a_street(centre, dice)
        lon, lat = shapes.degrees(*point)
        address = f"{street.zh} {dice.randint(1, 188)} 号{dice.choice(reports.NEAR)}"
        area = sites.community_of(*point)
        found.append({"lon": lon, "lat": lat, "address": address, "area": area})
    return found


def pictures() -> Iterator[tuple[str, bytes]]:
    """Every drawing with the name of its file: `stall-before-0.jpg`."""
    for scene in sorted(SCENES):
        for number in range(VARIANTS):
            for after in (False, True):
                name = f"{scene}-{'after' if after else 'before'}-{number}.jpg"
                yield name, _smaller(photo(scene, after=after, number=number))


def _smaller(content: bytes) -> bytes:
    """Fewer bytes: a day sends hundreds of them, and each is kept."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.resize(SIZE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=75, optimize=True)
    return out.getvalue()
