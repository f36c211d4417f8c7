"""The commander's phone, 360 pixels wide: alert, request, crew, deputy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from e2e.axe import faults_of
from e2e.ground import Ground
from e2e.install import PENGCHENG, Install, until
from e2e.people import PHONE, People

OPERATOR = "op-pengcheng-1"
COMMANDER = "commander-pengcheng"
WHY = "对方人多，需要民警到场"


@contextmanager
def desk_away(install: Install) -> Iterator[None]:
    """Nobody of the centre's desk is on duty: what they would be told first goes on at once."""
    desk = [
        name
        for name, account in install.accounts.items()
        for role in account["roles"]
        if role["place"].endswith(PENGCHENG)
        and role["role"] in ("operator", "acceptor", "dispatcher", "shift_leader")
    ]
    for name in desk:
        install.post(name, "/duty", {"on_duty": False})
    try:
        yield
    finally:
        for name in desk:
            install.post(name, "/duty", {"on_duty": True})


def backup_asked(install: Install, ground: Ground) -> dict[str, object]:
    """A case on which the crew has just asked for backup."""
    case = install.filed(OPERATOR, install.report(ground.address(), ground.spot(PENGCHENG)))
    now = install.get(COMMANDER, "/crews/now")["crews"]
    crew = next(one for one in now if one["place"].endswith(PENGCHENG))
    case = install.act(OPERATOR, case, "dispatch", assignee={"kind": "crew", "id": crew["id"]})
    member = install.crew_account(crew["id"])
    case = install.act(member, case, "accept")
    return install.act(member, case, "ask_backup", reason=WHY)


def alerted(install: Install, number: str) -> None:
    """Wait until the commander has been told of a case."""

    def told() -> bool:
        items = install.get(COMMANDER, "/notices", open=1)["items"]
        return any(one["case"] and one["case"]["number"] == number for one in items)

    until(told, 30)


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="指挥长").get_by_role("link", name=re.compile(name)).click()


def big_enough(page: Page) -> list[str]:
    """What can be pressed in the page and is smaller than a thumb."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('main button, main select, main input, nav a')]"
        ".filter(e => e.offsetParent && e.type !== 'radio')"
        ".filter(e => e.getBoundingClientRect().height < 48)"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    return found


def sound(page: Page) -> None:
    """Nothing that axe finds serious, nothing too small for a thumb, nothing beside the screen."""
    assert faults_of(page) == []
    assert big_enough(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_commander_takes_an_alert_answers_and_moves_a_crew_with_one_thumb(
    install: Install, people: People, ground: Ground
) -> None:
    with desk_away(install):
        case = backup_asked(install, ground)
        alerted(install, str(case["number"]))
    who = people.sign_in(COMMANDER, PHONE, theme="dark")
    page = who.context.new_page()
    page.goto("/")
    expect(page).to_have_url(re.compile("/commander/$"))
    alert = page.get_by_role("article").filter(has_text=str(case["number"]))
    expect(alert.first).to_be_visible()
    sound(page)
    alert.first.get_by_role("button", name="已知悉").click()
    expect(alert).to_have_count(0)

    tab(page, "审批")
    card = page.get_by_role("article").filter(has_text=str(case["address"]))
    expect(card).to_contain_text(WHY)
    card.get_by_role("button", name="批准").click()
    card.get_by_role("radio").nth(1).check()
    sound(page)
    card.locator("form").get_by_role("button", name="批准").click()
    expect(card).to_have_count(0)
    assert "grant" in install.timeline(OPERATOR, str(case["id"]))

    tab(page, "力量")
    crew = page.get_by_role("article").first
    crew.get_by_role("button", name="调动").click()
    crew.get_by_label(re.compile("^到哪里备勤")).select_option(index=1)
    sound(page)
    crew.get_by_role("button", name="调往此处").click()
    expect(crew).to_contain_text("备勤：")

    tab(page, "副手")
    page.get_by_label("由谁代理").select_option(index=1)
    sound(page)
    page.get_by_role("button", name="指定", exact=True).click()
    deputy = page.get_by_role("article")
    expect(deputy).to_contain_text("代理中")
    deputy.get_by_role("button", name="结束代理").click()
    deputy.get_by_role("button", name=re.compile("^再按一次")).click()
    expect(deputy).to_have_count(0)
