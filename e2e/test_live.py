"""The desk is live: one stream, shared, and nothing is missing after a break."""

from __future__ import annotations

import os
import re
import signal
import time

from playwright.sync_api import Page, expect

from e2e import screen
from e2e.ground import Ground
from e2e.install import PENGCHENG, QINGNIAN, Install, until
from e2e.people import People, Watch
from lianqin.console.services import answers

OFFLINE_S = 62


def restart_stream(install: Install) -> None:
    """Kill the stream process and wait for the next one."""
    killed = install.pid_of("stream")
    os.kill(killed, signal.SIGKILL)
    until(lambda: install.pid_of("stream") != killed)
    until(lambda: answers(install.stream_socket, "/stream"))


def ids_shown(page: Page) -> set[str]:
    """Ids of the cases that the queue shows, page by page of its window."""
    found: set[str] = set()
    rows = page.locator(".queue [role=option]")
    page.locator(".queue .list").evaluate("list => { list.scrollTop = 0 }")
    whole = int(rows.first.get_attribute("aria-setsize") or 0)
    for _ in range(200):
        ids = rows.evaluate_all("rows => rows.map(row => row.id.replace('row-', ''))")
        found |= set(ids)
        if len(found) >= whole:
            return found
        page.locator(".queue .list").evaluate("list => { list.scrollTop += 200 }")
        page.evaluate("() => new Promise(requestAnimationFrame)")
    return found


def test_a_report_over_http_appears_in_queue_counts_and_map_without_a_request(
    install: Install, people: People, ground: Ground
) -> None:
    seen, marker = ground.address("彭城路"), ground.address("青年路")
    here = people.sign_in("op-pengcheng-1")
    elsewhere = people.sign_in("op-qingnian-1")
    desk, other = here.open(), elsewhere.open()
    screen.settled(desk, here.requests)
    screen.settled(other, elsewhere.requests)
    waiting, asked = screen.count(desk, "待立案"), len(here.requests)
    waiting_elsewhere = screen.count(other, "待立案")

    spot = ground.spot(PENGCHENG)
    install.report(seen, spot)

    expect(screen.row(desk, seen)).to_be_visible()
    screen.expect_count(desk, "待立案", waiting + 1)
    # The map has it too: the pointer finds it where it was reported.
    found = desk.locator(".map .hover")
    until(lambda: screen.point_at(desk, ground.on_screen(desk, here.username, spot), found))
    expect(found).to_contain_text("占道经营 事件0406")
    expect(found).to_contain_text("待立案")
    assert [r.url for r in here.requests[asked:]] == []

    # What comes later for the other centre has arrived there, so the earlier one never will.
    install.report(marker, ground.spot(QINGNIAN))
    expect(screen.row(other, marker)).to_be_visible()
    expect(screen.row(other, seen)).to_have_count(0)
    screen.expect_count(other, "待立案", waiting_elsewhere + 1)
    expect(screen.row(desk, marker)).to_have_count(0)


def test_eight_tabs_share_one_stream_and_another_takes_over_when_the_leader_closes(
    install: Install, people: People, ground: Ground
) -> None:
    first, missed, then = (ground.address("淮海路") for _ in range(3))
    # A proxy keeps finished connections for a while: start from none at all.
    restart_stream(install)
    someone = people.sign_in("op-pengcheng-1")
    tabs = [someone.open() for _ in range(8)]
    install.report(first, ground.spot(PENGCHENG))
    for tab in tabs:
        expect(screen.row(tab, first)).to_be_visible()
    assert len(someone.streams()) == 1
    until(lambda: install.streams_open() == 1)

    leader = someone.streams()[0].frame.page
    leader.close()
    tabs.remove(leader)
    # Sent while nobody listens, and once more when somebody does.
    install.report(missed, ground.spot(PENGCHENG))
    until(lambda: len(someone.streams()) == 2, 20, lambda s: tabs[0].wait_for_timeout(s * 1000))
    install.report(then, ground.spot(PENGCHENG))
    for tab in tabs:
        expect(screen.row(tab, missed)).to_be_visible()
        expect(screen.row(tab, then)).to_be_visible()
    assert len(someone.streams()) == 2
    until(lambda: install.streams_open() == 1)


def test_after_a_minute_without_the_stream_nothing_is_missing(
    install: Install, people: People, ground: Ground, watch: Watch
) -> None:
    watch.forgive("ERR_INTERNET_DISCONNECTED", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    opened, refused, new, newest = (ground.address("解放路") for _ in range(4))
    someone = people.sign_in("op-pengcheng-1")
    filed = install.report(opened, ground.spot(PENGCHENG))
    rejected = install.report(refused, ground.spot(PENGCHENG))
    desk = someone.open()
    screen.settled(desk, someone.requests)
    screen.open_case(desk, opened)

    # An open connection outlives the browser's "offline": it is cut at the other end.
    someone.context.set_offline(True)
    os.kill(install.pid_of("stream"), signal.SIGKILL)
    gone_at = time.monotonic()
    install.report(new, ground.spot(PENGCHENG))
    install.filed("op-pengcheng-2", filed)
    install.act("op-pengcheng-2", rejected, "reject", reason="现场核实无此问题")
    expect(desk.get_by_role("alert")).to_contain_text(
        re.compile(r"自 \d\d:\d\d 起没有收到实时消息"), timeout=30_000
    )
    late = install.report(newest, ground.spot(PENGCHENG))
    desk.wait_for_timeout(max(0, OFFLINE_S - (time.monotonic() - gone_at)) * 1000)
    expect(screen.row(desk, new)).to_have_count(0)
    last = install.filed("op-pengcheng-2", late)

    someone.context.set_offline(False)
    expect(screen.row(desk, newest)).to_contain_text("待派遣", timeout=20_000)
    assert last["state"] == "filed"
    expect(screen.row(desk, new)).to_contain_text("待立案")
    expect(screen.row(desk, refused)).to_have_count(0)
    expect(screen.panel(desk)).to_contain_text("待派遣")
    expect(screen.act(screen.panel(desk), "立案")).to_have_count(0)
    expect(desk.locator(".banner")).to_have_count(0)
    known = install.get("op-pengcheng-1", "/cases", tab="open", limit=100)["items"]
    shown = ids_shown(desk)
    assert len(shown) >= min(50, len(known))
    assert shown == {item["id"] for item in known[: len(shown)]}
    counts = install.get("op-pengcheng-1", "/cases/counts")["counts"]
    for stage, key in (("待立案", "reported"), ("待派遣", "filed"), ("待核查", "to_check")):
        screen.expect_count(desk, stage, counts[key])
