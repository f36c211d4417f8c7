"""Makes the pictures in docs/screens from a running demo: `python -m e2e.screens`.

Without LIANQIN_E2E_HOME it starts a demo of its own. Look at every picture before you keep it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from e2e import screen
from e2e.browsers import executable, launch
from e2e.install import ROOT, Install, running_demo, until
from e2e.people import DESK, PHONE, People, Watch

OPERATOR = "op-pengcheng-1"
#: Stages in which a case shows most of what the desk can do, best first.
TELLING = ("filed", "handling", "to_check", "dispatched", "reported")
#: Before the first page there is only about:blank, which has no store.
SUN = "if (location.protocol !== 'about:') localStorage.setItem('lianqin.sunlight', 'on')"
#: Those that show less; any of them serves where there is nothing better.
LESS = 9


def telling_case(install: Install) -> dict[str, Any]:
    """An open case with a photo, at the stage that shows most."""
    items = install.get(OPERATOR, "/cases", tab="open", limit=100)["items"]
    pictured = [item for item in items if item["photo_count"] and item["lon"]] or items
    found: dict[str, Any] = min(pictured, key=lambda item: _rank(item["state"]))
    return found


def _rank(state: str) -> int:
    return TELLING.index(state) if state in TELLING else LESS


def busiest_crew(install: Install) -> str:
    """The account with the most tasks of its own."""
    crews = [name for name in install.accounts if name.startswith("crew-") and name[-1] == "1"]
    return max(crews, key=lambda name: len(install.get(name, "/my/tasks")["tasks"]))


def stands_still(page: Page) -> None:
    """Wait until two pictures in a row are the same: the map has been drawn, photos are there."""
    page.wait_for_function(
        "() => [...document.images].every(image => image.complete && image.naturalWidth"
        # One below the fold is not fetched before somebody scrolls to it.
        " || image.getBoundingClientRect().top > innerHeight)"
    )
    before = b""

    def same() -> bool:
        nonlocal before
        page.wait_for_timeout(400)
        before, last = page.screenshot(), before
        return before == last

    until(same, 30, lambda _: None)


def desk(people: People, path: Path, size: tuple[int, int], theme: str, language: str) -> None:
    """The command room with a case open."""
    operator = people.sign_in(OPERATOR, size, theme=theme, language=language)
    case = telling_case(people.install)
    page = operator.open()
    screen.settled(page, operator.requests)
    screen.row(page, case["address"]).first.click()
    expect(page.locator("aside .timeline li").first).to_be_visible()
    page.mouse.move(size[0] / 2, 4)
    stands_still(page)
    page.screenshot(path=path)


def my_tasks(people: People, path: Path) -> None:
    """A crew's phone."""
    page = people.sign_in(busiest_crew(people.install), PHONE).open("/desk/my-tasks")
    expect(page.get_by_role("article").first).to_be_visible()
    stands_still(page)
    page.screenshot(path=path)


def page_of(people: People, path: Path, who: str, address: str, **look: Any) -> None:
    """Somebody's screen at an address."""
    page = people.sign_in(who, **look).open(address)
    stands_still(page)
    page.screenshot(path=path)


def supervision(people: People, path: Path) -> None:
    """What is supervised, with one of the cases open."""
    commander = people.sign_in("commander-pengcheng")
    rows = people.install.get("commander-pengcheng", "/cases", tab="supervised")["items"]
    page = commander.open(f"/desk/supervision/{rows[0]['id']}" if rows else "/desk/supervision")
    stands_still(page)
    page.screenshot(path=path)


def together(people: People, path: Path) -> None:
    """Several cases picked for one act."""
    operator = people.sign_in(OPERATOR)
    page = operator.open()
    screen.settled(page, operator.requests)
    for key in ("j", "x", "j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator(".batch [data-act]").first).to_be_visible()
    stands_still(page)
    page.screenshot(path=path)


def busiest_unit(install: Install) -> str:
    """The liaison with the most tasks."""
    units = [name for name in install.accounts if name.startswith("unit-")]
    return max(units, key=lambda name: len(install.get(name, "/unit/tasks")["items"]))


def unit(people: People, path: Path) -> None:
    """A unit's list, with some of it chosen."""
    page = people.sign_in(busiest_unit(people.install), (1024, 768)).context.new_page()
    page.goto("/unit/")
    boxes = page.locator("table.tasks tbody input[type=checkbox]")
    boxes.first.wait_for()
    for number in range(min(3, boxes.count())):
        boxes.nth(number).check()
    stands_still(page)
    page.screenshot(path=path)


def commander(people: People, path: Path) -> None:
    """The commander's phone."""
    page = people.sign_in("commander-pengcheng", PHONE).context.new_page()
    page.goto("/commander/#crews")
    page.locator("main article").first.wait_for()
    stands_still(page)
    page.screenshot(path=path)


def handheld(
    people: People,
    path: Path,
    screen_name: str,
    *,
    act: str = "",
    sunlight: bool = False,
    without_signal: bool = False,
    **look: Any,
) -> None:
    """The phone in the street: one of its screens, with an act's sheet open if one is named."""
    person = people.sign_in(busiest_crew(people.install), PHONE, **look)
    if sunlight:
        person.context.add_init_script(SUN)
    page = person.context.new_page()
    page.goto("/handheld/")
    page.evaluate("(hash) => { location.hash = hash }", screen_name)
    page.locator("main").wait_for()
    if without_signal:
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        person.context.set_offline(True)
        page.locator("main article [data-act]").first.click()
    if act:
        page.locator(f"[data-act={act}]").first.click()
        page.get_by_role("dialog").wait_for()
    stands_still(page)
    page.screenshot(path=path)


def sign_in(people: People, path: Path) -> None:
    """The door."""
    page = people.context().new_page()
    page.goto("/sign-in")
    stands_still(page)
    page.screenshot(path=path)


PICTURES: dict[str, Callable[[People, Path], None]] = {
    "desk-light": lambda people, path: desk(people, path, DESK, "light", "zh-CN"),
    "desk-dark": lambda people, path: desk(people, path, DESK, "dark", "zh-CN"),
    "desk-en-light": lambda people, path: desk(people, path, DESK, "light", "en"),
    "desk-1280-dark": lambda people, path: desk(people, path, (1280, 800), "dark", "zh-CN"),
    "desk-together": together,
    "supervision": supervision,
    "brief": lambda people, path: page_of(people, path, "desk-1", "/desk/brief", size=(1280, 1180)),
    "my-tasks-360": my_tasks,
    "settle-360": lambda people, path: page_of(
        people, path, "crew-pengcheng-late-1", "/desk/my-tasks/settle", size=PHONE
    ),
    "handheld-today": lambda people, path: handheld(people, path, "today"),
    "handheld-tasks": lambda people, path: handheld(people, path, "tasks"),
    "handheld-report": lambda people, path: handheld(people, path, "report", theme="dark"),
    "handheld-street": lambda people, path: handheld(people, path, "report/street"),
    "handheld-sunlight": lambda people, path: handheld(people, path, "tasks", sunlight=True),
    "handheld-no-signal": lambda people, path: handheld(
        people, path, "tasks", without_signal=True, language="en", theme="dark"
    ),
    "unit": unit,
    "commander-360": commander,
    "sign-in": sign_in,
}


def main() -> None:
    """Make the pictures asked for, or all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", help=" ".join(PICTURES))
    asked.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    given = asked.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    found = executable()
    if not found:
        raise SystemExit("no Chromium")
    with running_demo() as install, sync_playwright() as playwright:
        browser = launch(playwright, found)
        for name in given.names or PICTURES:
            people = People(install, browser, Watch(install.address))
            PICTURES[name](people, given.out / f"{name}.png")
            people.leave()
            for fault in people.watch.unforgiven():
                print(f"{name}: {fault}")
            print(given.out / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
