"""A unit's liaison works through twenty tasks: taken in one batch, brought back by a sheet."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from e2e import screen
from e2e.axe import faults_of
from e2e.ground import Ground
from e2e.install import PENGCHENG, Install, scene
from e2e.people import People

OPERATOR = "op-pengcheng-1"
TWENTY = 20


def send_twenty(install: Install, ground: Ground) -> tuple[str, list[str]]:
    """Twenty cases dispatched to one unit; its liaison's account, and their numbers."""
    spot, numbers, unit = ground.spot(PENGCHENG), [], None
    for _ in range(TWENTY):
        case = install.filed(OPERATOR, install.report(ground.address(), spot))
        if unit is None:
            items = install.get(OPERATOR, f"/cases/{case['id']}/candidates")["items"]
            unit = next(item["id"] for item in items if item["kind"] == "unit")
        hands = {"kind": "unit", "id": unit}
        numbers.append(install.act(OPERATOR, case, "dispatch", assignee=hands)["number"])
    for name, account in install.accounts.items():
        if any(role["unit_id"] == unit for role in account["roles"]):
            return name, numbers
    raise AssertionError("the unit has no liaison")


def line(page: Page, number: str) -> str:
    return f"table.tasks tr[data-number='{number}']"


def filled(content: bytes, numbers: list[str], path: Path) -> list[str]:
    """Fill the sheet in as an office does, and the names of the photos it speaks of."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    photos = []
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, column["案号"]).value not in numbers:
            continue
        photos.append(f"after-{row}.jpg")
        sheet.cell(row, column["办理"], "办理反馈")
        sheet.cell(row, column["说明或理由"], "已清理，恢复通行")
        sheet.cell(row, column["照片文件名"], photos[-1])
    book.save(path)
    return photos


def test_a_liaison_works_twenty_tasks_in_a_batch_and_by_a_sheet(
    install: Install, people: People, ground: Ground, tmp_path: Path
) -> None:
    liaison, numbers = send_twenty(install, ground)
    who = people.sign_in(liaison, (1024, 768))
    page = who.context.new_page()
    page.goto("/")
    expect(page).to_have_url(re.compile("/unit/$"))
    for number in numbers:
        page.get_by_role("checkbox", name=f"选中 {number}").check()
    assert faults_of(page) == []

    before = len(who.requests)
    page.get_by_role("group", name="对选中的任务").get_by_role("button", name="签收").click()
    work = page.locator("#work")
    expect(work.get_by_role("status")).to_have_text("办好 20 件，未办成 0 件")
    asked = [urlsplit(request.url).path for request in who.requests[before:]]
    assert sum(path.endswith("/acts/accept") for path in asked) == TWENTY
    assert sum(path == "/api/v1/unit/tasks" for path in asked) <= 3
    work.get_by_role("button", name="收起结果").click()

    with page.expect_download() as download:
        page.get_by_role("link", name="导出办理表").click()
    sheet = tmp_path / "tasks.xlsx"
    photos = filled(download.value.path().read_bytes(), numbers, sheet)
    for name in photos:
        (tmp_path / name).write_bytes(scene(after=True))
    page.get_by_role("button", name="导入办理表").click()
    page.get_by_label("办理表（XLSX 或 CSV）").set_input_files(sheet)
    page.get_by_label("照片（可多选）").set_input_files([tmp_path / name for name in photos])
    panel = page.get_by_role("region", name="导入办理表")
    panel.get_by_role("button", name="检查", exact=True).click()
    expect(panel.get_by_role("status")).to_contain_text("可办理 20 行")
    panel.get_by_role("button", name="办理 20 行").click()
    expect(panel.get_by_role("status")).to_contain_text("已办理 20 行")
    assert faults_of(page) == []

    # The same sheet again: nothing is done twice, every row says so.
    panel.get_by_role("button", name="检查", exact=True).click()
    expect(panel.get_by_role("status")).to_contain_text("以前已办 20 行")
    page.get_by_role("link", name=re.compile("^等待他方")).click()
    for number in (numbers[0], numbers[-1]):
        expect(page.locator(line(page, number))).to_be_visible()
    tasks = {t["case"]["number"]: t for t in install.get(liaison, "/unit/tasks")["items"]}
    assert {tasks[number]["task"]["state"] for number in numbers} == {"reported_back"}


@pytest.mark.long
def test_the_list_works_by_keyboard_on_a_small_dark_screen(
    install: Install, people: People, ground: Ground
) -> None:
    case = install.filed(OPERATOR, install.report(ground.address(), ground.spot(PENGCHENG)))
    items = install.get(OPERATOR, f"/cases/{case['id']}/candidates")["items"]
    unit = next(item["id"] for item in items if item["kind"] == "unit")
    case = install.act(OPERATOR, case, "dispatch", assignee={"kind": "unit", "id": unit})
    liaison = next(
        name
        for name, account in install.accounts.items()
        if any(role["unit_id"] == unit for role in account["roles"])
    )
    who = people.sign_in(liaison, (360, 740), theme="dark")
    page = who.context.new_page()
    page.goto("/unit/#new")
    mine = page.locator(line(page, case["number"]))
    screen.tab_to(page, mine.locator(".link"), most=400)
    page.keyboard.press("Enter")
    back = mine.locator("xpath=following-sibling::tr").get_by_role("button", name="回退")
    screen.tab_to(page, back)
    page.keyboard.press("Enter")
    form = page.locator("#work")
    expect(form).to_be_focused()
    reason = form.get_by_label("回退的理由")
    screen.tab_to(page, reason)
    page.keyboard.type("不属本中队")
    screen.tab_to(page, form.get_by_label("权责清单依据"))
    page.keyboard.press("ArrowDown")
    send = form.get_by_role("button", name="回退 1 件")
    screen.tab_to(page, send)
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_have_text("办好 1 件，未办成 0 件")
    assert install.get(OPERATOR, f"/cases/{case['id']}")["case"]["state"] == "filed"
