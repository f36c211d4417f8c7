"""Draws the application's icons, which phones want as pictures: `python -m lianqin.console.icons`.

The same shapes as `icon.svg`, drawn large and made smaller. A maskable one fills its whole square,
because a phone cuts its own outline out of it, and keeps the sign within the middle that stays.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent / "static" / "console"
BLUE, WHITE = "#1B57B0", "#ffffff"
#: The sign's bars on a square of 32: left, top, right, bottom.
BARS = ((9, 8, 14, 24), (18, 8, 23, 24), (9, 14, 23, 18))
#: File → size and whether a phone cuts the outline itself (Apple's does so with all).
ICONS = {
    "handheld-192.png": (192, False),
    "handheld-512.png": (512, False),
    "handheld-maskable-512.png": (512, True),
    "handheld-apple-180.png": (180, True),
}
_FINER = 4


def drawn(size: int, *, maskable: bool) -> Image.Image:
    """The icon at one size."""
    whole = size * _FINER
    unit = whole / 32
    picture = Image.new("RGBA", (whole, whole), BLUE if maskable else (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if not maskable:
        pen.rounded_rectangle((0, 0, whole - 1, whole - 1), radius=6 * unit, fill=BLUE)
    inset, scale = (3.2, 0.8) if maskable else (0.0, 1.0)
    for bar in BARS:
        left, top, right, bottom = ((inset + edge * scale) * unit for edge in bar)
        pen.rectangle((left, top, right - 1, bottom - 1), fill=WHITE)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write every icon into the static files."""
    for name, (size, maskable) in ICONS.items():
        drawn(size, maskable=maskable).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()
