"""An alert on the desk: it stays until somebody takes it, and is quiet for everybody then."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from e2e import screen
from e2e.ground import Ground
from e2e.install import PENGCHENG, Install
from e2e.people import PHONE, People
from e2e.test_house import findings, with_axe

LINE = ".bar .line"


def backup_asked(install: Install, ground: Ground) -> dict[str, Any]:
    """A crew that cannot do it alone."""
    operator = "op-pengcheng-1"
    case = install.filed(operator, install.report(ground.address(), ground.spot(PENGCHENG)))
    crew = install.nearest_crew(operator, case["id"])
    case = install.act(operator, case, "dispatch", assignee={"kind": "crew", "id": crew["id"]})
    member = install.crew_account(crew["id"])
    return install.act(member, install.act(member, case, "accept"), "ask_backup", reason="人手不足")


def look(page: Page) -> None:
    """axe finds nothing serious, by day or night."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert findings(page) == []


def test_an_alert_stays_on_every_desk_until_one_takes_it_by_keyboard(
    install: Install, people: People, ground: Ground
) -> None:
    seat, leader = people.sign_in("op-pengcheng-1"), people.sign_in("lead-pengcheng")
    with_axe(seat.context)
    desk, other = seat.open(), leader.open()
    screen.settled(desk, seat.requests)
    asked = len([r for r in seat.requests if "/notices" in r.url])
    case = backup_asked(install, ground)
    alert = desk.locator(LINE, has_text=case["number"]).filter(has_text="请求支援")
    theirs = other.locator(LINE, has_text=case["number"]).filter(has_text="请求支援")
    expect(alert).to_be_visible()
    expect(theirs).to_be_visible()
    assert len([r for r in seat.requests if "/notices" in r.url]) == asked  # the stream said it
    look(desk)
    desk.locator(".bell .opener").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".bell .sheet")).to_contain_text(case["number"])
    look(desk)
    desk.keyboard.press("Escape")
    expect(desk.locator(".bell .sheet")).to_be_hidden()
    alert.get_by_role("button", name="已对讲通知").focus()
    desk.keyboard.press("Enter")
    expect(alert).to_have_count(0)
    expect(theirs).to_have_count(0)
    own = install.get("op-pengcheng-1", "/notices")["items"]
    taken = next(n for n in own if n["kind"] == "backup" and n["case"]["id"] == case["id"])
    assert taken["acknowledged_how"] == "radio"
    assert taken["acknowledged_by"]["name"] == seat.name


def test_on_a_phone_the_bell_and_how_one_is_told_fit(install: Install, people: People) -> None:
    commander = people.sign_in("commander-pengcheng", PHONE)
    with_axe(commander.context)
    page = commander.open("/desk/my-tasks")
    page.locator(".bell .opener").click()
    expect(page.locator(".bell .sheet")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    look(page)
    page.keyboard.press("Escape")
    page.locator(".menu .opener").click()
    duty = page.get_by_role("group", name="值勤")
    duty.get_by_role("button", name="已下班").click()
    expect(duty.get_by_text("下班期间不接收任何通知")).to_be_visible()
    assert install.get("commander-pengcheng", "/duty") == {"on_duty": False}
    look(page)
    duty.get_by_role("button", name="在岗").click()
    expect(duty.get_by_role("button", name="在岗")).to_have_attribute("aria-pressed", "true")
