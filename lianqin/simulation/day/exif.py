"""The time at which a drawn picture says that it was taken, as a camera would write it."""

from __future__ import annotations

from datetime import datetime

from PIL import Image
from PIL.ExifTags import IFD, Base

_START = b"\xff\xd8"


def taken(jpeg: bytes, at: datetime) -> bytes:
    """The JPEG with the instant (aware, on the wall clock to be shown) in its metadata; the
    picture itself is not encoded again. Other bytes than a JPEG's come back as they are."""
    if not jpeg.startswith(_START):
        return jpeg
    exif = Image.Exif()
    times = exif.get_ifd(IFD.Exif)
    times[Base.DateTimeOriginal] = f"{at:%Y:%m:%d %H:%M:%S}"
    times[Base.OffsetTimeOriginal] = f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:]
    body = exif.tobytes()
    body = body if body.startswith(b"Exif\x00\x00") else b"Exif\x00\x00" + body
    size = (len(body) + 2).to_bytes(2, "big")
    return _START + b"\xff\xe1" + size + body + jpeg[2:]
