"""From report to closed: once by mouse, once by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import screen
from e2e.ground import Ground
from e2e.install import PENGCHENG, Install, scene, until
from e2e.people import COUNT_POINTER, PHONE, People, Person
from lianqin.cases.lifecycle import ACT_WORDS

STEPS = ["report", "file", "dispatch", "accept", "report_back", "check_pass", "close"]
VERIFIED = ["report", "verify", *STEPS[1:]]


def crew_of(install: Install, case_id: str) -> tuple[str, str]:
    """Name of the crew to send and the account of one of its members."""
    crew = install.nearest_crew("op-pengcheng-1", case_id)
    return crew["name"]["zh"], install.crew_account(crew["id"])


def case_id_of(page: Page) -> str:
    """The case that the desk's address names."""
    page.wait_for_url("**/desk/cases/*")
    return page.url.rsplit("/", 1)[-1]


def expect_whole_story(
    install: Install, desk: Page, case_id: str, steps: list[str], people: list[Person]
) -> None:
    """The desk, open all the while, tells every step and who took it; so does the journal."""
    entries = screen.panel(desk).get_by_role("region", name="经过").get_by_role("listitem")
    expect(entries).to_have_count(len(steps))
    told = list(reversed(entries.all_inner_texts()))
    operator, crew, checker, leader = (person.name for person in people)
    by = {"accept": crew, "report_back": crew, "check_pass": checker, "close": leader}
    for text, step in zip(told, steps, strict=True):
        actor = by.get(step, operator)
        assert ACT_WORDS[step][0] in text, told
        assert actor in text, told
    expect(screen.panel(desk).locator(".chips").first).to_contain_text("已结案")
    expect(screen.panel(desk).get_by_role("button", name="放大照片")).to_have_count(2)
    assert install.timeline("op-pengcheng-1", case_id) == steps


def test_a_report_is_worked_to_its_end_by_mouse(
    install: Install, people: People, ground: Ground
) -> None:
    address = ground.address("建国东路")
    operator = people.sign_in("op-pengcheng-1")
    desk = operator.open()
    screen.settled(desk, operator.requests)

    desk.get_by_role("button", name="登记上报").click()
    form = desk.locator("form.report")
    form.get_by_label("来源").select_option("视频巡查")
    form.get_by_role("combobox", name="类别").click()
    form.get_by_role("combobox", name="类别").fill("0406")
    desk.get_by_role("option", name="占道经营 事件0406 ·").click()
    form.get_by_label("看到什么").fill("三个水果摊占了盲道")
    form.get_by_label("地址").fill(address)
    form.get_by_role("button", name="在地图上点选").click()
    desk.mouse.click(*ground.on_screen(desk, operator.username, ground.spot(PENGCHENG)))
    expect(form.get_by_role("button", name="重新点选")).to_be_visible()
    screen.add_photo(form, scene(1))
    form.get_by_role("button", name="登记", exact=True).click()
    expect(screen.panel(desk)).to_contain_text(address)
    case_id = case_id_of(desk)
    case = screen.panel(desk)

    screen.file(case)
    expect(case.locator(".chips").first).to_contain_text("待派遣")
    crew, member = crew_of(install, case_id)
    screen.send_to(case, crew).click()
    expect(case.locator(".chips").first).to_contain_text("待签收")

    on_foot = people.sign_in(member, PHONE)
    task = screen.card(on_foot.open("/desk/my-tasks"), address)
    screen.act(task, "签收").click()
    screen.act(task, "办理反馈").click()
    screen.add_photo(task, scene(1, after=True))
    task.get_by_label("说明").fill("已劝离,盲道清出")
    task.get_by_role("button", name="提交办理反馈").click()
    expect(task).to_have_count(0)

    checker = people.sign_in(install.checker("op-pengcheng-1", case_id), PHONE)
    check = screen.card(checker.open("/desk/my-tasks"), address)
    screen.act(check, "核查通过").click()
    check.get_by_role("form").get_by_role("button", name="核查通过", exact=True).click()
    expect(check).to_have_count(0)

    leader = people.sign_in("lead-pengcheng")
    theirs = leader.open()
    last = screen.open_case(theirs, address)
    screen.act(last, "结案").click()
    last.get_by_role("form").get_by_role("button", name="结案", exact=True).click()
    expect(last.locator(".chips").first).to_contain_text("已结案")

    expect_whole_story(install, desk, case_id, STEPS, [operator, on_foot, checker, leader])
    expect(screen.row(desk, address)).to_have_count(0)


def press_on(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go to something by Tab and press a key there."""
    screen.tab_to(page, target)
    page.keyboard.press(key)


@pytest.fixture
def keyboard_only(people: People) -> People:
    """People whose pages count every press of a pointer."""
    make = people.context

    def counting(*args: object, **named: object) -> object:
        context = make(*args, **named)
        context.add_init_script(COUNT_POINTER)
        return context

    people.context = counting  # type: ignore[method-assign,assignment]
    return people


def test_a_report_is_worked_to_its_end_by_keyboard_alone(
    install: Install, keyboard_only: People, ground: Ground
) -> None:
    address = ground.address("和平路")
    operator = keyboard_only.sign_in("op-pengcheng-1")
    desk = operator.open()
    case_id = report_by_keyboard(desk, address)
    case = screen.panel(desk)

    # The public's report: looked at by video first, then filed under its condition.
    expect(screen.act(case, "核实")).to_be_visible()
    desk.keyboard.press("v")
    choose_by_keys(desk, case, "核实", "核实结果")
    expect(case.locator(".chips").first).to_contain_text("待立案")
    expect(screen.act(case, "立案")).to_be_visible()
    desk.keyboard.press("f")
    choose_by_keys(desk, case, "立案", "立案条件")
    expect(case.locator(".chips").first).to_contain_text("待派遣")
    expect(screen.send_to(case, "").first).to_be_visible()
    crew, member = crew_of(install, case_id)
    desk.keyboard.press("d")
    press_on(desk, screen.send_to(case, crew))
    expect(case.locator(".chips").first).to_contain_text("待签收")

    on_foot = keyboard_only.sign_in(member, PHONE)
    phone = on_foot.open("/desk/my-tasks")
    task = screen.card(phone, address)
    press_on(phone, screen.act(task, "签收"))
    expect(task).to_contain_text("办理中")
    press_on(phone, screen.act(task, "办理反馈"))
    phone.keyboard.type("已劝离")
    while not task.locator("input[type=file]").evaluate("it => it === document.activeElement"):
        phone.keyboard.press("Shift+Tab")
    screen.add_photo(task, scene(2, after=True), lambda: phone.keyboard.press("Enter"))
    press_on(phone, task.get_by_role("button", name="提交办理反馈"))
    expect(task).to_have_count(0)

    checker = keyboard_only.sign_in(install.checker("op-pengcheng-1", case_id), PHONE)
    round_ = checker.open("/desk/my-tasks")
    check = screen.card(round_, address)
    press_on(round_, screen.act(check, "核查通过"))
    press_on(round_, check.get_by_role("form").get_by_role("button", name="核查通过", exact=True))
    expect(check).to_have_count(0)

    leader = keyboard_only.sign_in("lead-pengcheng")
    theirs = leader.open()
    open_by_keys(theirs, address)
    theirs.keyboard.press("c")
    last = screen.panel(theirs)
    expect(last.get_by_role("form").get_by_role("button", name="结案", exact=True)).to_be_focused()
    theirs.keyboard.press("Enter")
    expect(last.locator(".chips").first).to_contain_text("已结案")

    expect_whole_story(install, desk, case_id, VERIFIED, [operator, on_foot, checker, leader])
    for page in (desk, phone, round_, theirs):
        assert page.evaluate("window.pointerPresses") == 0


def choose_by_keys(page: Page, case: Locator, form: str, group: str) -> None:
    """Take the first of a form's choices with the space bar and send it."""
    first = (
        case.get_by_role("form", name=form).get_by_role("group", name=group).get_by_role("radio")
    )
    expect(first.first).to_be_visible()
    screen.tab_to(page, first.first)
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")


def report_by_keyboard(desk: Page, address: str) -> str:
    """Register a report without a mouse; returns the case's id."""
    desk.keyboard.press("n")
    form = desk.locator("form.report")
    expect(form.get_by_role("combobox", name="类别")).to_be_focused()
    desk.keyboard.type("0406")
    expect(desk.get_by_role("option", name="占道经营 事件0406 ·")).to_be_visible()
    desk.keyboard.press("Enter")
    screen.tab_to(desk, form.get_by_label("看到什么"))
    desk.keyboard.type("烧烤摊占了人行道")
    screen.tab_to(desk, form.get_by_label("地址"))
    desk.keyboard.type(address)
    area = form.get_by_label("所在街道、社区")
    screen.tab_to(desk, area)
    until(lambda: desk.keyboard.press("ArrowDown") or "户部山" in chosen_in(area))
    screen.tab_to(desk, form.locator("input[type=file]"))
    screen.add_photo(form, scene(2), lambda: desk.keyboard.press("Enter"))
    press_on(desk, form.get_by_role("button", name="登记", exact=True))
    expect(screen.panel(desk)).to_contain_text(address)
    return case_id_of(desk)


def chosen_in(select: Locator) -> str:
    """The words of a select's choice."""
    return str(select.evaluate("select => select.selectedOptions[0].text"))


def open_by_keys(page: Page, address: str) -> None:
    """Walk down the queue with J until the case is under the cursor, then Enter."""
    row = screen.row(page, address)
    expect(row).to_be_visible()
    for _ in range(30):
        page.keyboard.press("j")
        if "cursor" in (row.get_attribute("class") or "").split():
            break
    page.keyboard.press("Enter")
    expect(screen.panel(page)).to_contain_text(address)
    expect(screen.act(screen.panel(page), "结案")).to_be_visible()
