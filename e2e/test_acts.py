"""Every act of the lifecycle on the desk: by mouse and by keyboard, from a case that offers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import screen
from e2e.ground import Ground
from e2e.install import Install, scene, until
from e2e.people import PHONE, People, Person, Watch
from e2e.stories import (
    COMMANDER,
    CREW,
    DISTRICT,
    LEADER,
    OFFICE,
    OPERATOR,
    PUBLIC,
    WHY,
    Case,
    Stories,
)
from lianqin.cases.lifecycle import ACT_WORDS, ACTS


@dataclass(frozen=True)
class Act:
    """Who does an act on which case, and what its form is told.

    `fields`: text fields by the end of their id; `choose`: groups of which the first is taken;
    `named`: another case is named by its number.
    """

    who: str | Callable[[Stories, Case], str]
    case: Callable[[Stories], Case]
    fields: tuple[str, ...] = ()
    choose: tuple[str, ...] = ()
    named: Callable[[Stories], Case] | None = None
    day: bool = False
    photo: bool = False
    asks: bool = True


def _drawn(stories: Stories, case: Case) -> str:
    return stories.checker(case)


def _public(stories: Stories) -> Case:
    return stories.report("public", by=PUBLIC)


def _rejected(stories: Stories) -> Case:
    return stories.act(OPERATOR, stories.report(), "reject", reason=WHY)


_R = ("reason",)
SCENES: dict[str, Act] = {
    "ask_verify": Act(OPERATOR, _public),
    "verify": Act(OPERATOR, _public, choose=("核实结果",)),
    "file": Act(OPERATOR, Stories.report, choose=("立案条件",)),
    "sign": Act(OPERATOR, Stories.hotline),
    "reject": Act(OPERATOR, Stories.report, _R),
    "join": Act(OPERATOR, Stories.report, named=Stories.report),
    "cancel": Act(LEADER, Stories.filed, _R),
    "reopen": Act(LEADER, _rejected, _R),
    "add_task": Act(OPERATOR, Stories.handling, choose=("承办",)),
    "withdraw_task": Act(OPERATOR, Stories.with_side_task, _R),
    "told_by_radio": Act(OPERATOR, Stories.dispatched, asks=False),
    "designate": Act(COMMANDER, Stories.handling, _R, choose=("承办",)),
    "accept": Act(CREW, Stories.dispatched, asks=False),
    "under_way": Act(CREW, Stories.handling, asks=False),
    "on_scene": Act(CREW, Stories.handling, asks=False),
    "report_back": Act(CREW, Stories.handling, photo=True),
    "send_back": Act(CREW, Stories.dispatched, _R, choose=("权责清单依据",)),
    "dispute": Act(CREW, Stories.dispatched, _R),
    "resume": Act(OPERATOR, Stories.suspended),
    "draw_checker": Act(OPERATOR, Stories.to_check, _R),
    "check_pass": Act(_drawn, Stories.to_check),
    "check_fail": Act(_drawn, Stories.to_check, _R),
    "reply": Act(OPERATOR, Stories.to_reply),
    "closed_elsewhere": Act(OPERATOR, Stories.elsewhere),
    "rework": Act(LEADER, Stories.to_close, _R),
    "close": Act(LEADER, Stories.to_close),
    "urge": Act(OPERATOR, Stories.dispatched),
    "supervise": Act(COMMANDER, Stories.filed, _R, day=True),
    "lift_supervision": Act(COMMANDER, Stories.supervised, ("note",)),
    "leader_assign": Act(OFFICE, Stories.filed, _R),
    "ask_backup": Act(CREW, Stories.handling, _R),
    "ask_department": Act(OPERATOR, Stories.filed, _R, choose=("部门",)),
    "ask_extension": Act(CREW, Stories.handling, _R),
    "ask_suspension": Act(CREW, Stories.handling, _R, day=True),
    "ask_force_close": Act(OPERATOR, Stories.handling, _R),
    "appeal_overdue": Act(CREW, Stories.closed_late, _R),
    "endorse": Act(LEADER, lambda s: s.asked("ask_extension")),
    "grant": Act(COMMANDER, Stories.force_asked),
    "refuse": Act(DISTRICT, Stories.force_asked, _R),
    "withdraw_request": Act(CREW, lambda s: s.asked("ask_backup"), asks=False),
    "link_recurrence": Act(OPERATOR, Stories.report, named=Stories.closed),
    "set_parent": Act(OPERATOR, Stories.filed, named=Stories.filed),
    "leave_parent": Act(OPERATOR, Stories.part, asks=False),
}
#: Wide enough for queue or case; without the map, which takes most of a test's time to draw.
SIZE = (1000, 900)
#: Acts with a test of their own: they make a case, or have buttons of their own.
ELSEWHERE = {"report", "settle", "dispatch"}


@pytest.fixture(scope="module")
def stories(install: Install, ground: Ground) -> Stories:
    return Stories(install, ground)


def test_every_act_of_the_table_is_tried_here() -> None:
    assert set(SCENES) | ELSEWHERE == set(ACTS)


def button(case: Locator, act: str) -> Locator:
    """The button of an act, unfolded if it stands behind "more"."""
    found = case.locator(f'button[data-act="{act}"]').first
    expect(found).to_be_attached()
    more = case.locator(".acts .more > button")
    if not found.is_visible() and more.get_attribute("aria-expanded") == "false":
        more.click()
    expect(found).to_be_visible()
    expect(found).to_contain_text(ACT_WORDS[act][0])
    return found


def first_of(form: Locator, group: str) -> Locator:
    """The first choice of a group."""
    return form.get_by_role("group", name=group, exact=True).get_by_role("radio").first


def name_case(form: Locator, number: str, write: Callable[[Locator, str], None]) -> None:
    """Name another case by its number; the only one that is found is taken."""
    write(form.get_by_role("searchbox"), number)
    expect(form.get_by_role("radio", name=re.compile(number))).to_be_checked()


def fill_by_mouse(form: Locator, act: Act, number: str) -> None:
    """Tell the form what it needs, pressing and writing where a hand would."""
    for group in act.choose:
        first_of(form, group).check()
    if number:
        name_case(form, number, lambda field, text: field.fill(text))
    for field in act.fields:
        form.locator(f"textarea[id$=-{field}]").fill(WHY)
    if act.day:
        form.get_by_role("button", name="3 天").click()
    if act.photo:
        screen.add_photo(form, scene(1, after=True))


def fill_by_keys(page: Page, form: Locator, act: Act, number: str) -> None:
    """The same with Tab, letters and the space bar."""

    def write(field: Locator, text: str) -> None:
        screen.tab_to(page, field)
        page.keyboard.insert_text(text)

    for group in act.choose:
        choice = first_of(form, group)
        expect(choice).to_be_visible()
        screen.tab_to(page, choice)
        page.keyboard.press("Space")
        expect(choice).to_be_checked()
    if number:
        name_case(form, number, write)
    for field in act.fields:
        write(form.locator(f"textarea[id$=-{field}]"), WHY)
    if act.day:
        screen.tab_to(page, form.get_by_role("button", name="3 天"))
        page.keyboard.press("Enter")
    if act.photo:
        screen.tab_to(page, form.locator("input[type=file]"))
        screen.add_photo(form, scene(1, after=True), lambda: page.keyboard.press("Enter"))


def open_case(person: Person, case: Case) -> tuple[Page, Locator]:
    """The desk at the case's permanent address, its history read."""
    page = person.open(f"/desk/cases/{case['id']}")
    shown = screen.panel(page)
    expect(shown.get_by_role("region", name="经过")).to_be_visible()
    return page, shown


class Cast:
    """Who was signed in already stays so."""

    def __init__(self, people: People, stories: Stories) -> None:
        self.people, self.stories = people, stories
        self.known: dict[str, Person] = {}

    def of(self, act: Act, case: Case) -> Person:
        """The person who does the act on this case."""
        name = act.who if isinstance(act.who, str) else act.who(self.stories, case)
        if name not in self.known:
            self.known[name] = self.people.sign_in(name, SIZE)
        return self.known[name]


def expect_done(stories: Stories, shown: Locator, case: Case, name: str) -> None:
    """The history tells it, on the screen and in the journal."""
    page = shown.page
    told = page.get_by_role("region", name="经过").get_by_role("listitem")
    gone = page.get_by_text("案件已不在你的手中")
    expect(told.filter(has_text=ACT_WORDS[name][0]).first.or_(gone)).to_be_visible()
    until(lambda: name in stories.install.timeline(DISTRICT, case["id"]), 15)
    expect(page.locator("aside").locator("form, .note.late")).to_have_count(0)


#: What every case goes through; the other acts take their turn in `make test-long`.
DAILY = {
    "ask_verify", "verify", "file", "sign", "reject", "join", "accept", "report_back", "send_back",
    "check_pass", "close", "urge", "ask_extension", "endorse", "grant",
}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=() if n in DAILY else pytest.mark.long) for n in SCENES],
)
def test_an_act_is_done_by_mouse_and_by_keyboard(
    name: str, people: People, stories: Stories, watch: Watch
) -> None:
    # Whoever gives a case out of their hands asks for it once more and is told that it is gone.
    watch.forgive("status of 404")
    act, cast = SCENES[name], Cast(people, stories)
    first, second = act.case(stories), act.case(stories)
    numbers = [str(act.named(stories)["number"]) if act.named else "" for _ in range(2)]

    page, shown = open_case(cast.of(act, first), first)
    button(shown, name).click()
    if act.asks:
        form = shown.locator("form.form")
        fill_by_mouse(form, act, numbers[0])
        form.locator(".end .main").click()
    expect_done(stories, shown, first, name)
    page.close()

    page, shown = open_case(cast.of(act, second), second)
    key = shown.locator(f'button[data-act="{name}"]').first.get_attribute("aria-keyshortcuts")
    assert key, "every act has a key"
    page.keyboard.press(key)
    if act.asks:
        form = shown.locator("form.form")
        expect(form).to_be_visible()
        fill_by_keys(page, form, act, numbers[1])
        expect(form.locator(".end .main")).to_be_enabled()
        page.keyboard.press("Control+Enter")
    expect_done(stories, shown, second, name)


def test_a_crew_is_sent_by_one_press_and_by_two_keys(people: People, stories: Stories) -> None:
    operator = people.sign_in(OPERATOR)
    page, shown = open_case(operator, by_mouse := stories.filed())
    screen.send_to(shown, "").first.click()
    expect(shown.locator(".chips").first).to_contain_text("待签收")
    page.close()
    page, shown = open_case(operator, by_keys := stories.filed())
    expect(screen.send_to(shown, "").first).to_be_visible()
    page.keyboard.press("d")
    page.keyboard.press("Enter")
    expect(shown.locator(".chips").first).to_contain_text("待签收")
    for case in (by_mouse, by_keys):
        assert stories.install.timeline(OPERATOR, case["id"])[-1] == "dispatch"


@pytest.mark.parametrize("by_keys", [False, True], ids=["by mouse", "by keyboard"])
def test_a_crew_reports_and_settles_on_the_spot(
    by_keys: bool, people: People, ground: Ground
) -> None:
    page = people.sign_in(CREW, PHONE).open("/desk/my-tasks")
    link, form = page.get_by_role("link", name="上报并现场办结"), page.locator("main form")

    def press(target: Locator) -> None:
        if by_keys:
            screen.tab_to(page, target)
            page.keyboard.press("Enter")
        else:
            target.click()

    def write(target: Locator, text: str) -> None:
        if by_keys:
            screen.tab_to(page, target)
            page.keyboard.insert_text(text)
        else:
            target.fill(text)

    press(link)
    for number in range(2):
        field = form.locator(".field.large").nth(number)
        files = field.locator("input[type=file]")
        screen.add_photo(field, scene(number, after=bool(number)), lambda f=files: press(f))  # type: ignore[misc]
    write(form.get_by_role("combobox", name="类别"), "0406")
    chosen = page.get_by_role("option", name="占道经营 事件0406 ·")
    expect(chosen).to_be_visible()
    if by_keys:
        page.keyboard.press("Enter")
    else:
        chosen.click()
    write(form.get_by_label("地址"), ground.address())
    area = form.get_by_label("所在街道、社区")
    if by_keys:
        screen.tab_to(page, area)
        until(lambda: page.keyboard.press("ArrowDown") or "户部山" in area.inner_text())
    else:
        area.select_option(index=2)
    press(form.get_by_role("button", name="上报并办结"))
    expect(page.get_by_role("status").filter(has_text="已登记")).to_be_visible()
