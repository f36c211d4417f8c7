"""What is taken, what is refused and with which word, and what a rendition keeps."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lianqin.files.checks import FileRefused, ImageType, check_image, rendition, sniff
from lianqin.files.tests.pictures import picture

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLACE = {1: "N", 2: (34.0, 12.0, 36.0), 3: "E", 4: (117.0, 15.0, 0.0)}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_takes_by_content(kind: str) -> None:
    found = check_image(picture(kind))
    assert found.type is ImageType(kind.lower())
    assert (found.width, found.height) == (64, 48)
    assert found.taken_at is None
    assert found.position is None
    assert len(found.sha256) == 64


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + b"\0\0\0\0"


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (4, 4)).save(out, "GIF")
    return out.getvalue()


REFUSED = [
    ("nothing", b"", "empty"),
    ("text", b"<script>alert(1)</script>", "type_not_supported"),
    ("a GIF", gif(), "type_not_supported"),
    ("a PDF", b"%PDF-1.7\n", "type_not_supported"),
    ("an iPhone's HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic_not_supported"),
    ("AVIF", b"\0\0\0\x18ftypavif\0\0\0\0", "heic_not_supported"),
    ("half a JPEG", picture(size=(400, 300))[:900], "truncated"),
    ("a JPEG's first bytes", picture()[:12], "truncated"),
    ("a decompression bomb", png_header(60_000, 60_000), "too_many_pixels"),
    ("51 megapixels", png_header(10_000, 5_100), "too_many_pixels"),
    ("a PNG without pixels", png_header(10, 10), "truncated"),
    ("a size of zero", png_header(0, 10), "unreadable"),
]


@pytest.mark.parametrize(("what", "data", "code"), REFUSED, ids=[r[0] for r in REFUSED])
def test_it_refuses(what: str, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as caught:
        check_image(data)
    assert caught.value.code == code
    with pytest.raises(FileRefused):
        rendition(data, 100)


def test_too_many_bytes_are_refused_with_figures() -> None:
    with pytest.raises(FileRefused) as caught:
        check_image(picture(), max_bytes=100)
    assert caught.value.code == "too_large"
    assert caught.value.params["max_bytes"] == 100


def test_width_and_height_are_those_people_see() -> None:
    found = check_image(picture(orientation=6))
    assert (found.width, found.height) == (48, 64)


@pytest.mark.parametrize(
    ("taken", "tz", "expected"),
    [
        (("2026:11:23 20:04:00", "+08:00"), None, datetime(2026, 11, 23, 12, 4, tzinfo=UTC)),
        (("2026:11:23 20:04:00", None), SHANGHAI, datetime(2026, 11, 23, 12, 4, tzinfo=UTC)),
        (("2026:11:23 20:04:00", None), None, None),
        (("0000:00:00 00:00:00", None), SHANGHAI, None),
        (("yesterday", "+08:00"), SHANGHAI, None),
        (("2026:11:23 20:04:00", "later"), SHANGHAI, None),
    ],
)
def test_when_it_was_taken(taken, tz, expected) -> None:
    assert check_image(picture(taken=taken), tz=tz).taken_at == expected


def test_where_it_was_taken() -> None:
    position = check_image(picture(gps=PLACE)).position
    assert position is not None
    assert (position.lon, position.lat) == pytest.approx((117.25, 34.21))


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (34.0, 12.0, 36.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (34.0, 0.0, 0.0), 3: "E", 4: (117.0, 0.0, 0.0)},
        {1: "N", 2: (340.0, 0.0, 0.0), 3: "E", 4: (417.0, 1.0, 0.0)},
    ],
    ids=["half", "null island", "whole degrees", "off the earth"],
)
def test_a_place_that_is_none_is_not_believed(gps) -> None:
    assert check_image(picture(gps=gps)).position is None


def test_west_and_south_are_negative() -> None:
    west = {1: "S", 2: (34.0, 12.0, 36.0), 3: "W", 4: (70.0, 15.0, 0.0)}
    position = check_image(picture(gps=west)).position
    assert position is not None
    assert (position.lon, position.lat) == pytest.approx((-70.25, -34.21))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_rendition_is_small_and_says_nothing(kind: str) -> None:
    data = picture(kind, (800, 600), taken=("2026:11:23 20:04:00", "+08:00"), gps=PLACE)
    small = rendition(data, 200)
    found = check_image(small, tz=SHANGHAI)
    assert (found.type, found.width, found.height) == (ImageType.JPEG, 200, 150)
    assert (found.taken_at, found.position) == (None, None)
    assert b"Exif" not in small
    assert b"2026" not in small


def test_a_rendition_stands_upright() -> None:
    # Orientation 6 means: turn by 90° clockwise, so what lay below comes to the left.
    small = rendition(picture(size=(200, 100), orientation=6), 100)
    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (50, 100)
        left, right = image.getpixel((5, 50)), image.getpixel((45, 50))
    assert left[1] > left[2]
    assert right[2] > right[1]


def test_a_small_picture_is_not_enlarged() -> None:
    assert check_image(rendition(picture(size=(30, 20)), 500)).width == 30


def test_transparency_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(rendition(out.getvalue(), 20))) as image:
        assert min(image.getpixel((10, 10))) > 250


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK"])
def test_every_mode_can_be_shown(mode: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").convert(mode).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert check_image(rendition(out.getvalue(), 10)).width == 10


def test_a_rendition_has_a_size() -> None:
    with pytest.raises(ValueError, match="one pixel"):
        rendition(picture(), 0)


HEADS = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP", png_header(9, 9)]
quick = settings(max_examples=200, deadline=None)


@quick
@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_garbage_is_refused_and_breaks_nothing(head: bytes, rest: bytes) -> None:
    with pytest.raises(FileRefused):
        check_image(head + rest)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@quick
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
    st.integers(0, 5000),
    st.binary(min_size=1, max_size=20),
)
def test_damage_ends_in_a_picture_or_a_refusal(kind: str, place: int, junk: bytes) -> None:
    data = picture(kind, (90, 70), taken=("2026:11:23 20:04:00", "+08:00"), gps=PLACE)
    place %= len(data)
    hurt = data[:place] + junk + data[place + len(junk) :]
    for look in (check_image, lambda d: rendition(d, 40)):
        with suppress(FileRefused):
            look(hurt)


@quick
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.floats(0, 0.9))
def test_a_picture_cut_off_is_never_taken(kind: str, share: float) -> None:
    data = picture(kind, (90, 70))
    with pytest.raises(FileRefused):
        check_image(data[: int(len(data) * share)])


def test_sniffing_needs_no_more_than_the_first_bytes() -> None:
    assert sniff(picture("WEBP")[:12]) is ImageType.WEBP
