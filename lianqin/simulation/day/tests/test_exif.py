"""A picture says when it was taken and is otherwise what it was."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PIL import Image

from lianqin.files.checks import check_image
from lianqin.simulation.day.exif import taken

AT = datetime(2026, 7, 6, 9, 3, 20, tzinfo=UTC)


def test_the_server_reads_the_instant() -> None:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), (10, 120, 200)).save(out, "JPEG")
    marked = taken(out.getvalue(), AT.astimezone(ZoneInfo("Asia/Shanghai")))
    found = check_image(marked)
    assert (found.taken_at, found.width, found.height) == (AT, 80, 60)
    assert marked.endswith(out.getvalue()[2:])
