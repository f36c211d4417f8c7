"""With 20,000 open cases the desk is still a desk: rows, every tab, the map, and what others do."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e import screen
from e2e.ground import Ground
from e2e.install import PENGCHENG, ROOT, Install
from e2e.people import People

pytestmark = pytest.mark.long
CASES = 20_000
READER = "desk-1"
TABS = ("待立案", "待派遣", "办理中", "待核查", "超期", "督办", "12345", "全部在办")
#: The software renderer shares two cores with the server; a person's desk is far quicker.
PATIENCE_MS = 20_000
#: Scrolls to the end of what is there, until the list has come that far.
FURTHER_DOWN = """
(far) => {
  const list = document.querySelector('.queue .list')
  list.scrollTop = list.scrollHeight
  const rows = [...list.querySelectorAll('[role=option]')]
  return Number(rows.at(-1)?.getAttribute('aria-posinset')) > far
}
"""


def bench(install: Install, call: str) -> None:
    """Run a step of the bench in a process of its own, where Django may use its database."""
    script = f"from bench import fill; fill.connect({install.state()['database']!r}); fill.{call}"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def crowded(install: Install) -> Iterator[Install]:
    bench(install, f"fill({CASES})")
    yield install
    bench(install, "empty()")


def drawn(page: Page) -> int:
    """How many pictures with cases the map has completed."""
    page.locator(".map[data-drawn]").wait_for(timeout=PATIENCE_MS)
    return int(page.locator(".map").get_attribute("data-drawn") or 0)


def test_every_tab_shows_rows_and_the_list_goes_on_by_pages(
    crowded: Install, people: People
) -> None:
    page = people.sign_in(READER).open()
    tabs = page.get_by_role("group", name="按环节筛选")
    for name in TABS:
        tabs.get_by_role("button", name=name).click()
        expect(page.locator(".queue [role=option]").first).to_be_visible()
    page.wait_for_function(FURTHER_DOWN, arg=150, polling=200)
    # Only what is in sight exists in the page.
    assert page.locator(".queue [role=option]").count() < 60


def test_the_map_shows_all_of_them_and_takes_in_what_others_do(
    crowded: Install, people: People, ground: Ground
) -> None:
    page = people.sign_in(READER).open()
    before = drawn(page)
    open_cases = len(crowded.get(READER, "/cases/map")["cases"]["id"])
    assert open_cases >= CASES
    page.keyboard.press("Shift+V")
    listed = page.get_by_role("region", name="图上内容")
    expect(listed).to_contain_text(f"视野内在办 {open_cases} 件")

    address, spot = ground.address(), ground.spot(PENGCHENG)
    sent = time.monotonic()
    crowded.report(address, spot)
    expect(screen.row(page, address)).to_be_visible()
    page.wait_for_function(
        "(was) => Number(document.querySelector('.map').dataset.drawn) > was", arg=before
    )
    assert time.monotonic() - sent < PATIENCE_MS / 1000
    expect(listed).to_contain_text(f"视野内在办 {open_cases + 1} 件")


def test_what_the_map_asks_for_stays_small(crowded: Install) -> None:
    answer = crowded.http.get("/api/v1/cases/map", headers=crowded.headers(READER))
    assert len(answer.content) / CASES < 150, "bytes per case"
    assert len(json.loads(answer.content)["cases"]["id"]) >= CASES
