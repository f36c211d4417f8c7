"""Several people, several tabs, and a database that goes away."""

from __future__ import annotations

import os
import re
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from e2e import screen
from e2e.ground import Ground
from e2e.install import PENGCHENG, Install, until
from e2e.people import PHONE, People, Watch

REASON = "现场核实无此问题,已电话告知上报人"


def test_who_comes_second_is_told_who_did_what_and_keeps_what_was_typed(
    install: Install, people: People, ground: Ground, watch: Watch
) -> None:
    watch.forgive("status of 409", r"ERR_FAILED.*/stream")
    address = ground.address()
    case = install.report(address, ground.spot(PENGCHENG))
    install.act("op-pengcheng-1", case, "verify", found=True, means="video")
    first, second = people.sign_in("op-pengcheng-1"), people.sign_in("op-pengcheng-2")
    # Both look at the same moment: the second hears nothing of the first until the answer.
    second.context.route("**/stream?*", lambda route: route.abort())
    mine, theirs = screen.open_case(first.open(), address), second.open()
    late = screen.open_case(theirs, address)
    screen.act(late, "不予立案").click()
    late.get_by_label("不予立案的理由").fill(REASON)

    screen.file(mine)
    expect(mine.locator(".chips").first).to_contain_text("待派遣")

    late.get_by_role("form").get_by_role("button", name="不予立案", exact=True).click()
    told = late.get_by_role("alert")
    expect(told).to_contain_text(first.name)
    expect(told).to_contain_text("立案")
    expect(told).to_contain_text("待派遣")
    expect(late.locator(".chips").first).to_contain_text("待派遣")
    expect_kept(theirs, REASON)


def expect_kept(page: Page, text: str) -> None:
    """What was typed can still be read, in a field or as words."""
    until(
        lambda: page.evaluate(
            """text => document.querySelector('aside').innerText.includes(text)
              || [...document.querySelectorAll('aside textarea, aside input')]
                .some(field => field.value === text && field.getClientRects().length > 0)""",
            text,
        ),
        10,
        lambda s: page.wait_for_timeout(s * 1000),
    )


def test_what_is_typed_outlives_a_change_that_comes_by_the_stream(
    install: Install, people: People, ground: Ground
) -> None:
    address = ground.address()
    case = install.report(address, ground.spot(PENGCHENG))
    page = people.sign_in("op-pengcheng-1").open()
    shown = screen.open_case(page, address)
    screen.act(shown, "不予立案").click()
    shown.get_by_label("不予立案的理由").fill(REASON)
    install.filed("op-pengcheng-2", case)
    expect(shown.locator(".chips").first).to_contain_text("待派遣")
    expect(screen.act(shown, "立案")).to_have_count(0)
    expect_kept(page, REASON)


def test_a_double_click_does_an_act_once(install: Install, people: People, ground: Ground) -> None:
    address = ground.address()
    case = install.report(address, ground.spot(PENGCHENG))
    case = install.filed("op-pengcheng-1", case)
    crew = install.nearest_crew("op-pengcheng-1", case["id"])
    desk = people.sign_in("op-pengcheng-1").open()
    shown = screen.open_case(desk, address)
    screen.send_to(shown, crew["name"]["zh"]).dblclick()
    expect(shown.locator(".chips").first).to_contain_text("待签收")

    phone = people.sign_in(install.crew_account(crew["id"]), PHONE).open("/desk/my-tasks")
    task = screen.card(phone, address)
    screen.act(task, "签收").dblclick()
    expect(screen.act(task, "办理反馈")).to_be_visible()
    assert install.timeline("op-pengcheng-1", case["id"]) == [
        "report", "verify", "file", "dispatch", "accept",
    ]  # fmt: skip
    expect(shown.locator(".problem, .note.late")).to_have_count(0)


@contextmanager
def database_away(install: Install) -> Iterator[None]:
    """Kill PostgreSQL and hold back the supervisor that would start it again at once."""
    serve, postgres = int(install.state()["pid"]), install.pid_of("postgres")
    os.kill(serve, signal.SIGSTOP)
    try:
        os.kill(postgres, signal.SIGKILL)
        until(lambda: install.http.get("/healthz").status_code == 503)
        yield
    finally:
        os.kill(serve, signal.SIGCONT)
        until(lambda: install.http.get("/healthz").status_code == 200, 60)


def test_while_the_database_is_away_the_desk_says_since_when_and_sends_again_with_the_same_key(
    install: Install, people: People, ground: Ground, watch: Watch
) -> None:
    watch.forgive("status of 503")
    address = ground.address()
    case = install.report(address, ground.spot(PENGCHENG))
    someone = people.sign_in("op-pengcheng-1")
    page = someone.open()
    shown = screen.open_case(page, address)
    screen.act(shown, "不予立案").click()
    field = shown.get_by_label("不予立案的理由")
    field.fill(REASON)
    with database_away(install):
        shown.get_by_role("form").get_by_role("button", name="不予立案", exact=True).click()
        banner = page.locator(".banner")
        expect(banner).to_contain_text(re.compile(r"数据库自 \d\d:\d\d 起不可用"))
        expect(shown.get_by_role("status")).to_contain_text("恢复后用同一编号自动重发")
        expect(field).to_have_value(REASON)
    expect(shown.locator(".chips").first).to_contain_text("不予立案", timeout=30_000)
    expect(banner).to_have_count(0)
    keys = [
        r.headers["idempotency-key"]
        for r in someone.requests
        if r.url.endswith(f"/cases/{case['id']}/acts/reject")
    ]
    assert len(keys) >= 2
    assert len(set(keys)) == 1
    assert install.timeline("op-pengcheng-1", case["id"]) == ["report", "reject"]


def test_signing_out_in_one_tab_is_told_to_the_others(people: People, watch: Watch) -> None:
    watch.forgive("status of 401")
    someone = people.sign_in("op-pengcheng-1")
    first, second, third = (someone.open() for _ in range(3))
    # The tab that does not hold the stream: the one that does goes on as if nothing happened.
    holder = someone.streams()[0].frame.page
    leaver = next(tab for tab in (first, second, third) if tab is not holder)
    leaver.locator("header .menu > button").click()
    leaver.get_by_role("button", name="退出登录").click()
    leaver.wait_for_url("**/sign-in*")
    for tab in {first, second, third} - {leaver}:
        expect(tab.get_by_role("alert")).to_contain_text("登录已失效，画面不再更新")
        expect(tab.get_by_role("button", name="重新登录")).to_be_visible()


def test_a_foreign_case_and_an_absent_one_are_not_found_in_the_same_words(
    install: Install, people: People, ground: Ground, watch: Watch
) -> None:
    watch.forgive("status of 404")
    foreign = install.report(ground.address(), ground.spot(PENGCHENG))["id"]
    absent = str(uuid.UUID(foreign[:-12] + "0123456789ab"))
    stranger = people.sign_in("op-qingnian-1")
    said, answered = [], []
    for case_id in (foreign, absent):
        page = stranger.open(f"/desk/cases/{case_id}")
        refused = page.locator("aside [role=alert]")
        expect(refused).to_contain_text("没有这个案件")
        said.append(refused.inner_text())
        answer = stranger.context.request.get(f"/api/v1/cases/{case_id}")
        answered.append((answer.status, answer.text()))
    assert said[0] == said[1]
    assert answered[0] == answered[1]
    assert answered[0][0] == 404
