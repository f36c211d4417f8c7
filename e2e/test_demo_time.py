"""The demo's time at the desk: said in the header, set there, and the same on every desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from e2e.install import Install
from e2e.people import People

LEADER = "lead-pengcheng"


@pytest.fixture
def paused(install: Install) -> Iterator[Install]:
    """The demo's time stands at the present; afterwards it is the present again."""
    install.post(LEADER, "/demo/time", {"paused": True, "speed": 13})
    yield install
    install.post(LEADER, "/demo/time", {"present": True})


def test_the_header_says_the_demo_time_and_every_desk_hears_of_a_change(
    paused: Install, people: People
) -> None:
    setting, watching = people.sign_in(LEADER).open(), people.sign_in("op-qingnian-1").open()
    chip = setting.locator(".demo-time .opener")
    expect(chip).to_contain_text("演示时间 已暂停", use_inner_text=True)
    other = watching.locator(".demo-time .opener")
    expect(other).to_contain_text("已暂停")

    # By keyboard alone: opened, set, left with Escape, the focus where it was.
    chip.focus()
    setting.keyboard.press("Enter")
    expect(setting.get_by_role("button", name="继续")).to_be_focused()
    setting.get_by_role("button", name="更快").press("Enter")
    for page in (setting, watching):
        expect(page.locator(".demo-time output")).to_have_text("×30")
    setting.get_by_role("button", name="继续").press("Enter")
    # It stood for some seconds: at thirty times the speed it meets the present at once.
    expect(chip).to_contain_text("×1 ·")
    expect(other).to_contain_text("×1 ·")
    setting.keyboard.press("Escape")
    expect(chip).to_be_focused()

    paused.post(LEADER, "/demo/time", {"present": True})
    for page in (setting, watching):
        expect(page.locator(".demo-time")).to_have_count(0)
        expect(page.locator("header").get_by_text("演示数据")).to_be_visible()
