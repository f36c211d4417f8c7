"""`python -m bench.handheld [--minutes 60]`: the officer's phone. How long the page takes to open
on a mid-range phone, and what an hour of use leaves in its memory. (What it weighs says
`npm run budget`.)"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.__main__ import machine
from e2e.browsers import executable, launch
from e2e.ground import Ground
from e2e.handheld import Handheld
from e2e.install import PENGCHENG, Install, running_demo, scene
from e2e.people import PHONE, People, Watch

ROUNDS = 5
#: A mid-range phone on a middling line: processor time ×4, 1.6 Mbit/s down, 750 kbit/s up, 150 ms
#: for a round trip; the values that Lighthouse calls "slow 4G" for a "mid-tier mobile".
SLOWDOWN = 4
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
OPERATOR = "op-pengcheng-1"
MEGA = 1e6

#: From the start of the navigation until the tabs can be pressed.
USABLE = """
() => new Promise((resolve) => {
  const parts = 'main h2, main form, main .card, main .state'
  const look = () => document.querySelector('nav a') && document.querySelector(parts)
    ? resolve(performance.now()) : requestAnimationFrame(look)
  look()
})
"""


def throttled(context: BrowserContext, page: Page) -> CDPSession:
    """The page as on a slow phone."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    return session


def loads(install: Install, browser: Browser, username: str) -> dict[str, float]:
    """Milliseconds until the page is usable: an empty browser, the installed page on the same line,
    the installed page without any line. Medians."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        people = People(install, browser, Watch(install.address))
        person = people.sign_in(username, PHONE)
        page = person.context.new_page()
        session = throttled(person.context, page)
        _timed(page, found, "first visit")
        # The worker keeps the page; it is not slowed down, so wait for it outside of any figure.
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_timeout(1500)
        _timed(page, found, "kept on the phone")
        session.detach()
        page.close()
        person.context.set_offline(True)
        page = person.context.new_page()
        slow = person.context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        _timed(page, found, "kept on the phone, no signal")
        people.leave()
    return {f"usable, {what}": statistics.median(times) for what, times in found.items()}


def _timed(page: Page, found: dict[str, list[float]], what: str) -> None:
    page.goto("/handheld/", wait_until="commit")
    found.setdefault(what, []).append(float(page.evaluate(USABLE)))


def memory(session: CDPSession) -> dict[str, float]:
    """MB of the page's heap after a collection, and its nodes and listeners."""
    session.send("HeapProfiler.collectGarbage")
    values = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return {
        "heap, MB": values["JSHeapUsedSize"] / MEGA,
        "nodes": values["Nodes"],
        "listeners": values["JSEventListeners"],
    }


def hour(
    install: Install, browser: Browser, minutes: float, say: Callable[[str], None]
) -> list[dict[str, float]]:
    """Use the page as a busy crew does, and read its memory at each quarter of the time."""
    ground = Ground(install)
    crew = crew_of(install)
    member = install.crew_account(crew["id"])
    people = People(install, browser, Watch(install.address))
    hand = Handheld(people, member)
    page = hand.page
    session = hand.context.new_cdp_session(page)
    session.send("Performance.enable")
    began, readings, rounds = time.monotonic(), [], 0
    for quarter in range(5):
        until = began + minutes * 60 * quarter / 4
        while time.monotonic() < until:
            _round(install, ground, crew, hand, rounds)
            rounds += 1
            page.wait_for_timeout(20_000 if minutes > 10 else 500)
        hand.tab("今日")
        page.wait_for_timeout(2000)
        readings.append(
            {"minutes": (time.monotonic() - began) / 60, "rounds": rounds} | memory(session)
        )
        say(json.dumps(readings[-1]))
    people.leave()
    return readings


def _round(
    install: Install, ground: Ground, crew: dict[str, Any], hand: Handheld, number: int
) -> None:
    """A report of one's own, a task from end to end, every fifth time without a signal."""
    address = ground.address(f"测速 {number}")
    case = install.filed(OPERATOR, install.report(address, ground.spot(PENGCHENG)))
    install.act(OPERATOR, case, "dispatch", assignee={"kind": "crew", "id": crew["id"]})
    hand.tab("任务")
    hand.task(address).wait_for()
    hand.signal(number % 5 != 4)
    hand.report(ground.address(f"自报 {number}"), scene(number))
    hand.handle(address, scene(number, after=True), "已劝离")
    for name in ("我的", "今日"):
        hand.tab(name)
    hand.signal(True)
    hand.page.get_by_role("button", name="发件箱：已发完").wait_for(timeout=60_000)


def crew_of(install: Install) -> dict[str, Any]:
    """The crew of the centre that is on duty now."""
    now = install.get("commander-pengcheng", "/crews/now")["crews"]
    return next(one for one in now if one["place"].endswith(PENGCHENG))


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=60)
    given = asked.parse_args()
    chromium = executable()
    if not chromium:
        raise SystemExit("no Chromium")
    with running_demo() as install, sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        print(machine(browser.version), flush=True)
        member = install.crew_account(crew_of(install)["id"])
        for what, value in loads(install, browser, member).items():
            print(f"| {what} | {value:,.0f} |", flush=True)
        if given.minutes:
            hour(install, browser, given.minutes, lambda line: print(line, flush=True))
        browser.close()


if __name__ == "__main__":
    main()
