"""处置通, the slower half: tabs, a full phone, signing out with acts waiting, a whole street."""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter

import pytest
from playwright.sync_api import Request, expect

from e2e.ground import Ground
from e2e.handheld import NEXT, Handheld, next_version, noise, take
from e2e.install import Install
from e2e.people import People
from e2e.test_handheld import reported, tasks

pytestmark = pytest.mark.long
STALLS = 12
#: Presses of a thumb, counted in the page.
COUNT = """
window.taps = 0
window.addEventListener('click', (event) => { if (event.isTrusted) window.taps++ }, true)
"""


def test_two_tabs_send_once(install: Install, ground: Ground, people: People) -> None:
    """Both wake up when the signal is back; each act goes out from one of them alone."""
    username, _ = tasks(install, ground, 1)
    hand = Handheld(people, username)
    hand.installed()
    hand.signal(False)
    addresses = [ground.address("银湖路") for _ in range(3)]
    for address in addresses:
        hand.report(address, noise())
    second = hand.context.new_page()
    second.goto("/handheld/")
    expect(second.get_by_role("button", name=re.compile("^发件箱.*3"))).to_be_visible()
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/api/v1/" in request.url:
            sent.append(request.headers["idempotency-key"])

    hand.context.on("request", note)
    hand.signal(True)
    hand.emptied()
    assert max(Counter(sent).values()) == 1
    assert len(sent) == 6
    assert all(len(reported(install, address)) == 1 for address in addresses)
    expect(second.get_by_role("button", name="发件箱：已发完")).to_be_visible()


def test_the_next_start_takes_the_next_version(
    install: Install, ground: Ground, people: People
) -> None:
    """Whoever does not press has it at the next reload, with draft and outbox as they were."""
    username, _ = tasks(install, ground, 1)
    hand = Handheld(people, username)
    hand.installed()
    next_version(install.dist)
    hand.page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
    expect(hand.page.get_by_role("button", name="现在更换")).to_be_visible()
    hand.tab("上报")
    hand.page.locator("form textarea").fill("换版本之前写的")
    hand.page.wait_for_timeout(400)
    hand.page.reload()
    expect(hand.page.locator("form textarea")).to_have_value("换版本之前写的")
    hand.tab("我的")
    expect(hand.page.get_by_text(f"版本 {NEXT}")).to_be_visible()


#: A phone whose room a test sets: what the browser says of it, and whether it refuses to keep more.
ROOM = """
const storage = window.StorageManager?.prototype
const told = storage?.estimate
if (told) storage.estimate = async function () { return window.room ?? told.call(this) }
for (const name of ['put', 'add']) {
  const write = IDBObjectStore.prototype[name]
  IDBObjectStore.prototype[name] = function (...given) {
    if (window.full) throw new DOMException('no room', 'QuotaExceededError')
    return write.apply(this, given)
  }
}
"""


def test_a_full_phone(install: Install, ground: Ground, people: People) -> None:
    """It is said before it happens; what cannot be kept is refused and stays on the screen."""
    username, _ = tasks(install, ground, 1)
    hand = Handheld(people, username, ROOM)
    hand.installed()
    hand.signal(False)
    first = ground.address("银湖路")
    page = hand.page
    page.evaluate("window.room = {usage: 1e9, quota: 1.02e9}")
    hand.report(first, noise())
    expect(hand.page.get_by_role("button", name=re.compile("存储不足"))).to_be_visible()
    page.evaluate("window.full = true")
    page.get_by_label("地址").fill(ground.address("银湖路"))
    take(page.get_by_label(re.compile("拍照")).first, noise())
    expect(page.get_by_text(re.compile("存储已满")).first).to_be_visible()
    assert page.get_by_label("地址").input_value()
    assert len(hand.stored()) == 1
    page.evaluate("window.full = false, window.room = null")
    hand.signal(True)
    hand.emptied()
    assert len(reported(install, first)) == 1


def test_signing_out_with_acts_waiting(install: Install, ground: Ground, people: People) -> None:
    """It is warned of; the next person sees that something waits, not what; it goes out later."""
    username, _ = tasks(install, ground, 1)
    hand = Handheld(people, username)
    people.watch.forgive(r"40[13]", r"50[023]")
    hand.installed()
    hand.context.route("**/api/v1/reports", lambda route: route.fulfill(status=503, body="{}"))
    address = ground.address("银湖路")
    hand.report(address, noise(), "只有本人看得到")
    hand.tab("我的")
    hand.page.get_by_role("button", name=re.compile("退出")).click()
    expect(hand.page.get_by_role("alert").get_by_text("还有 1 件没有发送")).to_be_visible()
    hand.page.get_by_role("button", name="仍然退出").click()
    hand.page.wait_for_url("**/sign-in**")
    hand.context.unroute("**/api/v1/reports")
    own, other = hand.person.username, "desk-1"
    hand.person.username = other
    hand.person.sign_in_again()
    hand.page.goto("/handheld/#outbox")
    expect(hand.page.get_by_text(re.compile("本机另有"))).to_be_visible()
    assert hand.page.get_by_text("只有本人看得到").count() == 0
    hand.page.wait_for_timeout(3_000)
    assert reported(install, address) == []
    hand.person.username = own
    hand.context.clear_cookies()
    hand.person.sign_in_again()
    hand.page.goto("/handheld/")
    hand.page.reload()
    hand.emptied()
    assert len(reported(install, address)) == 1


def test_twelve_stalls_on_one_street(install: Install, ground: Ground, people: People) -> None:
    """Offline, in one sitting: at most five taps each; how many, and how long the phone takes."""
    username, _ = tasks(install, ground, 1)
    hand = Handheld(people, username, COUNT)
    hand.context.grant_permissions(["camera"])
    hand.installed()
    hand.signal(False)
    page, street = hand.page, ground.address("银湖路")
    page.get_by_role("link", name="一街连处").click()
    page.locator("form").get_by_role("textbox").first.fill(street)
    page.locator(".chips .more").click()
    page.get_by_role("searchbox").fill("0406")
    page.get_by_role("button", name=re.compile("0406")).first.click()
    page.get_by_role("button", name="开始").click()
    shutter = page.locator("button.shutter")
    taps, seconds = [], []
    for n in range(STALLS):
        before, begun = page.evaluate("window.taps"), time.monotonic()
        for side in ("处置前", "处置后"):
            shutter.click()
            page.get_by_role("button", name=f"重拍{side}").wait_for()
        page.get_by_role("button", name="教育" if n % 2 else "责令改正").click()
        page.get_by_role("button", name="下一处").click()
        page.get_by_text(f"第 {n + 2} 处", exact=True).wait_for()
        taps.append(page.evaluate("window.taps") - before)
        seconds.append(time.monotonic() - begun)
    print(
        f"taps {sorted(taps)}, seconds {statistics.median(seconds):.1f}, {max(seconds):.1f} at most"
    )
    assert max(taps) <= 5
    hand.signal(True)
    hand.emptied()
    rows = reported(install, street)
    assert len(rows) == STALLS
    assert {row["photo_count"] for row in rows} == {2}
