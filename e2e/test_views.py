"""Every case and view has an address, the way back works, and several cases are done at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import screen
from e2e.ground import Ground
from e2e.install import Install
from e2e.people import People, Watch
from e2e.stories import COMMANDER, OPERATOR, WHY, Stories


@pytest.fixture(scope="module")
def stories(install: Install, ground: Ground) -> Stories:
    return Stories(install, ground)


def tab(page: Page, name: str) -> None:
    """Show another list of the queue."""
    page.locator(".tabs").get_by_role("button", name=re.compile(rf"^{name}\s*\d*$")).click()


def test_a_case_opens_by_the_number_that_people_say(people: People, stories: Stories) -> None:
    case = stories.filed()
    page = people.sign_in(OPERATOR).open(f"/desk/cases/{case['number']}")
    expect(screen.panel(page)).to_contain_text(case["address"])
    page.goto("/desk/cases/云龙-20990101-9999")
    expect(page.get_by_text("没有这个案件，或不在你的辖区")).to_be_visible()


def test_a_view_has_an_address_and_back_leads_through_what_was_seen(
    people: People, stories: Stories
) -> None:
    case = stories.filed()
    page = people.sign_in(OPERATOR).open("/desk/queue/filed")
    expect(page.locator(".tabs [aria-pressed=true]")).to_contain_text("待派遣")
    screen.row(page, case["address"]).click()
    expect(screen.panel(page)).to_contain_text(case["address"])
    tab(page, "督办")
    expect(page).to_have_url(re.compile(rf"/cases/{case['id']}\?tab=supervised$"))
    expect(screen.panel(page)).to_contain_text(case["address"])

    page.go_back()
    expect(page.locator(".tabs [aria-pressed=true]")).to_contain_text("待派遣")
    page.go_back()
    expect(page).to_have_url(re.compile("/queue/filed$"))
    expect(screen.panel(page)).to_have_count(0)

    page.get_by_role("searchbox").fill(case["number"])
    expect(page).to_have_url(re.compile("/queue/filed\\?q="))
    expect(page.locator(".queue [role=option]")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value(case["number"])
    expect(page.locator(".queue [role=option]")).to_have_count(1)


def test_several_cases_are_urged_at_once_and_each_outcome_is_told(
    people: People, stories: Stories
) -> None:
    cases = [stories.filed() for _ in range(3)]
    page = people.sign_in(OPERATOR).open("/desk/")
    for case in cases:
        expect(screen.row(page, case["address"])).to_be_visible()
    # The newest stand on top: by keyboard from the first to the third.
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    batch = page.get_by_role("region", name="已选 3 件")
    expect(batch.get_by_role("button", name=re.compile("^催办"))).to_be_visible()
    page.keyboard.press("h")
    batch.get_by_label("说明（选填）").fill(WHY)
    page.keyboard.press("Control+Enter")
    told = page.locator(".batch .outcomes")
    expect(told).to_contain_text("办好 3 件，未办成 0 件")
    for case in cases:
        expect(told).to_contain_text(case["number"])
        assert stories.install.timeline(OPERATOR, case["id"])[-1] == "urge"
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)


def test_what_is_refused_in_a_batch_stays_picked_with_its_reason(
    people: People, stories: Stories, watch: Watch
) -> None:
    watch.forgive("status of 4(09|22)")
    parent = stories.filed()
    first, second = stories.filed(), stories.filed()
    # A part has no parts of its own: the second is refused, the first is done.
    stories.act(OPERATOR, stories.filed(), "set_parent", case_id=second["id"])
    page = people.sign_in(OPERATOR).open("/desk/")
    screen.row(page, first["address"]).click(modifiers=["Control"])
    screen.row(page, second["address"]).click(modifiers=["Control"])
    batch = page.locator(".batch")
    batch.get_by_role("button", name=re.compile("^设为子案")).click()
    batch.get_by_role("searchbox").fill(parent["number"])
    expect(batch.get_by_role("radio")).to_be_checked()
    batch.get_by_role("button", name="设为所选案件的子案").click()
    told = batch.locator(".outcomes")
    expect(told).to_contain_text("办好 1 件，未办成 1 件")
    expect(told.locator("li.refused")).to_contain_text(second["number"])
    expect(told.locator("li.refused")).to_contain_text("子案之下不能再有子案")
    expect(batch.get_by_role("heading", name="已选 1 件")).to_be_visible()


def test_the_supervision_room_lists_by_day_and_is_worked_by_keyboard(
    people: People, stories: Stories
) -> None:
    case = stories.supervised()
    page = people.sign_in(COMMANDER).open("/desk/supervision")
    row = page.get_by_role("row").filter(has_text=case["address"])
    expect(row).to_contain_text("督办")
    expect(row).to_contain_text("剩 3 天")
    for _ in range(60):
        page.keyboard.press("j")
        if "cursor" in (row.get_attribute("class") or ""):
            break
    page.keyboard.press("Enter")
    expect(screen.panel(page)).to_contain_text(case["address"])
    expect(page).to_have_url(re.compile(f"/supervision/{case['id']}$"))
    expect(screen.act(screen.panel(page), "督办销号")).to_be_visible()
    page.keyboard.press("Shift+U")
    screen.panel(page).get_by_label("说明").fill("已落实")
    page.keyboard.press("Control+Enter")
    expect(row).to_have_count(0)


def test_the_brief_of_the_duty_date_fits_one_printed_page(people: People, stories: Stories) -> None:
    stories.closed()
    page = people.sign_in(OPERATOR).open("/desk/brief")
    expect(page.get_by_role("heading", name=re.compile("联勤日报"))).to_be_visible()
    expect(page.get_by_role("region", name="按来源")).to_contain_text("巡查发现")
    # Chromium tells the pages of a PDF in its trailer.
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == 1
    page.get_by_role("button", name=re.compile("前一日")).click()
    expect(page).to_have_url(re.compile(r"/brief/\d{4}-\d\d-\d\d$"))
