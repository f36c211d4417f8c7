"""What an uploaded picture is, judged by its bytes alone.

Names, extensions and content types that a client claims are not looked at. Decoders are fed
with bytes from strangers here, so every way in which they can fail ends in one error.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any

from PIL import Image, ImageOps

from lianqin.geo import Position, check

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000  # 50 megapixels: phones of today, and 150 MB of memory while decoding
_QUALITY = 82

_ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0112, 0x8769, 0x8825
_TAKEN, _TAKEN_OFFSET = 0x9003, 0x9011
_TURNED = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height


class ImageType(StrEnum):
    """Types that are taken."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"

    @property
    def media_type(self) -> str:
        """For the Content-Type header."""
        return f"image/{self.value}"


class FileRefused(ValueError):
    """An upload that is not taken.

    ``code`` is one of ``empty``, ``too_large``, ``heic_not_supported``, ``type_not_supported``,
    ``too_many_pixels``, ``truncated``, ``unreadable``; ``params`` holds figures for the message.
    """

    def __init__(self, code: str, params: Mapping[str, int | str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found.

    ``width`` and ``height`` are those of the picture as people see it, orientation applied.
    ``taken_at`` (UTC) and ``position`` are what the camera *claims*; None if it claims nothing
    usable.
    """

    type: ImageType
    width: int
    height: int
    taken_at: datetime | None
    position: Position | None
    sha256: str


def check_image(
    data: bytes,
    *,
    tz: tzinfo | None = None,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> Checked:
    """Check an upload and read what it says about itself.

    Parameters
    ----------
    tz
        Zone of cameras that write a time without offset; without it such a time is ignored.

    Raises
    ------
    FileRefused
        If the bytes are not a picture that can be taken.
    """
    with _decoded(data, max_bytes, max_pixels) as (kind, image):
        exif = _exif(image)
        turned = exif.get(_ORIENTATION) in _TURNED
        width, height = image.size[::-1] if turned else image.size
        return Checked(
            type=kind,
            width=width,
            height=height,
            taken_at=_taken_at(exif.get(_EXIF_IFD), tz),
            position=_position(exif.get(_GPS_IFD)),
            sha256=hashlib.sha256(data).hexdigest(),
        )


def rendition(
    data: bytes, max_px: int, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> bytes:
    """The picture as a new JPEG with its longer side at most ``max_px``, upright.

    It is drawn anew from its pixels, so nothing else of the original is in it: no place, no
    serial number, no thumbnail, no colour profile. Transparency becomes white.

    Raises
    ------
    FileRefused
        As for :func:`check_image`.
    """
    if max_px < 1:
        raise ValueError("a picture is at least one pixel wide")
    with _decoded(data, max_bytes, max_pixels, draft=max_px) as (_, image):
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((max_px, max_px), Image.Resampling.LANCZOS)
        pixels = _opaque(upright)
        out = io.BytesIO()
        pixels.save(out, "JPEG", quality=_QUALITY, optimize=True)
        return out.getvalue()


def sniff(data: bytes) -> ImageType:
    """The type by the first bytes.

    Raises
    ------
    FileRefused
        ``empty``, ``heic_not_supported`` or ``type_not_supported``.
    """
    if not data:
        raise FileRefused("empty")
    if data.startswith(b"\xff\xd8\xff"):
        return ImageType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageType.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ImageType.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise FileRefused("heic_not_supported")
    raise FileRefused("type_not_supported")


_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})


@contextmanager
def _decoded(
    data: bytes, max_bytes: int, max_pixels: int, draft: int | None = None
) -> Iterator[tuple[ImageType, Image.Image]]:
    """The decoded picture; whatever a decoder throws inside becomes :class:`FileRefused`."""
    if len(data) > max_bytes:
        raise FileRefused("too_large", {"bytes": len(data), "max_bytes": max_bytes})
    kind = sniff(data)
    try:
        with Image.open(io.BytesIO(data), formats=[kind.value.upper()]) as image:
            _count_pixels(image, max_pixels)
            if draft is not None:
                image.draft("RGB", (draft, draft))
            image.load()
            yield kind, image
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused("too_many_pixels", {"max_pixels": max_pixels}) from None
    except Exception as error:  # decoders fail in every way there is
        code = "truncated" if "truncated" in str(error).lower() else "unreadable"
        raise FileRefused(code) from error


def _count_pixels(image: Image.Image, max_pixels: int) -> None:
    """Refuse before anything is decoded: the header alone tells the size."""
    pixels = image.width * image.height
    if pixels > max_pixels:
        raise FileRefused("too_many_pixels", {"pixels": pixels, "max_pixels": max_pixels})


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        image = Image.alpha_composite(paper, layer)
    plain = image.convert("RGB")
    fresh = Image.new("RGB", plain.size)
    fresh.paste(plain)  # a new picture carries none of the old one's info
    return fresh


def _exif(image: Image.Image) -> dict[int, Any]:
    """Orientation and the two sub-directories; broken metadata is no reason to refuse a photo."""
    try:
        exif = image.getexif()
        return {
            _ORIENTATION: exif.get(_ORIENTATION),
            _EXIF_IFD: dict(exif.get_ifd(_EXIF_IFD)),
            _GPS_IFD: dict(exif.get_ifd(_GPS_IFD)),
        }
    except Exception:
        return {}


def _taken_at(exif: Mapping[int, Any] | None, tz: tzinfo | None) -> datetime | None:
    if not exif:
        return None
    try:
        text = str(exif[_TAKEN]).strip("\x00 ")
        offset = str(exif.get(_TAKEN_OFFSET) or "").strip("\x00 ")
        if offset:
            return datetime.strptime(text + offset, "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
        if tz is None:
            return None
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=tz).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _position(gps: Mapping[int, Any] | None) -> Position | None:
    if not gps:
        return None
    try:
        lat = _degrees(gps[2]) * (-1 if _letter(gps.get(1)) == "S" else 1)
        lon = _degrees(gps[4]) * (-1 if _letter(gps.get(3)) == "W" else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    position = Position(lon, lat)
    return position if check(position) is None else None


def _letter(value: object) -> str:
    text = value.decode("ascii", "ignore") if isinstance(value, bytes) else str(value or "")
    return text.strip("\x00 ").upper()[:1]


def _degrees(parts: Any) -> float:
    """Degrees, minutes and seconds as EXIF holds them, to degrees."""
    degrees, minutes, seconds = (float(part) for part in parts)
    whole = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(whole):
        raise ValueError("no number")
    return whole
