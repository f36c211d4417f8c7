"""Pictures that simulated crews send: small, plainly marked as replayed, the same every time."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 480)
#: Fonts with Chinese, where a distribution puts them; without one the mark is in English.
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)


@lru_cache
def _font(size: int) -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, bool]:
    """A font and whether it knows Chinese."""
    for path in FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size), True
    return ImageFont.load_default(size), False


def picture(number: str, moment: str) -> bytes:
    """A JPEG of a street that never was, with the case's number and the replay's time on it."""
    tint = hashlib.sha256(number.encode()).digest()
    image = Image.new("RGB", SIZE, (188 + tint[0] % 40, 200 + tint[1] % 30, 212 + tint[2] % 30))
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    for index in range(6):
        left, top = index * 110 - 10, 90 + tint[3 + index] % 120
        shade = 120 + tint[10 + index] % 70
        draw.rectangle((left, top, left + 96, 330), fill=(shade, shade - 6, shade - 16))
    draw.polygon([(0, height), (width, height), (400, 300), (240, 300)], fill=(96, 98, 102))
    draw.line([(320, 310), (320, height)], fill=(236, 236, 228), width=6)
    font, chinese = _font(30)
    mark = "回放 REPLAY" if chinese else "REPLAY"
    shown = number if chinese else "".join(c for c in number if c.isascii())
    draw.rectangle((0, height - 92, width, height), fill=(24, 28, 34))
    draw.text((16, height - 86), f"{mark}  {shown}", font=font, fill=(255, 255, 255))
    draw.text((16, height - 46), moment, font=font, fill=(255, 196, 84))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()
