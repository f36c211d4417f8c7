"""What somebody at the desk waits for, measured in Chromium: the first rows, the map, a hand that
drags it, an act that somebody else does."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from playwright.sync_api import Browser, Page

from e2e.ground import Ground
from e2e.install import PENGCHENG, Install
from e2e.people import People, Watch

#: Reads every case of the district: the heaviest desk there is.
READER = "desk-1"
ROUNDS = 5

#: Says when the first row and the first drawn cases were there, from the start of the navigation.
FIRST_SEEN = """
window.seen = {}
const look = () => {
  const { seen } = window
  const there = {
    counts: /\\d/.test(document.querySelector('.counts b')?.textContent ?? ''),
    rows: document.querySelector('.queue [role=option]'),
    map: document.querySelector('.map[data-drawn]'),
  }
  for (const what in there) if (there[what] && !seen[what]) seen[what] = performance.now()
  if (Object.keys(seen).length < 3) requestAnimationFrame(look)
}
requestAnimationFrame(look)
"""
FRAMES = """
() => {
  window.frames_ = []
  let last
  const tick = (at) => {
    if (last !== undefined) window.frames_.push(at - last)
    last = at
    window.ticking = requestAnimationFrame(tick)
  }
  window.ticking = requestAnimationFrame(tick)
}
"""
STOP = "() => { cancelAnimationFrame(window.ticking); return window.frames_ }"
#: When a row of the queue shows other words than before, and when the map has drawn it.
NEXT_CHANGE = """
(address) => {
  const rows = () => [...document.querySelectorAll('.queue [role=option]')]
  const words = () => rows().find((row) => row.textContent.includes(address))?.textContent
  const drawn = () => document.querySelector('.map')?.dataset.drawn
  const before = words(), picture = drawn()
  const once = (changed) => new Promise((resolve) => {
    const look = () => changed() ? resolve(Date.now()) : requestAnimationFrame(look)
    look()
  })
  window.changes = Promise.all([once(() => words() !== before), once(() => drawn() !== picture)])
}
"""


def measure(install: Install, browser: Browser) -> dict[str, float]:
    """Every reading in milliseconds, by name."""
    found = _loads(install, browser)
    people = People(install, browser, Watch(install.address))
    page = people.sign_in(READER).open()
    page.locator(".map[data-drawn]").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    found |= _moves(page)
    found |= _updates(install, page)
    people.leave()
    return found


def _loads(install: Install, browser: Browser) -> dict[str, float]:
    """Opening the desk: with an empty browser, then once more with what the browser has kept."""
    readings: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        people = People(install, browser, Watch(install.address))
        person = people.sign_in(READER)
        person.context.add_init_script(FIRST_SEEN)
        page = person.context.new_page()
        for kept in ("empty browser", "kept"):
            page.goto("/desk/")
            page.wait_for_function("() => window.seen.rows && window.seen.map", timeout=60_000)
            for what, at in page.evaluate("() => window.seen").items():
                readings.setdefault(f"{what}, {kept}", []).append(at)
        people.leave()
    return {what: statistics.median(values) for what, values in readings.items()}


def _moves(page: Page) -> dict[str, float]:
    box = page.locator("canvas.maplibregl-canvas").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    found = _frames(page, "pan", lambda: _drag(page, middle))
    page.wait_for_timeout(800)
    return found | _frames(page, "zoom", lambda: _wheel(page, middle))


def _drag(page: Page, middle: tuple[float, float]) -> None:
    page.mouse.move(*middle)
    page.mouse.down()
    for step in range(120):
        swing = step if step < 60 else 120 - step
        page.mouse.move(middle[0] - 3 * swing, middle[1] - 2 * swing)
        page.wait_for_timeout(12)
    page.mouse.up()


def _wheel(page: Page, middle: tuple[float, float]) -> None:
    page.mouse.move(*middle)
    for turn in (-240, -240, -240, 240, 240, 240):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(500)


def _frames(page: Page, name: str, move: Callable[[], None]) -> dict[str, float]:
    page.evaluate(FRAMES)
    move()
    frames = sorted(page.evaluate(STOP))
    slow = sum(1 for frame in frames if frame > 50) / len(frames)
    return {
        f"{name}: median frame": statistics.median(frames),
        f"{name}: 95th of 100 frames": frames[int(len(frames) * 0.95)],
        f"{name}: longest frame": frames[-1],
        f"{name}: frames over 50 ms, %": slow * 100,
    }


def _updates(install: Install, page: Page) -> dict[str, float]:
    """From sending somebody else's act to its words in the queue, and its picture on the map."""
    ground = Ground(install)
    readings: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        address, spot = ground.address(f"测速 {number}"), ground.spot(PENGCHENG)
        reported = partial(install.report, address, spot)
        case = _timed(page, address, "report", readings, reported)
        seen = install.get(READER, f"/cases/{case['id']}")["case"]
        _timed(page, address, "act", readings, partial(install.act, READER, seen, "ask_verify"))
        page.wait_for_timeout(500)
    return {what: statistics.median(values) for what, values in readings.items()}


def _timed(
    page: Page, address: str, what: str, readings: dict[str, list[float]], do: Callable[[], Any]
) -> Any:
    page.evaluate(NEXT_CHANGE, address)
    sent = time.time() * 1000
    done = do()
    answered = time.time() * 1000
    row, picture = page.evaluate("() => window.changes")
    readings.setdefault(f"{what}: answered", []).append(answered - sent)
    readings.setdefault(f"{what}: row on screen", []).append(row - sent)
    readings.setdefault(f"{what}: on the map", []).append(picture - sent)
    return done
