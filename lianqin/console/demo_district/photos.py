"""Photos for the demo: quiet drawings of a street, each marked as a demonstration.

They are drawn, not taken, so nobody and no shop is in them. The two characters of the mark are
kept as a bitmap, because an install need not have a Chinese font.
"""

from __future__ import annotations

import base64
import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from lianqin.console.demo_district.photo_mark import HIGH, MARK, WIDE

_SIZE = (960, 720)
_GROUND = 455  # where walls end and the pavement begins
_KERB = 585
Draw = ImageDraw.ImageDraw


def photo(scene: str, after: bool = False, number: int = 0) -> bytes:
    """A demo photo as JPEG.

    Parameters
    ----------
    scene
        One of :data:`SCENES`.
    after
        The same place with the problem gone.
    number
        Another number gives other houses and another light.

    Raises
    ------
    KeyError
        If there is no such scene.
    """
    paint = SCENES[scene]
    place = random.Random(f"{scene} {number}")  # noqa: S311 - a picture, not a secret
    dark = scene in ("lamp", "barbecue")
    image = Image.new("RGB", _SIZE)
    draw = ImageDraw.Draw(image)
    _street(draw, place, dark)
    paint(draw, place, after)
    if dark:
        _lights(image, scene, after)
    image = image.filter(ImageFilter.GaussianBlur(0.8))
    _mark(image, after)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()


def _shade(colour: tuple[int, int, int], by: float) -> tuple[int, int, int]:
    red, green, blue = (max(0, min(255, round(part * by))) for part in colour)
    return red, green, blue


def _street(draw: Draw, dice: random.Random, dark: bool) -> None:
    """Sky, a row of houses with shops, trees, pavement, kerb and carriageway."""
    light = 0.42 if dark else dice.uniform(0.94, 1.04)
    for y in range(_GROUND):
        tone = (176 + y // 12, 192 + y // 14, 206 + y // 18)
        draw.line([(0, y), (_SIZE[0], y)], fill=_shade(tone, light))
    x = -dice.randint(0, 60)
    while x < _SIZE[0]:
        x = _house(draw, dice, x, light)
    draw.rectangle([0, _GROUND, _SIZE[0], _KERB], fill=_shade((186, 180, 170), light))
    for step in range(-4, 22):
        foot, head = step * 70 - 120, 480 + (step * 70 - 480) * 0.72
        draw.line([(foot, _KERB), (head, _GROUND)], fill=_shade((172, 166, 156), light))
    for y in (484, 512, 546):
        draw.line([(0, y), (_SIZE[0], y)], fill=_shade((172, 166, 156), light))
    draw.rectangle([0, 500, _SIZE[0], 511], fill=_shade((196, 178, 112), light))  # tactile paving
    draw.rectangle([0, _KERB, _SIZE[0], _KERB + 12], fill=_shade((150, 148, 144), light))
    draw.rectangle([0, _KERB + 12, *_SIZE], fill=_shade((98, 101, 106), light))
    for x in range(-40, _SIZE[0], 190):
        draw.polygon(
            [(x, 676), (x + 96, 676), (x + 90, 686), (x - 8, 686)],
            fill=_shade((206, 206, 200), light),
        )
    for x in (dice.randint(60, 170), dice.randint(760, 880)):
        _tree(draw, dice, x, light)


def _house(draw: Draw, dice: random.Random, x: int, light: float) -> int:
    walls = ((198, 186, 170), (184, 178, 172), (204, 196, 184), (176, 168, 160), (190, 176, 164))
    wide, top = dice.randint(190, 290), dice.randint(60, 190)
    wall = _shade(dice.choice(walls), light)
    draw.rectangle([x, top, x + wide, _GROUND], fill=wall)
    draw.rectangle([x, top, x + wide, top + 10], fill=_shade(wall, 0.88))
    for row in range(top + 30, 300, 62):
        for column in range(x + 18, x + wide - 40, 56):
            draw.rectangle(
                [column, row, column + 34, row + 40], fill=_shade((118, 134, 148), light)
            )
            draw.line([(column + 17, row), (column + 17, row + 40)], fill=wall, width=2)
    sign = dice.choice(((92, 116, 138), (136, 104, 88), (96, 124, 106), (126, 112, 134)))
    draw.rectangle([x + 8, 318, x + wide - 8, 350], fill=_shade(sign, light))
    draw.rectangle([x + 14, 350, x + wide - 14, _GROUND], fill=_shade((84, 94, 104), light))
    for column in range(x + 14, x + wide - 20, 62):
        draw.line([(column, 350), (column, _GROUND)], fill=_shade((150, 152, 152), light), width=4)
    return x + wide + 3


def _tree(draw: Draw, dice: random.Random, x: int, light: float) -> None:
    draw.rectangle([x - 7, 330, x + 7, 492], fill=_shade((104, 84, 66), light))
    for _ in range(26):
        left, top = x + dice.randint(-92, 40), dice.randint(170, 315)
        size = dice.randint(46, 78)
        green = _shade((98, 128, 84), light * dice.uniform(0.85, 1.12))
        draw.ellipse([left, top, left + size, top + size * 0.8], fill=green)


def _stall(draw: Draw, dice: random.Random, after: bool) -> None:
    if after:
        return
    for x in (260, 500):
        canopy = dice.choice(((164, 92, 84), (86, 112, 150), (112, 138, 98)))
        draw.rectangle([x, 470, x + 170, 540], fill=(146, 120, 92))
        draw.polygon([(x - 24, 400), (x + 194, 400), (x + 176, 360), (x - 6, 360)], fill=canopy)
        for post in (x - 14, x + 182):
            draw.line([(post, 400), (post, 548)], fill=(88, 88, 88), width=4)
        for row in range(2):
            for column in range(8):
                fruit = dice.choice(((206, 130, 70), (190, 76, 62), (140, 164, 84)))
                left, top = x + 6 + column * 20, 450 + row * 12
                draw.ellipse([left, top, left + 20, top + 20], fill=fruit)
        for wheel in (x + 20, x + 120):
            draw.ellipse([wheel, 528, wheel + 36, 564], outline=(52, 52, 52), width=5)


def _shopfront(draw: Draw, dice: random.Random, after: bool) -> None:
    if after:
        return
    for column in range(9):
        x = 250 + column * 52
        for row in range(dice.randint(1, 3)):
            box = _shade((180, 148, 108), dice.uniform(0.85, 1.1))
            top = 512 - row * 38
            draw.rectangle([x, top, x + 48, top + 36], fill=box, outline=(128, 102, 74))
            draw.line([(x + 24, top), (x + 24, top + 36)], fill=(150, 122, 88), width=3)


def _bicycles(draw: Draw, dice: random.Random, after: bool) -> None:
    for number in range(5 if after else 11):
        x = 560 + number * 62 if after else 170 + number * 56
        y = 470 if after else dice.randint(478, 530)
        colour = dice.choice(((210, 168, 66), (88, 142, 176), (110, 156, 120)))
        for wheel in (x, x + 58):
            draw.ellipse([wheel, y, wheel + 44, y + 44], outline=(50, 52, 54), width=4)
        frame = [(x + 22, y + 22), (x + 40, y - 14), (x + 70, y - 14), (x + 80, y + 22)]
        draw.line([*frame, (x + 50, y + 22), (x + 40, y - 14)], fill=colour, width=6)
        draw.line(
            [(x + 70, y - 14), (x + 68, y - 30), (x + 84, y - 32)], fill=(60, 60, 60), width=4
        )


def _bins(draw: Draw, dice: random.Random, after: bool) -> None:
    for x in (390, 480, 570):
        draw.polygon([(x, 430), (x + 74, 430), (x + 66, 540), (x + 8, 540)], fill=(86, 118, 96))
        draw.rectangle([x - 4, 418, x + 78, 432], fill=(70, 98, 80))
    if after:
        return
    for _ in range(34):
        x, y = dice.randint(330, 690), dice.randint(505, 560)
        size = dice.randint(16, 40)
        tone = dice.choice(((206, 204, 198), (92, 92, 98), (168, 150, 122), (150, 170, 184)))
        draw.ellipse([x, y, x + size, y + size * 0.7], fill=tone)
    for x in (395, 486, 578):
        for _ in range(5):
            left, top = x + dice.randint(-6, 40), dice.randint(388, 412)
            draw.ellipse([left, top, left + 34, top + 26], fill=(96, 96, 104))


def _wall(draw: Draw, dice: random.Random, after: bool) -> None:
    draw.rectangle([180, 250, 790, _GROUND], fill=(188, 182, 174))
    for row in range(250, _GROUND, 26):
        draw.line([(180, row), (790, row)], fill=(172, 166, 158))
    for _ in range(9 if after else 24):
        x, y = dice.randint(195, 730), dice.randint(268, 410)
        wide, high = dice.randint(26, 48), dice.randint(30, 44)
        paper = dice.choice(((232, 228, 214), (214, 196, 128), (190, 206, 216)))
        draw.rectangle([x, y, x + wide, y + high], fill=(194, 189, 182) if after else paper)
        if not after:
            for line in range(y + 7, y + high - 4, 7):
                draw.line([(x + 5, line), (x + wide - 6, line)], fill=(120, 116, 112), width=2)


def _manhole(draw: Draw, dice: random.Random, after: bool) -> None:
    draw.ellipse([370, 615, 600, 690], fill=(72, 74, 78))
    draw.ellipse([380, 618, 590, 684], fill=(112, 114, 118))
    for step in range(6):
        x = 406 + step * 28
        draw.line([(x, 628), (x - 8, 674)], fill=(92, 94, 98), width=4)
    if not after:
        draw.polygon([(470, 618), (590, 640), (590, 670), (500, 684)], fill=(26, 28, 30))
        for _ in range(12):
            x, y = dice.randint(560, 650), dice.randint(630, 690)
            draw.polygon([(x, y), (x + 14, y + 3), (x + 6, y + 10)], fill=(132, 132, 134))


def _lamp(draw: Draw, dice: random.Random, after: bool) -> None:
    for x, height in ((250, 110), (520, 150), (730, 190)):
        draw.line([(x, _KERB), (x, height), (x + 54, height - 14)], fill=(58, 62, 68), width=7)
        glow = (255, 232, 176) if after or x == 730 else (64, 68, 74)
        draw.ellipse([x + 40, height - 24, x + 84, height - 6], fill=glow)


def _water(draw: Draw, dice: random.Random, after: bool) -> None:
    if after:
        draw.rectangle([330, 612, 640, 690], fill=(78, 80, 84))
        return
    for step in range(9):
        left, right = 120 + step * 18, 900 - step * 22
        tone = _shade((116, 138, 152), 0.9 + step * 0.025)
        draw.ellipse([left, 556 + step * 5, right, 712 - step * 5], fill=tone)
    for _ in range(60):
        x, high = 480 + round(dice.gauss(0, 34)), dice.randint(30, 150)
        draw.line([(480, 600), (x, 600 - high)], fill=(206, 218, 224), width=3)


def _barbecue(draw: Draw, dice: random.Random, after: bool) -> None:
    if after:
        return
    draw.rectangle([330, 478, 620, 506], fill=(52, 50, 50))
    for leg in (344, 606):
        draw.line([(leg, 506), (leg, 560)], fill=(60, 58, 58), width=6)
    for step in range(15):
        x = 338 + step * 19
        draw.line([(x, 470), (x + 6, 500)], fill=(146, 96, 66), width=5)
        draw.ellipse([x, 482, x + 12, 492], fill=(214, 104, 52))
    for _ in range(40):
        x, y = 470 + round(dice.gauss(0, 70)), dice.randint(290, 465)
        size = dice.randint(20, 60)
        draw.ellipse([x, y, x + size, y + size * 0.6], fill=(110, 110, 112))


def _road(draw: Draw, dice: random.Random, after: bool) -> None:
    if after:
        draw.rectangle([0, 604, _SIZE[0], 640], fill=(84, 88, 94))
        return
    for _ in range(420):
        x, y = round(dice.gauss(520, 190)), dice.randint(602, 706)
        size = dice.randint(3, 15)
        tone = _shade((150, 130, 104), dice.uniform(0.8, 1.15))
        draw.ellipse([x, y, x + size, y + size * 0.6], fill=tone)


def _lights(image: Image.Image, scene: str, after: bool) -> None:
    """A soft light into a dark scene, where one burns."""
    glow = Image.new("L", image.size)
    draw = ImageDraw.Draw(glow)
    spots = [(470, 480)] if scene == "barbecue" and not after else [(790, 190)]
    if scene == "lamp" and after:
        spots += [(310, 110), (580, 150)]
    for x, y in spots:
        draw.ellipse([x - 130, y - 110, x + 130, y + 150], fill=120)
    glow = glow.filter(ImageFilter.GaussianBlur(50))
    image.paste(Image.new("RGB", image.size, (255, 226, 170)), mask=glow)


def _mark(image: Image.Image, after: bool) -> None:
    """演示 DEMO across the picture and in a corner: it must never pass for a real photo."""
    mark = Image.frombytes("1", (WIDE, HIGH), base64.b64decode(MARK)).convert("L")
    large = mark.resize((WIDE * 3, HIGH * 3), Image.Resampling.LANCZOS)
    faint = large.point([round(value * 0.2) for value in range(256)])
    white = Image.new("RGB", large.size, "white")
    turned = faint.rotate(18, expand=True)
    image.paste(
        white.resize(turned.size),
        ((image.width - turned.width) // 2, (image.height - turned.height) // 2),
        turned,
    )
    draw = ImageDraw.Draw(image, "RGBA")
    draw.rectangle([0, image.height - 46, image.width, image.height], fill=(14, 20, 27, 190))
    small = mark.resize((WIDE * 30 // HIGH, 30), Image.Resampling.LANCZOS)
    image.paste(Image.new("RGB", small.size, "white"), (16, image.height - 38), small)
    words = "DEMO · drawn, not a photograph" + (" · after" if after else "")
    font = ImageFont.load_default(20)
    draw.text((small.width + 30, image.height - 36), words, fill="white", font=font)


SCENES: dict[str, Callable[[Draw, random.Random, bool], None]] = {
    "stall": _stall,
    "shopfront": _shopfront,
    "bicycles": _bicycles,
    "bins": _bins,
    "wall": _wall,
    "manhole": _manhole,
    "lamp": _lamp,
    "water": _water,
    "barbecue": _barbecue,
    "road": _road,
}
