"""Pictures made for tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    *,
    mode: str = "RGB",
    orientation: int | None = None,
    taken: tuple[str, str | None] | None = None,
    gps: dict[int, Any] | None = None,
) -> bytes:
    """Bytes of a small picture, blue above and green below, with the metadata asked for."""
    image = Image.new(mode, size, (40, 90, 160, 255)[: len(mode)])
    image.paste((60, 120, 60, 255)[: len(mode)], (0, size[1] // 2, size[0], size[1]))
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken[0]
        if taken[1]:
            exif.get_ifd(0x8769)[0x9011] = taken[1]
    if gps is not None:
        exif.get_ifd(0x8825).update(gps)
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()
